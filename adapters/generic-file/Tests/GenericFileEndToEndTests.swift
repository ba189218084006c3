import AdapterConformance
import AdapterKit
import GenericFileAdapter
import Ledger
import MockBench
import MockERP
import Testing

/// Against the mock ERP, over a folder on the disk.
@Suite struct GenericFileEndToEndTests {
  static let formats = ["csv", "fixedWidth"]
  /// What folders cannot be broken by, or cannot do.
  static let notApplicable: Set<String> = [
    "reads back what it booked", "hides secrets, also when the ERP repeats them",
    "never guesses from a gateway's status", "comes back later when the ERP says when",
    "finds what was booked behind a gateway that gave up", "takes no other answer for a posting",
    "does not call accepted posted", "takes no other answer to a look-up for absent",
    "names the reason of each refusal", "does not let one bad entry hold up a batch",
  ]

  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  @Test(arguments: ConformanceCheck.all, formats)
  func `does what every adapter must`(check: ConformanceCheck, format: String) async throws {
    let result = try await MockERPBench.use(["format": .text(format)], in: euro) { bench, _ in
      try await check.run(on: bench)
    }
    if case .notApplicable = result {
      #expect(Self.notApplicable.contains(check.name))
    } else {
      #expect(result.faults.isEmpty)
    }
  }

  @Test(
    arguments: formats,
    [["manifest": true], ["manifest": false, "doneMarker": true], ["doneMarker": true]]
      as [[String: TestValue]])
  func `posts every kind of entry as it was built`(
    format: String, markers: [String: TestValue]
  ) async throws {
    let values = markers.merging(["format": .text(format)]) { $1 }
    try await MockERPBench.use(values, in: euro) { bench, adapter in
      let batch = SampleEntry.cases(euro).map(\.1)
      let submitted = await adapter.submit(batch)
      var tickets: [PostingKey: Ticket] = [:]
      for (key, outcome) in submitted {
        if case .submitted(let ticket) = outcome { tickets[key] = ticket }
      }
      #expect(await adapter.poll(tickets).isEmpty)
      await bench.settle()
      let outcomes = await adapter.poll(tickets)
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

  @Test func `what the ERP refuses is refused, the rest of the file is posted`() async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let batch = (1...6).map { SampleEntry.plain($0, euro) }
      await bench.server.faults.set([
        FaultRule(
          match: FaultRule.Match(dialect: "generic-file"),
          act: .refusePart(.every(3), Refusal(code: "closed_period", message: "closed")), times: 1)
      ])
      let first = try await bench.outcomes(batch)
      for (index, submission) in batch.enumerated() {
        let expected = (index + 1) % 3 == 0 ? "rejected periodClosed" : "posted"
        #expect(first[submission.key]?.fixtureText.hasPrefix(expected) == true)
      }
      let second = try await bench.outcomes(batch)
      for (index, submission) in batch.enumerated() {
        let expected = (index + 1) % 3 == 0 ? "posted" : "alreadyPosted"
        #expect(second[submission.key]?.fixtureText.hasPrefix(expected) == true)
        #expect(await bench.booked(submission.key).count == 1)
      }
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: [("csv", 100_000), ("fixedWidth", 1_000)])
  func `posts an entry of very many lines`(format: String, lines: Int) async throws {
    try await MockERPBench.use(["format": .text(format)], in: euro) { bench, _ in
      let submission = SampleEntry.long(lines, euro)
      let outcomes = try await bench.outcomes([submission])
      #expect(outcomes[submission.key]?.fixtureText.hasPrefix("posted") == true)
      #expect(await bench.booked(submission.key).first?.lines.count == lines)
    }
  }
}

extension MockERPBench {
  /// The outcomes once the ERP has looked through its folder.
  fileprivate func outcomes(_ batch: [Submission]) async throws -> [PostingKey: PostingOutcome] {
    var outcomes = await adapter.submit(batch)
    await settle()
    var tickets: [PostingKey: Ticket] = [:]
    for (key, outcome) in outcomes {
      if case .submitted(let ticket) = outcome { tickets[key] = ticket }
    }
    let polling = try #require(adapter as? any PollsTickets)
    outcomes.merge(await polling.poll(tickets)) { $1 }
    return outcomes
  }
}
