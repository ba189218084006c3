import AdapterConformance
import AdapterKit
import HTTPTransport
import Ledger
import MockBench
import MockERP
import TrytonAdapter

/// The adapter in front of a mock ERP of its own.
struct MockERPBench: MockBench {
  static let password = "pa55word-7f3a9c"
  static let otherCompany = "SE01"

  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = [MockERPBench.password]
  let functionalCurrency: Currency
  let dialect = "tryton"
  /// The entry is booked by the second of its two calls.
  let operation = "model.account.move.post"
  let http: FaultyHTTPClient

  /// - Parameter use: gets the bench; the server is stopped when it returns.
  static func use<Value>(
    in currency: Currency, _ use: (MockERPBench) async throws -> Value
  ) async throws -> Value {
    var configuration = MockERPConfiguration()
    configuration.strict = true
    configuration.companies = [
      CompanySeed(
        code: "DE01", name: "Nordwind GmbH", functionalCurrency: currency.code,
        accounts: accounts, parties: [CompanySeed.Party(code: "C-1007")],
        periods: [CompanySeed.Period(period: "2026-08", state: .closed)]),
      CompanySeed(
        code: otherCompany, name: "Sydvind AB", functionalCurrency: "SEK", acceptAnyParty: false),
    ]
    configuration.tryton.password = password
    return try await MockERPServer.use(configuration) { server, gone in
      let http = FaultyHTTPClient(CurlHTTPClient()) {
        String(decoding: $0.body, as: UTF8.self).contains("model.account.move.post")
      }
      let bench = MockERPBench(
        server: server, adapter: try adapter(server, http),
        unreachable: try adapter(gone, CurlHTTPClient()), functionalCurrency: currency, http: http)
      return try await use(bench)
    }
  }

  /// Those of the samples, and two for refusals: a control account and a closed one.
  private static var accounts: [CompanySeed.Account] {
    (["1200", "2660", "3806"] + (4_000...4_999).map(String.init)).map {
      CompanySeed.Account(number: $0)
    } + [
      CompanySeed.Account(number: "1300", requiresParty: true),
      CompanySeed.Account(number: "9998", blocked: true),
    ]
  }

  private static func adapter(
    _ server: MockERPServer, _ http: any HTTPClient
  ) throws -> TrytonAdapter {
    try TrytonAdapter(
      settings: .test(
        [
          "url": .text("http://127.0.0.1:\(server.port)/tryton"), "database": "erp",
          "company": "Nordwind GmbH", "auth": ["user": "admin", "password": "env:PASSWORD"],
          "timeouts": ["request": 300],
        ], secrets: ["env:PASSWORD": password]), http: http,
      now: { Moment(milliseconds: 1_790_000_000_000) })
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    switch fault {
    case .answer: return http.arrange(fault)
    case .hide:
      server.tryton.change {
        $0.companyFilter = .one
        $0.currentCompany = MockERPBench.otherCompany
      }
      return true
    default: return await arrangeAsUsual(fault)
    }
  }

  func spoil(_ answer: BadAnswer) -> Bool {
    if answer == .expiredSession {
      server.tryton.endSessions()
    } else {
      http.spoil(answer)
    }
    return true
  }

  func refused(_ reason: Rejection.Class) -> Submission? {
    SampleEntry.refused(
      reason, functionalCurrency,
      SampleEntry.Refusals(
        account: "7777", party: "C-9", period: FiscalPeriod("2026-08"), controlAccount: "1300"))
  }
}
