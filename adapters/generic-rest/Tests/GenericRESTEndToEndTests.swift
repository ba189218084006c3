import AdapterConformance
import AdapterKit
import GenericRESTAdapter
import HTTPTransport
import Ledger
import MockBench
import MockERP
import Testing

/// Against the mock ERP, over real connections.
@Suite struct GenericRESTEndToEndTests {
  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  @Test(arguments: ConformanceCheck.all)
  func `does what every adapter must`(check: ConformanceCheck) async throws {
    let result = try await MockERPBench.use(in: euro) { bench, _ in
      try await check.run(on: bench)
    }
    #expect(result.faults.isEmpty)
  }

  @Test func `posts every kind of entry as it was built`() async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let batch = SampleEntry.cases(euro).map(\.1)
      let outcomes = await adapter.submit(batch)
      for submission in batch {
        let head = submission.entry.head
        guard case .posted? = outcomes[submission.key] else {
          Issue.record("\(head.reference): \(String(describing: outcomes[submission.key]))")
          continue
        }
        let entries = await bench.server.books.entries(forKey: submission.key.text, company: "DE01")
        let booked = try #require(entries.first)
        #expect(booked.content.reference == head.reference)
        #expect(booked.content.description == head.description)
        for (line, sent) in zip(booked.content.lines, submission.entry.lines) {
          #expect(line.functionalAmount == sent.functionalAmount.minorUnits)
          #expect(line.party == sent.party)
          #expect(line.description == sent.description)
          #expect(line.tax?.code == sent.tax?.code)
          #expect(line.dimensions.count == sent.dimensions.pairs.count)
        }
      }
    }
  }

  @Test func `a batch whose answer is lost is unknown, and each entry is found`() async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let batch = (1...5).map { SampleEntry.plain($0, euro) }
      await bench.plant(.bookThenDrop)
      let outcomes = await adapter.submit(batch)
      for submission in batch {
        guard case .unknown? = outcomes[submission.key],
          case .found = await adapter.find(submission.key)
        else {
          Issue.record("\(outcomes)")
          continue
        }
      }
      let again = await adapter.submit(batch)
      for submission in batch {
        guard case .alreadyPosted? = again[submission.key] else {
          Issue.record("\(again)")
          continue
        }
        let count = await bench.server.books.count(ofKey: submission.key.text)
        #expect(count.booked == 1)
      }
    }
  }

  @Test func `part of a batch is refused, the rest is posted`() async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let batch = (1...6).map { SampleEntry.plain($0, euro) }
      await bench.plant(
        .refusePart(.every(3), Refusal(code: "unknown_account", message: "No account 4400")))
      let outcomes = await adapter.submit(batch)
      for (index, submission) in batch.enumerated() {
        switch outcomes[submission.key] {
        case .posted?: #expect((index + 1) % 3 != 0)
        case .rejected(let rejection)?:
          #expect((index + 1) % 3 == 0)
          #expect(rejection.rejectionClass == .unknownAccount)
        default: Issue.record("\(outcomes)")
        }
      }
    }
  }

  @Test(arguments: [(500, "unknown"), (503, "unknown"), (502, "unknown")])
  func `booked and answered with an error is unknown`(status: Int, word: String) async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let submission = SampleEntry.plain(1, euro)
      await bench.plant(.bookThenStatus(status))
      let outcome = await adapter.submit([submission])[submission.key]
      #expect(outcome?.fixtureText.hasPrefix(word) == true)
      #expect(await bench.booked(submission.key).count == 1)
    }
  }

  @Test func `an answer after our time limit is unknown`() async throws {
    try await MockERPBench.use(["timeouts": ["request": 10]], in: euro) { bench, adapter in
      let submission = SampleEntry.plain(1, euro)
      await bench.plant(.bookThenDelay(60_000))
      let outcome = await adapter.submit([submission])[submission.key]
      #expect(outcome?.fixtureText.hasPrefix("unknown") == true)
      guard case .found = await adapter.find(submission.key) else {
        Issue.record("not found")
        return
      }
    }
  }

  @Test func `the same key with other content is refused`() async throws {
    try await MockERPBench.use(in: euro) { _, adapter in
      let first = SampleEntry.plain(1, euro)
      let other = Submission(key: first.key, entry: SampleEntry.plain(2, euro).entry)
      _ = await adapter.submit([first])
      guard case .rejected(let rejection)? = await adapter.submit([other])[first.key] else {
        Issue.record("accepted")
        return
      }
      #expect(rejection.rejectionClass == .duplicateWithOtherContent)
    }
  }

  @Test func `reads back many pages`() async throws {
    try await MockERPBench.use(in: euro) { _, adapter in
      let batch = (0..<250).map { SampleEntry.plain($0, euro) }
      for start in stride(from: 0, to: 250, by: 100) {
        _ = await adapter.submit(Array(batch[start..<min(start + 100, 250)]))
      }
      var read: [String] = []
      try await adapter.readPostings(of: try #require(FiscalPeriod("2026-10"))) { page in
        read += page.compactMap(\.externalKey)
      }
      #expect(read.sorted() == batch.map(\.key.text).sorted())
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `posts an entry of 100,000 lines`() async throws {
    try await MockERPBench.use(["timeouts": ["request": 500]], in: euro) { bench, adapter in
      let submission = SampleEntry.long(100_000, euro)
      guard case .posted? = await adapter.submit([submission])[submission.key] else {
        Issue.record("not posted")
        return
      }
      #expect(await bench.booked(submission.key).first?.lines.count == 100_000)
    }
  }
}
