import AdapterConformance
import AdapterKit
import HTTPTransport
import Ledger
import MockBench
import MockERP
import SAPS4HANAAdapter
import Testing

/// Entries of parallel ledgers, by Journal Entry by Ledger – Post.
@Suite struct SAPLedgerTests {
  typealias Fixture = SAPS4HANAFixtureTests

  static let groups: [String: TestValue] = ["ledgerGroups": ["IFRS": "2L"]]

  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  static func parallel(
    _ submission: Submission, ledger: String = "IFRS"
  ) -> Submission {
    var head = submission.entry.head
    head.ledger = ledger
    guard let entry = try? JournalEntry(head, lines: submission.entry.lines) else {
      preconditionFailure("the lines balance as before")
    }
    return Submission(key: submission.key, entry: entry, document: submission.document)
  }

  @Test func `the request of each kind of entry is as its fixture says`() async throws {
    for name in ["invoice-with-tax", "foreign-currency"] {
      let submission = Self.parallel(try #require(SampleEntry.cases(euro).first { $0.0 == name }).1)
      let http = ScriptedHTTPClient(always: { _ in HTTPResponse(status: 202) })
      let outcome = try await Fixture.adapter(http, Self.groups).submit([submission])
      #expect(
        outcome[submission.key] == .submitted(Ticket(submission.key.text, progress: "taken")))
      let request = try #require(await http.requests.first)
      #expect(request.url.hasSuffix("/sap/bc/srt/scs_ext/sap/journalentrybulkledgercreation"))
      let golden = GoldenFile("\(Fixture.fixtures)/\(name)/ledger-request.xml")
      #expect(try golden.difference(from: request.body) == nil)
    }
  }

  @Test func `a batch of both kinds goes to both services, and is found in the right ledger`()
    async throws
  {
    let values = Self.groups.merging(["batchSize": 10, "ledger": "0L"]) { $1 }
    try await MockERPBench.use(values, in: euro) { bench, adapter in
      let batch = (1...4).map {
        $0 > 2 ? Self.parallel(SampleEntry.plain($0, euro)) : SampleEntry.plain($0, euro)
      }
      let outcomes = await adapter.submit(batch)
      #expect(
        batch.map { outcomes[$0.key]?.fixtureText.prefix { $0.isLetter } }
          == ["posted", "posted", "submitted", "submitted"])
      #expect(bench.gateway.requests.count == 3)
      let tickets = Dictionary(uniqueKeysWithValues: batch[2...].map { ($0.key, Ticket("-")) })
      let verdicts = await adapter.poll(tickets)
      #expect(verdicts.count == 2)
      let groups = await bench.server.books.entries(forKey: batch[2].key.text, company: "1010")
        .map { $0.content.attributes["LedgerGroup"] }
      #expect(groups == ["2L"])
      var read: [BookedPosting] = []
      try await adapter.readPostings(of: FiscalPeriod(containing: batch[0].entry.head.postingDate))
      {
        read += $0
      }
      for submission in batch {
        let posting = try #require(read.first { $0.externalKey == submission.key.text })
        #expect(posting.lines.count == submission.entry.lines.count)
      }
    }
  }

  @Test func `what SAP's monitor alone shows stays without a verdict`() async throws {
    try await MockERPBench.use(Self.groups, in: euro) { bench, adapter in
      let bad = Self.parallel(try #require(try await bench.refused(.unknownAccount)))
      #expect(await adapter.submit([bad])[bad.key]?.fixtureText.hasPrefix("submitted") == true)
      #expect(await adapter.poll([bad.key: Ticket("-")]).isEmpty)
    }
  }

  @Test func `a message that comes twice is booked once`() async throws {
    try await MockERPBench.use(Self.groups, in: euro) { bench, adapter in
      let submission = Self.parallel(SampleEntry.plain(1, euro))
      for _ in 0..<2 { _ = await adapter.submit([submission]) }
      #expect(await bench.booked(submission.key).count == 1)
    }
  }

  @Test func `is safe under faults`() async throws {
    try await MockERPBench.use(Self.groups, in: euro) { bench, adapter in
      let result = try await FaultRuns(count: 200, seed: 11).run(on: InLedger(bench, adapter))
      #expect(result == .passed)
    }
  }

  @Test func `a reversal there is the opposite entry`() async throws {
    let values = Self.groups.merging(["reversal": "native"]) { $1 }
    try await MockERPBench.use(values, in: euro) { bench, adapter in
      let sample = Self.parallel(SampleEntry.plain(1, euro))
      _ = await adapter.submit([sample])
      guard case .found(let receipt) = await adapter.find(sample.key) else {
        Issue.record("not found")
        return
      }
      let opposite = Self.parallel(SampleEntry.plain(2, euro))
      let order = ReversalOrder(opposite, of: PostedDocument(key: sample.key, receipt: receipt))
      #expect(await adapter.reverse(order).fixtureText.hasPrefix("submitted"))
      #expect(await bench.booked(opposite.key).count == 1)
    }
  }

  @Test func `a field that only the other service has is refused, with the reason`() async throws {
    let sample = Self.parallel(SampleEntry.plain(1, euro))
    let lines = sample.entry.lines.map { line in
      JournalLine(
        role: line.role, account: line.account, side: line.side, amount: line.amount,
        functionalAmount: line.functionalAmount, dimensions: Dimensions([("order", "4711")]),
        description: line.description, reason: line.reason)
    }
    let submission = Submission(
      key: sample.key, entry: try JournalEntry(sample.entry.head, lines: lines))
    let http = ScriptedHTTPClient([])
    let outcome = try await Fixture.adapter(http, Self.groups).submit([submission])[submission.key]
    #expect(outcome?.fixtureText.contains("not_expressible /lines/0/dimensions/order") == true)
  }

  @Test(
    arguments: [
      (["ledgerGroups": ["IFRS": "2L"], "lookUp": false], "look_up_needed"),
      (["ledgerGroups": ["IFRS": "2L"], "release": "2020"], "release_too_old"),
      (["ledgerGroups": ["IFRS": "LEDGER"]], "wrong_type"),
    ] as [([String: TestValue], String)])
  func `groups that cannot work are refused`(values: [String: TestValue], code: String) {
    do {
      _ = try Fixture.adapter(ScriptedHTTPClient([]), values)
      Issue.record("taken")
    } catch let fault as SettingsFault {
      #expect(fault.problems.map(\.code) == [code])
    } catch {
      Issue.record(error)
    }
  }
}

/// The same ERP and adapter, with every entry in a parallel ledger.
private struct InLedger: ConformanceBench {
  private struct Parallel: FindsPostings {
    let base: SAPS4HANAAdapter
    var descriptor: AdapterDescriptor { base.descriptor }
    var capabilities: Set<AdapterCapability> { [.findsPostings] }
    func check() async -> [Problem] { await base.check() }
    func find(_ key: PostingKey) async -> Finding { await base.find(key) }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      await base.submit(batch.map { SAPLedgerTests.parallel($0) })
    }
  }

  let bench: MockERPBench
  let adapter: any ERPAdapter

  init(_ bench: MockERPBench, _ adapter: SAPS4HANAAdapter) {
    self.bench = bench
    self.adapter = Parallel(base: adapter)
  }

  var unreachable: any ERPAdapter { bench.unreachable }
  var secrets: [String] { bench.secrets }
  var functionalCurrency: Currency { bench.functionalCurrency }
  func booked(_ key: PostingKey) async -> [BookedPosting] { await bench.booked(key) }
  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    // Nothing says that an entry was refused.
    if case .refuse = fault { return false }
    return try await bench.arrange(fault)
  }
  func settle() {}
}
