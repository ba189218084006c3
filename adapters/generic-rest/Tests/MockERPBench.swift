import AdapterConformance
import AdapterKit
import GenericRESTAdapter
import HTTPTransport
import Ledger
import MockBench
import MockERP

/// The adapter in front of a mock ERP of its own.
struct MockERPBench: MockBench {
  static let token = "t0ken-7f3a9c"

  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = [MockERPBench.token]
  let functionalCurrency: Currency
  let dialect = "generic-rest"
  let operation = "PostJournalEntr*"
  let http: FaultyHTTPClient

  /// Takes every account but one, and two parties.
  static let seed = CompanySeed(
    code: "DE01", accounts: [CompanySeed.Account(number: "9998", blocked: true)],
    acceptAnyAccount: true,
    parties: [CompanySeed.Party(code: "C-1007"), CompanySeed.Party(code: "C;1'007")],
    periods: [CompanySeed.Period(period: "2026-08", state: .closed)])

  /// - Parameter use: gets the bench; the server is stopped when it returns.
  static func use<Value>(
    _ values: [String: TestValue] = [:], seed: CompanySeed? = nil, in currency: Currency,
    _ use: (MockERPBench, GenericRESTAdapter) async throws -> Value
  ) async throws -> Value {
    var configuration = MockERPConfiguration()
    configuration.bearerToken = token
    configuration.companies = [seed ?? Self.seed]
    return try await MockERPServer.use(configuration) { server, gone in
      let http = FaultyHTTPClient(CurlHTTPClient()) { $0.method == .post }
      let adapter = try adapter(server, values, http)
      let bench = MockERPBench(
        server: server, adapter: adapter, unreachable: try Self.adapter(gone, values, http),
        functionalCurrency: currency, http: http)
      return try await use(bench, adapter)
    }
  }

  private static func adapter(
    _ server: MockERPServer, _ values: [String: TestValue], _ http: any HTTPClient
  ) throws -> GenericRESTAdapter {
    let base: [String: TestValue] = [
      "url": .text("http://127.0.0.1:\(server.port)/generic/rest"), "company": "DE01",
      "auth": ["type": "bearer", "token": "env:TOKEN"], "timeouts": ["request": 300],
    ]
    return try GenericRESTAdapter(
      settings: .test(base.merging(values) { $1 }, secrets: ["env:TOKEN": token]),
      http: http, now: { GenericRESTFixtureTests.start })
  }

  func refused(_ reason: Rejection.Class) -> Submission? {
    SampleEntry.refused(
      reason, functionalCurrency,
      SampleEntry.Refusals(account: "9998", party: "C-9", period: FiscalPeriod("2026-08")))
  }
}
