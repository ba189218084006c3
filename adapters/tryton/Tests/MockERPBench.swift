import AdapterConformance
import AdapterKit
import HTTPTransport
import Ledger
import MockERP
import TrytonAdapter

/// The adapter in front of a mock ERP of its own.
struct MockERPBench: ConformanceBench {
  static let password = "pa55word-7f3a9c"
  static let otherCompany = "SE01"

  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = [MockERPBench.password]
  let functionalCurrency: Currency
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
    let server = try await MockERPServer.start(configuration)
    // A port that was just given back: nothing answers there.
    let gone = try await MockERPServer.start(MockERPConfiguration())
    await gone.stop()
    let http = FaultyHTTPClient(CurlHTTPClient()) {
      String(decoding: $0.body, as: UTF8.self).contains("model.account.move.post")
    }
    do {
      let bench = MockERPBench(
        server: server, adapter: try adapter(server, http),
        unreachable: try adapter(gone, CurlHTTPClient()), functionalCurrency: currency, http: http)
      let value = try await use(bench)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
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

  func booked(_ key: PostingKey) async -> [BookedPosting] {
    await server.books.entries(forKey: key.text, company: "DE01").compactMap { entry in
      guard let currency = Currency(entry.content.currency),
        let date = CalendarDate(entry.content.postingDate)
      else { return nil }
      return BookedPosting(
        number: entry.number, externalKey: entry.content.externalKey, date: date,
        lines: entry.content.lines.map { line in
          BookedPosting.Line(
            account: AccountCode(line.account), side: line.side == .debit ? .debit : .credit,
            amount: Money(minorUnits: line.amount, currency))
        })
    }
  }

  /// The entry is booked by the second of its two calls.
  private func plant(_ act: FaultRule.Act) async -> Bool {
    await server.faults.set([
      FaultRule(
        match: FaultRule.Match(dialect: "tryton", operation: "model.account.move.post"), act: act,
        times: 1)
    ])
    return true
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    switch fault {
    case .loseAnswer: return await plant(.bookThenDrop)
    case .dropRequest: return await plant(.reset)
    case .garbleAnswer: return await plant(.malformed(booked: false))
    case .throttle: return await plant(.throttle(retryAfter: 1))
    case .refuse(let text):
      return await plant(.refuse(Refusal(code: "closed_period", message: text)))
    case .answer: return http.arrange(fault)
    case .bookThenAnswer(let status): return await plant(.bookThenStatus(status))
    case .hide:
      server.tryton.change {
        $0.companyFilter = .one
        $0.currentCompany = MockERPBench.otherCompany
      }
      return true
    case .answerLookUp: return http.arrange(fault)
    case .loseVerdict: return false
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

  func holdBack() -> Bool {
    http.holdBack()
    return true
  }

  func deliverLate() async { await http.deliverLate() }

  func settle() {}

  func refused(_ reason: Rejection.Class) -> Submission? {
    SampleEntry.refused(
      reason, functionalCurrency,
      SampleEntry.Refusals(
        account: "7777", party: "C-9", period: FiscalPeriod("2026-08"), controlAccount: "1300"))
  }
}
