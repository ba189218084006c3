import ArgumentParser
import Foundation
import MockERP

/// How `netsuite`, `sap-s4hana` and `tryton` are set up.
struct VendorOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account of netsuite; also its realm.", valueName: "account"))
  var netsuiteAccount = "123456"

  @Option(
    help: ArgumentHelp(
      "Who signs requests to netsuite by OAuth 1.0a.",
      valueName: "consumer-key:consumer-secret:token:token-secret"))
  var netsuiteToken: String?

  @Option(
    help: ArgumentHelp(
      "Who gets OAuth 2.0 tokens of netsuite for a signed assertion; the file has the public key.",
      valueName: "client-id:certificate-id:file"))
  var netsuiteClient: String?

  @Option(
    help: ArgumentHelp(
      "An internal id of netsuite, as subsidiary:DE01=4. May be repeated.",
      valueName: "kind:code=id"))
  var netsuiteId: [String] = []

  @Option(help: ArgumentHelp("Requests that netsuite takes at once.", valueName: "n"))
  var netsuiteConcurrency: Int?

  @Option(
    help: ArgumentHelp("Basic authentication that sap-s4hana demands.", valueName: "name:password"))
  var sapUser: String?

  @Option(
    help: ArgumentHelp("OAuth client that sap-s4hana issues tokens to.", valueName: "id:secret"))
  var sapClient: String?

  @Option(
    help: ArgumentHelp(
      "The ledgers in which sap-s4hana shows every line, as 0L,2L.", valueName: "codes"))
  var sapLedgers: String?

  @Option(help: ArgumentHelp("The database of tryton.", valueName: "name"))
  var trytonDatabase = "erp"

  @Option(help: ArgumentHelp("The user of tryton.", valueName: "name:password"))
  var trytonUser: String?

  @Option(help: ArgumentHelp("The series of tryton: 7 or 8.", valueName: "series"))
  var trytonSeries = 8

  func validate() throws {
    guard [7, 8].contains(trytonSeries) else { throw ValidationError("--tryton-series is 7 or 8.") }
    for account in [sapUser, sapClient].compactMap(\.self) where SAPSettings.Account(account) == nil
    {
      throw ValidationError("--sap-user and --sap-client are NAME:SECRET.")
    }
    guard trytonUser.map({ parts(of: $0, 2) != nil }) ?? true else {
      throw ValidationError("--tryton-user is NAME:PASSWORD.")
    }
    guard netsuiteToken.map({ parts(of: $0, 4) != nil }) ?? true else {
      throw ValidationError(
        "--netsuite-token is CONSUMER_KEY:CONSUMER_SECRET:TOKEN:TOKEN_SECRET.")
    }
    guard netsuiteClient.map({ parts(of: $0, 3) != nil }) ?? true else {
      throw ValidationError("--netsuite-client is CLIENT_ID:CERTIFICATE_ID:FILE.")
    }
    for id in netsuiteId where id.wholeMatch(of: VendorOptions.id) == nil {
      throw ValidationError("--netsuite-id is KIND:CODE=ID, as subsidiary:DE01=4.")
    }
  }

  /// - Throws: where the file of a key cannot be read.
  func apply(to configuration: inout MockERPConfiguration) throws {
    configuration.netSuite.account = netsuiteAccount
    configuration.netSuite.concurrency = netsuiteConcurrency
    if let parts = netsuiteToken.flatMap({ parts(of: $0, 4) }) {
      configuration.netSuite.token = NetSuiteSetup.Token(
        consumerKey: parts[0], consumerSecret: parts[1], token: parts[2], tokenSecret: parts[3])
    }
    if let parts = netsuiteClient.flatMap({ parts(of: $0, 3) }) {
      configuration.netSuite.client = NetSuiteSetup.Client(
        id: parts[0], certificateID: parts[1],
        pem: try String(contentsOfFile: parts[2], encoding: .utf8))
    }
    for id in netsuiteId {
      guard let match = id.wholeMatch(of: VendorOptions.id) else { continue }
      configuration.netSuite.ids[String(match.1), default: [:]][String(match.2)] = String(match.3)
    }
    configuration.sap.user = sapUser.flatMap { SAPSettings.Account($0) }
    configuration.sap.client = sapClient.flatMap { SAPSettings.Account($0) }
    if let sapLedgers {
      configuration.sap.ledgers = sapLedgers.split(separator: ",").map(String.init)
    }
    configuration.tryton.database = trytonDatabase
    configuration.tryton.version = trytonSeries == 7 ? .v7 : .v8
    if let parts = trytonUser.flatMap({ parts(of: $0, 2) }) {
      configuration.tryton.user = parts[0]
      configuration.tryton.password = parts[1]
    }
  }

  /// `A:B:C`, the last part with whatever colons it has; nil with fewer parts.
  private func parts(of text: String, _ count: Int) -> [String]? {
    let parts = text.split(
      separator: ":", maxSplits: count - 1, omittingEmptySubsequences: false
    ).map(String.init)
    return parts.count == count && parts.allSatisfy { !$0.isEmpty } ? parts : nil
  }

  private static var id: Regex<(Substring, Substring, Substring, Substring)> {
    /([a-zA-Z]+):([^=]+)=(.+)/
  }
}
