import AdapterKit
import HTTPAdapterKit
import HTTPTransport
import Ledger
import SOAPTransport

/// What `connections/<code>.yaml` says to this adapter.
struct SAPS4HANASettings: Sendable {
  /// What the service's description knows; an older one lacks some elements.
  enum Release: String, CaseIterable {
    case v2020 = "2020"
    case v2024 = "2024"
  }

  enum ReconciliationAccount: String, CaseIterable {
    /// The entry's account goes out as the alternative reconciliation account.
    case sent
    /// SAP takes the account of the customer's master record.
    case master
  }

  enum TaxLines: String, CaseIterable {
    /// As tax items: SAP finds the account by the tax code.
    case items
    /// As lines on their account, with their tax code.
    case accounts
  }

  enum Reversal: String, CaseIterable {
    case oppositeEntry
    /// By reason and reference: SAP links the two.
    case native
  }

  enum Field: String, CaseIterable {
    case reference1 = "Reference1InDocumentHeader"
    case reference2 = "Reference2InDocumentHeader"
    case documentReference = "DocumentReferenceID"

    var length: Int { self == .documentReference ? 16 : 20 }
  }

  /// `https://host`, without a path.
  var url: String
  var company: String
  var release: Release
  var version: SOAPVersion
  /// Of the SOAP service, from the host on.
  var servicePath: String
  /// Of the OData service by which documents are found; nil when it is not to be used.
  var lookUpPath: String?
  /// Added to every address: `sap-client`, `sap-language`.
  var parameters: [String: String]
  var authorization: HTTPAuthorization
  var lookUpAuthorization: HTTPAuthorization
  /// Asks for a token before each write.
  var usesCSRFTokens: Bool
  var user: String
  var logicalSystem: String?
  var documentType: String
  var documentTypes: [EntryKind: String]
  var field: Field
  var keyField: KeyField
  var reconciliationAccount: ReconciliationAccount
  var taxLines: TaxLines
  /// Ours to SAP's.
  var taxCodes: [String: String]
  var checksTaxAmounts: Bool
  /// Names of ours to fields of SAP's account assignment.
  var dimensions: [String: SAPAssignmentField]
  var tradingPartners: [String: String]
  /// The ledger whose rows are read; nil where rows come once.
  var ledger: String?
  /// Our parallel ledgers to SAP's ledger groups.
  var ledgerGroups: [String: String]
  /// Of the SOAP service that posts to ledger groups, from the host on.
  var ledgerServicePath: String
  var reversal: Reversal
  var reversalReason: String
  var limits: SubmissionLimits
  /// For what the log of a confirmation says.
  var logTable: OutcomeTable
  /// For requests without a confirmation.
  var requestTable: OutcomeTable
  var redaction: SecretRedaction

