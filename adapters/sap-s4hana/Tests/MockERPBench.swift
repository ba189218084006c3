import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import MockBench
import MockERP
import SAPS4HANAAdapter
import Synchronization

/// The adapter in front of a mock ERP of its own.
struct MockERPBench: MockBench {
  static let password = "pa55word-7f3a9c"

  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = [MockERPBench.password]
  let functionalCurrency: Currency
  let dialect = "sap-s4hana"
  let operation = "JournalEntry*"
  let company = "1010"
  /// Between the adapter and the mock ERP.
  let gateway: Gateway
  /// Between the adapter and the gateway.
  let http: FaultyHTTPClient

  /// A company with a document in it, so that a look-up can tell who sees nothing from who may not.
  static var seed: CompanySeed {
    var seed = CompanySeed(code: "1010", functionalCurrency: "EUR")
    let numbers = ["1200", "2660", "3806"] + (4_000...4_999).map(String.init)
    seed.accounts = numbers.map { CompanySeed.Account(number: $0) }
    seed.parties = ["C-1007", "C;1'007"].map { CompanySeed.Party(code: $0) }
    seed.periods = [CompanySeed.Period(period: "2026-09", state: .closed)]
    seed.taxAccounts = ["A1": "3806"]
    return seed
  }

  /// - Parameter use: gets the bench; the server is stopped when it returns.
  static func use<Value>(
    _ values: [String: TestValue] = [:], in currency: Currency, isFirstUse: Bool = false,
    _ configure: (inout MockERPConfiguration) -> Void = { _ in },
    _ use: (MockERPBench, SAPS4HANAAdapter) async throws -> Value
  ) async throws -> Value {
    var configuration = MockERPConfiguration()
    configuration.sap.user = SAPSettings.Account(name: "POSTERN", secret: password)
    configuration.companies = [seed]
    configure(&configuration)
    return try await MockERPServer.use(configuration) { server, gone in
      if !isFirstUse {
        _ = await server.books.post(foreignDraft, to: "1010")
      }
      let gateway = Gateway(CurlHTTPClient())
      let http = FaultyHTTPClient(gateway) {
        $0.method == .post && $0.url.contains("journalentry")
      }
      let adapter = try adapter(server, values, http)
      let bench = MockERPBench(
        server: server, adapter: adapter,
        unreachable: try Self.adapter(gone, values, CurlHTTPClient()),
        functionalCurrency: currency, gateway: gateway, http: http)
      return try await use(bench, adapter)
    }
  }

  /// Somebody else's document.
  private static var foreignDraft: EntryDraft {
    func line(_ account: String, _ side: String) -> LineDraft {
      LineDraft(account: account, side: side, amount: "1.00", functionalAmount: "1.00")
    }
    return EntryDraft(
      externalKey: "NOT-OURS", postingDate: "2026-10-01", currency: "EUR",
      functionalCurrency: "EUR", lines: [line("4400", "debit"), line("4401", "credit")])
  }

  static func adapter(
    _ server: MockERPServer, _ values: [String: TestValue], _ http: any HTTPClient
  ) throws -> SAPS4HANAAdapter {
    let base: [String: TestValue] = [
      "url": .text("http://127.0.0.1:\(server.port)"), "company": "1010",
      "auth": ["type": "basic", "user": "POSTERN", "password": "env:PASSWORD"],
      "taxCodes": ["DE-19": "A1"], "maximumLines": 5_000, "timeouts": ["request": 300],
    ]
    return try SAPS4HANAAdapter(
      settings: .test(base.merging(values) { $1 }, secrets: ["env:PASSWORD": password]),
      http: http, now: { SAPS4HANAFixtureTests.start })
  }

  func booked(_ key: PostingKey) async -> [BookedPosting] {
    await server.books.entries(forKey: key.text, company: company)
      .map { BookedPosting($0, number: String(100_000_000 + $0.sequence)) }
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    switch fault {
    case .refuse(let text): await plant(.refuse(Refusal(code: "planted", message: text)))
    case .answer(let status, let seconds, let body):
      var headers: HTTPHeaders = [:]
      if let seconds { headers["Retry-After"] = String(seconds) }
      gateway.answerNextWrite(
        HTTPResponse(status: status, headers: headers, body: [UInt8](body.utf8)))
    case .hide: gateway.hideDocuments()
    default: return await arrangeAsUsual(fault)
    }
    return true
  }

  func refused(_ reason: Rejection.Class) async throws -> Submission? {
    let sample = SampleEntry.plain(200, functionalCurrency)
    var head = sample.entry.head
    var lines = sample.entry.lines
    func changed(_ line: JournalLine, account: String, party: String?) -> JournalLine {
      JournalLine(
        role: line.role, account: AccountCode(account), side: line.side, amount: line.amount,
        functionalAmount: line.functionalAmount, party: party, description: line.description,
        reason: line.reason)
    }
    switch reason {
    case .periodClosed: head.postingDate = CalendarDate("2026-09-30") ?? head.postingDate
    case .unknownAccount: lines[1] = changed(lines[1], account: "9998", party: nil)
    case .unknownParty: lines[0] = changed(lines[0], account: "1200", party: "C-9999")
    case .tax, .duplicateWithOtherContent, .validation, .permission: return nil
    }
    return Submission(key: sample.key, entry: try JournalEntry(head, lines: lines))
  }
}

/// Stands between the adapter and the mock ERP, and gives answers of its own when told to.
final class Gateway: HTTPClient {
  private struct State {
    var nextWrite: HTTPResponse?
    var hidesDocuments = false
    var requests: [HTTPRequest] = []
  }

  private let http: any HTTPClient
  private let state = Mutex(State())

  init(_ http: any HTTPClient) { self.http = http }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }
  func answerNextWrite(_ response: HTTPResponse) { state.withLock { $0.nextWrite = response } }
  /// From now on nobody sees any document, as a user without rights.
  func hideDocuments() { state.withLock { $0.hidesDocuments = true } }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let own: HTTPResponse? = state.withLock { state in
      state.requests.append(request)
      if request.method == .get {
        return state.hidesDocuments && request.url.contains("$filter")
          ? HTTPResponse(status: 200, body: [UInt8](#"{"d":{"results":[]}}"#.utf8)) : nil
      }
      defer { state.nextWrite = nil }
      return state.nextWrite
    }
    if let own { return own }
    return try await http.send(request)
  }
}
