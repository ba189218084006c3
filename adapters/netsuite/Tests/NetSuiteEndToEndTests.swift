import AdapterConformance
import AdapterKit
import HTTPTransport
import Ledger
import MockBench
import MockERP
import NetSuiteAdapter
import Testing

/// Against the mock ERP's own reading of NetSuite, over real connections.
@Suite struct NetSuiteEndToEndTests {
  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  @Test(arguments: ConformanceCheck.all)
  func `does what every adapter must`(check: ConformanceCheck) async throws {
    let result = try await MockERPBench.use(in: euro) { bench, _ in
      try await check.run(on: bench)
    }
    #expect(result.faults.isEmpty)
  }

  @Test(arguments: ConformanceCheck.all)
  func `does so by jobs too`(check: ConformanceCheck) async throws {
    let result = try await MockERPBench.use(jobs: true, in: euro) { bench, _ in
      try await check.run(on: bench)
    }
    #expect(result.faults.isEmpty)
  }

  @Test func `books once and loses nothing under faults`() async throws {
    let result = try await MockERPBench.use(in: euro) { bench, _ in
      try await FaultRuns(count: 150, seed: 42).run(on: bench)
    }
    #expect(result == .passed)
  }

  @Test func `posts foreign currency at its rate`() async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let dollar = try #require(Currency("USD"))
      let plain = SampleEntry.plain(1, dollar)
      var head = plain.entry.head
      head.functionalCurrency = euro
      head.rate = ExchangeRate(
        from: dollar, to: euro, rate: try ExactDecimal("0.9234"), date: head.postingDate,
        source: "ECB")
      let lines = plain.entry.lines.map { line in
        JournalLine(
          role: line.role, account: line.account, side: line.side, amount: line.amount,
          functionalAmount: Money(minorUnits: 10_988, euro), party: line.party,
          description: line.description, reason: line.reason)
      }
      let submission = Submission(key: plain.key, entry: try JournalEntry(head, lines: lines))
      _ = await adapter.submit([submission])
      let booked = try #require(
        await bench.server.books.entries(forKey: plain.key.text, company: "DE01").first)
      #expect(booked.content.currency == "USD")
      #expect(booked.content.lines.map(\.functionalAmount) == [10_988, 10_988])
    }
  }

  @Test func `an entry with a partner becomes an advanced intercompany journal, once`() async throws
  {
    let settings: [String: TestValue] = ["intercompany": "advanced", "partners": ["US01": "5"]]
    try await MockERPBench.use(settings, in: euro) { bench, adapter in
      let plain = SampleEntry.plain(7, euro)
      let lines = plain.entry.lines.map { line in
        JournalLine(
          role: line.role, account: line.account, side: line.side, amount: line.amount,
          functionalAmount: line.functionalAmount, party: line.party,
          partner: line.party == nil ? LegalEntityID("US01") : nil,
          description: line.description, reason: line.reason)
      }
      let entry = Submission(
        key: plain.key, entry: try JournalEntry(plain.entry.head, lines: lines))
      await bench.plant(.bookThenDrop, on: "PostAdvIntercompanyJournalEntry")
      guard case .unknown? = await adapter.submit([entry])[entry.key] else {
        Issue.record("a lost answer is no verdict")
        return
      }
      guard case .found = await adapter.find(entry.key),
        case .alreadyPosted? = await adapter.submit([entry])[entry.key]
      else {
        Issue.record("what is booked was not found")
        return
      }
      let booked = await bench.server.books.entries(forKey: entry.key.text, company: "DE01")
      #expect(booked.map(\.content.native?.kind) == ["advIntercompanyJournalEntry"])
      let read = Records()
      try await adapter.readPostings(of: SampleEntry.period) { read.all += $0 }
      #expect(read.all == booked.map { BookedPosting($0) })
    }
  }

  private final class Records {
    var all: [BookedPosting] = []
  }

  @Test func `the same key with other content is refused`() async throws {
    try await MockERPBench.use(in: euro) { _, adapter in
      let first = SampleEntry.plain(1, euro)
      let other = Submission(
        key: first.key, entry: SampleEntry.cases(euro)[0].1.entry)
      _ = await adapter.submit([first])
      let outcome = await adapter.submit([other])[first.key]
      #expect(outcome?.fixtureText.hasPrefix("rejected duplicateWithOtherContent") == true)
    }
  }

  @Test func `an invoice, its credit memo and payment become records that settle each other`()
    async throws
  {
    let settings: [String: TestValue] = [
      "postAs": "document", "items": ["*": "4400"], "taxCodes": ["DE-19": "A19"],
      "references": [
        "accounts": "number", "customers": "externalId", "items": "externalId",
        "taxCodes": "externalId",
      ],
    ]
    var configuration = MockERPConfiguration()
    configuration.netSuite.taxCodes = ["A19": .init(account: "3806", rate: "19")]
    try await MockERPBench.use(settings, in: euro, with: configuration) { bench, adapter in
      let invoice = try DocumentSample.invoice.submission
      let outcome = await adapter.submit([invoice])[invoice.key]
      guard case .posted(let receipt)? = outcome else {
        Issue.record("\(String(describing: outcome))")
        return
      }
      #expect(await bench.booked(invoice.key).count == 1)
      #expect(await adapter.find(invoice.key) == .found(receipt))
      let payment = try DocumentSample.payment.submission
      let document = try #require(payment.document)
      let settled = Submission(
        key: try #require(PostingKey("PAYMENT000000001")), entry: payment.entry,
        document: SourceDocument(
          document.document,
          references: [
            DocumentIdentity(source: "conformance", type: .invoice, id: "INV-1"):
              PostedDocument(key: invoice.key, receipt: receipt)
          ]))
      let paid = await adapter.submit([settled])[settled.key]
      guard case .posted? = paid else {
        Issue.record("\(String(describing: paid))")
        return
      }
      let balances = await bench.server.books.trialBalance(of: "DE01").functional
      #expect(balances["1800"]?.debit == 10_900)
      #expect(balances["1200"].map { $0.debit == $0.credit } == true)
    }
  }

  @Test func `reads periods, and master data`() async throws {
    try await MockERPBench.use(in: euro) { _, adapter in
      let months = try ["2026-09", "2026-10"].map { try #require(FiscalPeriod($0)) }
      let statuses = try await adapter.periods(months)
      #expect(statuses == [months[0]: .closed, months[1]: .open])
      _ = await adapter.submit([SampleEntry.plain(1, euro)])
      var records: [MasterRecord] = []
      try await adapter.readMasterData(.parties) { records += $0 }
      #expect(records.map(\.code).contains("C-1007"))
      records = []
      try await adapter.readMasterData(.accounts) { records += $0 }
      #expect(records.map(\.code).contains("1200"))
    }
  }

  @Test func `reads back many pages of a month, and no other`() async throws {
    try await MockERPBench.use(in: euro) { _, adapter in
      let batch = (0..<25).map { SampleEntry.plain($0, euro) }
      _ = await adapter.submit(batch)
      var read: [String] = []
      try await adapter.readPostings(of: try #require(FiscalPeriod("2026-10"))) { page in
        read += page.compactMap(\.externalKey)
      }
      #expect(read.sorted() == batch.map(\.key.text).sorted())
      read = []
      try await adapter.readPostings(of: try #require(FiscalPeriod("2026-11"))) { page in
        read += page.compactMap(\.externalKey)
      }
      #expect(read.isEmpty)
    }
  }

  @Test func `a bearer token by a signed assertion opens the account`() async throws {
    let pem = try NetSuiteAuthorizationTests.key()
    let publicKey = try NetSuiteAuthorizationTests.publicKey(of: pem)
    var configuration = MockERPConfiguration()
    configuration.netSuite.client = .init(id: "client-1", certificateID: "cert-1", pem: publicKey)
    try await MockERPBench.use(in: euro, with: configuration) { bench, _ in
      let adapter = try NetSuiteAdapter.test(
        CurlHTTPClient(), url: "http://127.0.0.1:\(bench.server.port)",
        ["auth": NetSuiteAuthorizationTests.oauth2, "references": ["accounts": "number"]],
        secrets: ["env:KEY": pem])
      #expect(await adapter.check() == [])
      let other = try NetSuiteAdapter.test(
        CurlHTTPClient(), url: "http://127.0.0.1:\(bench.server.port)",
        ["auth": NetSuiteAuthorizationTests.oauth2],
        secrets: ["env:KEY": try NetSuiteAuthorizationTests.key()])
      #expect(await !other.check().isEmpty)
    }
  }

  @Test func `what the account's limit blocks was not booked`() async throws {
    var configuration = MockERPConfiguration()
    configuration.netSuite.concurrency = 0
    try await MockERPBench.use(in: euro, with: configuration) {
      _, adapter in
      let submission = SampleEntry.plain(1, euro)
      let outcome = await adapter.submit([submission])[submission.key]
      #expect(outcome?.fixtureText.hasPrefix("retryLater connection") == true)
    }
  }
}