  static let defaultServicePath = "/sap/bc/srt/scs_ext/sap/journalentrycreaterequestconfi"
  static let defaultLedgerServicePath =
    "/sap/bc/srt/scs_ext/sap/journalentrybulkledgercreation"
  static let defaultLookUpPath = "/sap/opu/odata/sap/API_OPLACCTGDOCITEMCUBE_SRV"
  static let largestBatch = 100
  /// A document has 999 lines with numbers of three digits.
  static let defaultLines = 999

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(_ settings: AdapterSettings, knownKeys: Set<String>) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    url = reader.value(or: "") { settings throws(Problem) in try settings.baseURL() }
    company = reader.code("company", longest: 4)
    release = reader.value(or: .v2024) { settings throws(Problem) in
      try settings.choice("release", default: Release.v2024)
    }
    version = reader.value(or: .soap11) { settings throws(Problem) in
      try settings.choice("version", default: SOAPVersion.soap11)
    }
    servicePath = reader.path("servicePath") ?? Self.defaultServicePath
    let looksUp = reader.value(or: true) { settings throws(Problem) in
      try settings.boolean("lookUp", default: true)
    }
    let path = reader.path("lookUpPath") ?? Self.defaultLookUpPath
    lookUpPath = looksUp ? path : nil
    parameters = reader.value(or: [:]) { settings throws(Problem) in
      try settings.texts("parameters")
    }
    let (auth, secrets) = reader.below("auth", knownKeys: HTTPAuthSettings.knownKeys) {
      HTTPAuthSettings.read(&$0)
    }
    let (other, others) = reader.below("lookUpAuth", knownKeys: HTTPAuthSettings.knownKeys) {
      HTTPAuthSettings.read(&$0)
    }
    authorization = auth
    lookUpAuthorization = settings.value("lookUpAuth") == nil ? auth : other
    usesCSRFTokens = reader.value(or: false) { settings throws(Problem) in
      try settings.boolean("csrf", default: false)
    }
    user = reader.code("user", longest: 12, default: "POSTERN")
    logicalSystem =
      settings.value("logicalSystem") == nil
      ? nil : reader.code("logicalSystem", longest: 10)
    documentType = reader.code("documentType", longest: 5, default: "SA")
    documentTypes = Self.customaryTypes.merging(reader.documentTypes()) { $1 }
    field = reader.value(or: .reference1) { settings throws(Problem) in
      try settings.choice("keyField", default: Field.reference1)
    }
    keyField = reader.keyField(longest: field.length)
    reconciliationAccount = reader.value(or: .sent) { settings throws(Problem) in
      try settings.choice("reconciliationAccount", default: ReconciliationAccount.sent)
    }
    taxLines = reader.value(or: .items) { settings throws(Problem) in
      try settings.choice("taxLines", default: TaxLines.items)
    }
    taxCodes = reader.value(or: [:]) { settings throws(Problem) in try settings.texts("taxCodes") }
    checksTaxAmounts = reader.value(or: false) { settings throws(Problem) in
      try settings.boolean("taxAmountCheck", default: false)
    }
    dimensions = reader.dimensions()
    tradingPartners = reader.value(or: [:]) { settings throws(Problem) in
      try settings.texts("tradingPartners")
    }
    ledger = reader.value(or: nil) { settings throws(Problem) in
      try settings.optionalText("ledger")
    }
    ledgerGroups = reader.ledgerGroups()
    ledgerServicePath = reader.path("ledgerServicePath") ?? Self.defaultLedgerServicePath
    reversal = reader.value(or: .oppositeEntry) { settings throws(Problem) in
      try settings.choice("reversal", default: Reversal.oppositeEntry)
    }
    reversalReason = reader.code("reversalReason", longest: 2, default: "01")
    limits = SubmissionLimits(
      &reader,
      defaults: SubmissionLimits(
        batchSize: 1, maximumLines: Self.defaultLines, timeout: .seconds(60),
        quietPeriod: .seconds(300)),
      largestBatch: Self.largestBatch)
    let own = OutcomeTable.rows(in: &reader)
    logTable = OutcomeTable(own + OutcomeTable.Row.sapLog)
    requestTable = OutcomeTable(own + OutcomeTable.Row.sapRequests)
    redaction = SecretRedaction(secrets + others)
    if lookUpPath == nil, !ledgerGroups.isEmpty {
      reader.report(
        Problem(
          code: "look_up_needed", pointer: settings.value("ledgerGroups")?.place ?? settings.place,
          detail:
            "The service for ledger groups gives no verdict: only a look-up shows what it posted",
          fix: "Leave out 'lookUp: false', or 'ledgerGroups'"))
    }
    if release == .v2020, !ledgerGroups.isEmpty {
      reader.report(
        Problem(
          code: "release_too_old", pointer: settings.value("release")?.place ?? settings.place,
          detail: "Release 2020 has no service that posts to ledger groups",
          fix: "Leave out 'ledgerGroups', or set a newer 'release'"))
    }
    if release == .v2020, reversal == .native || checksTaxAmounts {
      reader.report(
        Problem(
          code: "release_too_old", pointer: settings.value("release")?.place ?? settings.place,
          detail: "Release 2020 has no reversal by reference and no check of tax amounts",
          fix: "Leave out 'reversal: native' and 'taxAmountCheck', or set a newer 'release'"))
    }
    try reader.finish(knownKeys: knownKeys)
  }

  /// Customary, and nothing more: each company decides its own.
  static let customaryTypes: [EntryKind: String] = [
    .invoice: "DR", .creditMemo: "DG", .payment: "DZ",
  ]

  func documentType(for kind: EntryKind) -> String { documentTypes[kind] ?? documentType }

  /// An address of the host, with the connection's parameters and more.
  func address(_ path: String, _ more: [(name: String, value: String)] = []) -> String {
    let all = more + parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    guard !all.isEmpty else { return url + path }
    return url + path + "?"
      + all.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
  }
}

