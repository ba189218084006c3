import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import MockBench
import MockERP
import NetSuiteAdapter

/// The adapter in front of a mock ERP of its own.
struct MockERPBench: MockBench {
  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = Array(NetSuiteAdapter.secrets.values)
  let functionalCurrency: Currency
  let dialect = "netsuite"
  var operation: String { usesJobs ? "SubmitJournalEntry" : "PostJournalEntry" }
  /// Whether the adapter has its requests run as jobs.
  let usesJobs: Bool
  let http: FaultyHTTPClient

  /// - Parameter use: gets the bench; the server is stopped when it returns.
  static func use<Value>(
    _ values: [String: TestValue] = [:], jobs: Bool = false, in currency: Currency,
    with configuration: MockERPConfiguration = MockERPConfiguration(),
    _ use: (MockERPBench, NetSuiteAdapter) async throws -> Value
  ) async throws -> Value {
    var configuration = configuration
    configuration.now = { .init(timeIntervalSince1970: 1_793_491_200) }
    configuration.companies = [
      CompanySeed(
        code: "DE01", functionalCurrency: currency.code,
        accounts: (["1200", "1800", "2660", "3806"] + (4_000..<5_000).map(String.init))
          .map { .init(number: $0) }, acceptAnyAccount: true,
        parties: [.init(code: "C-1007"), .init(code: "C;1'007")],
        periods: [.init(period: "2026-09", state: .closed)])
    ]
    configuration.netSuite.account = "123456_SB1"
    configuration.netSuite.ids = ["subsidiary": ["DE01": "4"]]
    configuration.netSuite.token = .init(
      consumerKey: "ck-7f3a9c", consumerSecret: "cs-7f3a9c", token: "tk-7f3a9c",
      tokenSecret: "ts-7f3a9c")
    return try await MockERPServer.use(configuration) { server, gone in
      let values = jobs ? values.merging(["asynchronous": true]) { $1 } : values
      let http = FaultyHTTPClient(CurlHTTPClient()) {
        $0.method == .post && $0.url.contains("/record/v1/")
      }
      let adapter = try adapter(server, values, http)
      let bench = MockERPBench(
        server: server, adapter: adapter,
        unreachable: try Self.adapter(gone, values, CurlHTTPClient()),
        functionalCurrency: currency, usesJobs: jobs, http: http)
      return try await use(bench, adapter)
    }
  }

  private static func adapter(
    _ server: MockERPServer, _ values: [String: TestValue], _ http: any HTTPClient
  ) throws -> NetSuiteAdapter {
    let base: [String: TestValue] = [
      "references": ["accounts": "number", "customers": "externalId"],
      "timeouts": ["request": 300],
    ]
    return try .test(
      http, url: "http://127.0.0.1:\(server.port)", base.merging(values) { $1 })
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    // A job refuses later, where no fault is planted.
    if usesJobs, case .refuse = fault { return false }
    return await arrangeAsUsual(fault)
  }

  func refused(_ reason: Rejection.Class) async throws -> Submission? {
    let plain = SampleEntry.plain(80, functionalCurrency)
    var head = plain.entry.head
    var lines = plain.entry.lines
    switch reason {
    case .periodClosed:
      head.postingDate = CalendarDate("2026-09-30") ?? head.postingDate
    case .unknownParty:
      lines[0] = JournalLine(
        role: lines[0].role, account: lines[0].account, side: lines[0].side,
        amount: lines[0].amount, functionalAmount: lines[0].functionalAmount, party: "C-9999",
        description: lines[0].description, reason: lines[0].reason)
    default: return nil
    }
    return Submission(key: plain.key, entry: try JournalEntry(head, lines: lines))
  }
}
