import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import MockERP
import NetSuiteAdapter

/// The adapter in front of a mock ERP of its own.
struct MockERPBench: ConformanceBench {
  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = Array(NetSuiteAdapter.secrets.values)
  let functionalCurrency: Currency
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
    let server = try await MockERPServer.start(configuration)
    // A port that was just given back: nothing answers there.
    let gone = try await MockERPServer.start(MockERPConfiguration())
    await gone.stop()
    do {
      let values = jobs ? values.merging(["asynchronous": true]) { $1 } : values
      let http = FaultyHTTPClient(CurlHTTPClient()) {
        $0.method == .post && $0.url.contains("/record/v1/")
      }
      let adapter = try adapter(server, values, http)
      let bench = MockERPBench(
        server: server, adapter: adapter,
        unreachable: try Self.adapter(gone, values, CurlHTTPClient()),
        functionalCurrency: currency, usesJobs: jobs, http: http)
      let value = try await use(bench, adapter)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
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

  func booked(_ key: PostingKey) async -> [BookedPosting] {
    await server.books.entries(forKey: key.text, company: "DE01").map(BookedPosting.init)
  }

  func plant(_ act: FaultRule.Act, on operation: String? = nil, times: Int? = 1) async {
    let usual = usesJobs ? "SubmitJournalEntry" : "PostJournalEntry"
    await server.faults.set([
      FaultRule(
        match: FaultRule.Match(dialect: "netsuite", operation: operation ?? usual), act: act,
        times: times)
    ])
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    switch fault {
    case .loseAnswer: await plant(.bookThenDrop)
    case .dropRequest: await plant(.reset)
    case .garbleAnswer: await plant(.malformed(booked: false))
    case .throttle: await plant(.throttle(retryAfter: 1))
    // A job refuses later, where no fault is planted.
    case .refuse where usesJobs: return false
    case .refuse(let text): await plant(.refuse(Refusal(code: "closed_period", message: text)))
    case .answer(let status, nil, "") where status != 200: await plant(.status(status))
    case .bookThenAnswer(let status): await plant(.bookThenStatus(status))
    case .answer: return http.arrange(fault)
    case .answerLookUp: return http.arrange(fault)
    case .hide, .loseVerdict: return false
    }
    return true
  }

  func spoil(_ answer: BadAnswer) -> Bool {
    http.spoil(answer)
    return true
  }

  func holdBack() -> Bool {
    http.holdBack()
    return true
  }

  func deliverLate() async { await http.deliverLate() }

  func settle() {}

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

extension BookedPosting {
  /// A document of the mock ERP's books.
  init(_ entry: BookedEntry) {
    guard let currency = Currency(entry.content.currency),
      let date = CalendarDate(entry.content.postingDate)
    else { preconditionFailure("the mock ERP checks currencies and dates") }
    self.init(
      number: entry.number, externalKey: entry.content.externalKey, date: date,
      lines: entry.content.lines.map { line in
        Line(
          account: AccountCode(line.account), side: line.side == .debit ? .debit : .credit,
          amount: Money(minorUnits: line.amount, currency))
      })
  }
}