extension SettingsReader {
  /// A code that SAP keeps whole or not at all.
  fileprivate mutating func code(
    _ key: String, longest: Int, default fallback: String? = nil
  ) -> String {
    value(or: "") { settings throws(Problem) in
      var text = try settings.optionalText(key) ?? fallback ?? ""
      if text.isEmpty { text = try settings.text(key) }
      guard (1...longest).contains(text.count), !text.contains(where: \.isWhitespace) else {
        throw Problem(
          code: "wrong_type", pointer: settings.value(key)?.place ?? settings.place,
          detail: "'\(key)' of \(settings.owner) has 1 to \(longest) characters without blanks",
          fix: "Write the code as SAP shows it")
      }
      return text
    }
  }

  /// A path from the host on; nil when the key is absent.
  fileprivate mutating func path(_ key: String) -> String? {
    value(or: nil) { settings throws(Problem) in
      guard let path = try settings.optionalText(key) else { return nil }
      guard path.hasPrefix("/"), !path.contains("?"), !path.contains(where: \.isWhitespace) else {
        throw Problem(
          code: "invalid_path", pointer: settings.value(key)?.place ?? settings.place,
          detail: "'\(key)' of \(settings.owner) is no path", fix: "Write /PATH, without a query")
      }
      return path
    }
  }

  fileprivate mutating func documentTypes() -> [EntryKind: String] {
    var types: [EntryKind: String] = [:]
    let table = value(or: [:]) { settings throws(Problem) in
      try settings.texts("documentTypes")
    }
    for (name, type) in table.sorted(by: { $0.key < $1.key }) {
      if let kind = EntryKind(rawValue: name), (1...5).contains(type.count) {
        types[kind] = type
      } else {
        report(
          Problem(
            code: "wrong_type", pointer: settings.value("documentTypes")?.place ?? settings.place,
            detail: "'\(name): \(type)' under 'documentTypes' of \(settings.owner) is no kind of "
              + "entry with a document type of 1 to 5 characters",
            fix: "Use kinds like: " + EntryKind.allCases.map(\.rawValue).joined(separator: ", ")))
      }
    }
    return types
  }

  /// `{ IFRS: 2L }`, of at most four characters each.
  fileprivate mutating func ledgerGroups() -> [String: String] {
    let table = value(or: [:]) { settings throws(Problem) in try settings.texts("ledgerGroups") }
    for (name, group) in table.sorted(by: { $0.key < $1.key })
    where !(1...4).contains(group.count) || group.contains(where: \.isWhitespace) {
      report(
        Problem(
          code: "wrong_type", pointer: settings.value("ledgerGroups")?.place ?? settings.place,
          detail:
            "'\(name): \(group)' under 'ledgerGroups' of \(settings.owner) is no ledger group "
            + "of 1 to 4 characters",
          fix: "Write the code as SAP shows it"))
    }
    return table
  }

  fileprivate mutating func keyField(longest: Int) -> KeyField {
    let prefix = value(or: "") { settings throws(Problem) in
      let prefix = try settings.optionalText("keyPrefix") ?? ""
      guard prefix.count <= longest - PostingKey.length,
        prefix.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
      else {
        throw Problem(
          code: "wrong_type", pointer: settings.value("keyPrefix")?.place ?? settings.place,
          detail: "'keyPrefix' of \(settings.owner) leaves no room for a key in its field",
          fix: "Write at most \(longest - PostingKey.length) characters of A–Z and 0–9")
      }
      return prefix
    }
    return KeyField(length: longest, prefix: prefix)
  }

  fileprivate mutating func dimensions() -> [String: SAPAssignmentField] {
    guard settings.value("dimensions") != nil else { return SAPAssignmentField.customary }
    var dimensions: [String: SAPAssignmentField] = [:]
    let table = value(or: [:]) { settings throws(Problem) in try settings.texts("dimensions") }
    for (name, text) in table.sorted(by: { $0.key < $1.key }) {
      if let field = SAPAssignmentField(rawValue: text) {
        dimensions[name] = field
      } else {
        report(
          Problem(
            code: "wrong_type", pointer: settings.value("dimensions")?.place ?? settings.place,
            detail: "'\(text)' under 'dimensions' of \(settings.owner) is no account assignment",
            fix: "Use one of: "
              + SAPAssignmentField.allCases.map(\.rawValue).joined(separator: ", ")))
      }
    }
    return dimensions
  }
}
