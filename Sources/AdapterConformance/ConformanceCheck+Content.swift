import AdapterKit
import Ledger

extension ConformanceCheck {
  /// What an adapter does with entries that are not ordinary.
  static let content: [ConformanceCheck] = [
    ConformanceCheck(.silver, "books a thousand lines as one entry, or as many as it takes") {
      bench, findings in
      let most = min(1_000, bench.adapter.descriptor.maximumLines)
      let submission = bench.ours(
        SampleEntry.long(most - most % 2, bench.functionalCurrency))
      try await bench.expectBooked(submission, &findings)
    },
    ConformanceCheck(.silver, "books text in any script") { bench, findings in
      try await bench.expectBooked(
        bench.ours(SampleEntry.difficultText(bench.functionalCurrency)), &findings)
    },
    ConformanceCheck(.silver, "takes a posting back by its opposite") { bench, findings in
      let first = bench.plain(95)
      try await bench.expectBooked(first, &findings)
      let opposite = bench.plain(96)
      var head = opposite.entry.head
      head.kind = .reversal
      head.reverses = first.key.text
      let lines = first.entry.lines.map { line in
        JournalLine(
          role: line.role, account: line.account, side: line.side == .debit ? .credit : .debit,
          amount: line.amount, functionalAmount: line.functionalAmount, party: line.party,
          description: line.description, reason: line.reason)
      }
      guard let entry = try? JournalEntry(head, lines: lines) else {
        preconditionFailure("an opposite balances")
      }
      let reversal = Submission(key: opposite.key, entry: entry)
      if let reason = bench.adapter.descriptor.refusal(of: entry) {
        throw NotApplicable(text: reason.problem.detail)
      }
      if let reverser = bench.adapter.postingReverser {
        let outcome = try await bench.outcome(of: first)
        let receipt = outcome.receipt ?? Receipt(id: "", number: "")
        let order = ReversalOrder(reversal, of: PostedDocument(key: first.key, receipt: receipt))
        let reversed: PostingOutcome? = await reverser.reverse(order)
        findings.expect(reversed.receipt != nil, "the reversal was \(reversed.word)")
      } else {
        try await bench.expectBooked(reversal, &findings)
      }
    },
    ConformanceCheck(.silver, "names the reason of each refusal") { bench, findings in
      var isEmpty = true
      for reason in Rejection.Class.allCases {
        guard let submission = try await bench.refused(reason) else { continue }
        isEmpty = false
        let outcome = try await bench.outcome(of: submission)
        if case .rejected(let rejection)? = outcome {
          findings.expect(
            rejection.rejectionClass == reason,
            "it called \(reason.rawValue) \(rejection.rejectionClass.rawValue)")
        } else {
          findings.expect(false, "\(reason.rawValue) was \(outcome.word)")
        }
        let booked = try await bench.booked(submission.key).count
        findings.expect(booked == 0, "what was refused is booked \(booked) times")
      }
      if isEmpty { throw NotApplicable(text: "The bench knows no entry that its ERP refuses") }
    },
    ConformanceCheck(.silver, "does not let one bad entry hold up a batch") { bench, findings in
      guard bench.adapter.descriptor.maximumBatchSize > 1 else {
        throw NotApplicable(text: "It sends entries one by one")
      }
      guard !bench.adapter.descriptor.batchIsAtomic else {
        throw NotApplicable(text: "The ERP books a batch whole or not at all")
      }
      guard let bad = try await bench.anyRefused() else {
        throw NotApplicable(text: "The bench knows no entry that its ERP refuses")
      }
      let good = bench.plain(98)
      let outcomes = try await bench.outcomes(of: [bad, good])
      findings.expect(outcomes[bad.key].word == "rejected", "the bad: \(outcomes[bad.key].word)")
      findings.expect(outcomes[good.key].receipt != nil, "the good: \(outcomes[good.key].word)")
    },
  ]
}

extension ConformanceBench {
  /// Submits an entry, and expects its lines and date in the books, once.
  func expectBooked(_ submission: Submission, _ findings: inout Findings) async throws {
    let outcome = try await outcome(of: submission)
    findings.expect(outcome.receipt != nil, "\(submission.key): \(outcome.word)")
    let booked = try await booked(submission.key)
    findings.expect(booked.count == 1, "\(submission.key) is booked \(booked.count) times")
    guard let document = booked.first else { return }
    let lines = submission.entry.lines.map {
      BookedPosting.Line(account: $0.account, side: $0.side, amount: $0.amount)
    }
    findings.expect(document.lines == lines, "the lines of \(submission.key) are not those sent")
    findings.expect(
      document.date == submission.entry.head.postingDate, "the posting date is another")
  }
}
