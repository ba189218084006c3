import AdapterConformance
import AdapterKit
import GenericSOAPAdapter
import HTTPTransport
import Ledger
import MockERP

/// The adapter in front of a mock ERP of its own.
struct MockERPBench: ConformanceBench {
  static let token = "pa55word-7f3a9c"

  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = [MockERPBench.token]
  let functionalCurrency: Currency
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
    _ use: (MockERPBench, GenericSOAPAdapter) async throws -> Value
  ) async throws -> Value {
    var configuration = MockERPConfiguration()
    configuration.soapUser = SOAPUser(name: "postern", password: token)
    configuration.companies = [seed ?? Self.seed]
    let server = try await MockERPServer.start(configuration)
    // A port that was just given back: nothing answers there.
    let gone = try await MockERPServer.start(MockERPConfiguration())
    await gone.stop()
    do {
      let http = FaultyHTTPClient(CurlHTTPClient()) {
        String(decoding: $0.body, as: UTF8.self).contains("PostJournalEntries")
      }
      let adapter = try adapter(server, values, http)
      let bench = MockERPBench(
        server: server, adapter: adapter, unreachable: try Self.adapter(gone, values, http),
        functionalCurrency: currency, http: http)
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
  ) throws -> GenericSOAPAdapter {
    let base: [String: TestValue] = [
      "url": .text("http://127.0.0.1:\(server.port)/generic/soap"), "company": "DE01",
      "auth": ["type": "usernameToken", "user": "postern", "password": "env:TOKEN"],
      "timeouts": ["request": 300],
    ]
    return try GenericSOAPAdapter(
      settings: .test(base.merging(values) { $1 }, secrets: ["env:TOKEN": token]),
      http: http, now: { GenericSOAPFixtureTests.start })
  }

  func booked(_ key: PostingKey) async -> [BookedPosting] {
    await server.books.entries(forKey: key.text, company: "DE01").map(BookedPosting.init)
  }

  func plant(_ act: FaultRule.Act, times: Int? = 1) async {
    await server.faults.set([
      FaultRule(
        match: FaultRule.Match(dialect: "generic-soap", operation: "PostJournalEntr*"), act: act,
        times: times)
    ])
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    switch fault {
    case .loseAnswer: await plant(.bookThenDrop)
    case .dropRequest: await plant(.reset)
    case .garbleAnswer: await plant(.malformed(booked: false))
    case .throttle: await plant(.throttle(retryAfter: 1))
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

  func refused(_ reason: Rejection.Class) -> Submission? {
    SampleEntry.refused(
      reason, functionalCurrency,
      SampleEntry.Refusals(account: "9998", party: "C-9", period: FiscalPeriod("2026-08")))
  }

  func settle() {}
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
