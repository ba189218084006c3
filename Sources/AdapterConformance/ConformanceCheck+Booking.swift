import AdapterKit
import Ledger

extension ConformanceCheck {
  /// What an adapter does where nothing goes wrong.
  static let booking: [ConformanceCheck] = [
    ConformanceCheck(.bronze, "takes the connection for good when it is") { bench, findings in
      let problems = await bench.adapter.check()
      findings.expect(problems.isEmpty, "check() said: \(problems.map(\.detail))")
    },
    ConformanceCheck(.bronze, "gives every entry of a batch an outcome") { bench, findings in
      let count = min(7, bench.adapter.descriptor.maximumBatchSize)
      let batch = (1...count).map { bench.plain($0) }
      let outcomes = try await bench.outcomes(of: batch)
      for submission in batch {
        let outcome = outcomes[submission.key]
        findings.expect(outcome.receipt != nil, "\(submission.key): \(outcome.word)")
        let booked = try await bench.booked(submission.key).count
        findings.expect(booked == 1, "\(submission.key) is booked \(booked) times")
      }
      findings.expect(outcomes.count == batch.count, "there are outcomes of other keys")
    },
    ConformanceCheck(.silver, "books once when sent twice") { bench, findings in
      guard [.native, .refusing].contains(bench.adapter.descriptor.idempotency) else {
        throw NotApplicable(text: "The ERP does not notice a repeat")
      }
      let submission = bench.plain(21)
      let first = try await bench.outcome(of: submission)
      let second = try await bench.outcome(of: submission)
      findings.expect(first.receipt != nil, "the first was \(first.word)")
      findings.expect(
        second.receipt?.number == first.receipt?.number, "the repeat has another number")
      let booked = try await bench.booked(submission.key).count
      findings.expect(booked == 1, "it is booked \(booked) times")
    },
    ConformanceCheck(.bronze, "finds what it booked, and nothing else") { bench, findings in
      guard let finding = bench.adapter.postingFinder else {
        throw NotApplicable(text: "The adapter does not find postings")
      }
      let submission = bench.plain(31)
      let before = await finding.find(submission.key)
      findings.expect(before == .absent, "before: \(before.word)")
      let outcome = try await bench.outcome(of: submission)
      let after = await finding.find(submission.key)
      guard case .found(let receipt) = after else {
        findings.expect(false, "after: \(after.word)")
        return
      }
      findings.expect(receipt.number == outcome.receipt?.number, "it found another document")
    },
    ConformanceCheck(.bronze, "keeps cents, zero amounts and every decimal") { bench, findings in
      for sample in SampleEntry.amounts(bench.functionalCurrency) {
        let submission = bench.ours(sample)
        // What the ERP cannot express is never sent.
        if bench.adapter.descriptor.refusal(of: submission.entry) != nil { continue }
        let outcome = try await bench.outcome(of: submission)
        let entry = submission.entry
        findings.expect(outcome.receipt != nil, "\(entry.head.currency): \(outcome.word)")
        let expected = entry.lines.map {
          BookedPosting.Line(account: $0.account, side: $0.side, amount: $0.amount)
        }
        let booked = try await bench.booked(submission.key).first
        findings.expect(
          booked?.lines == expected, "the lines in \(entry.head.currency) are not those sent")
        findings.expect(booked?.date == entry.head.postingDate, "the posting date is another")
      }
    },
    ConformanceCheck(.bronze, "reads back what it booked") { bench, findings in
      guard let reading = bench.adapter.booksReader else {
        throw NotApplicable(text: "The adapter does not read books")
      }
      let submission = bench.plain(41)
      _ = try await bench.outcome(of: submission)
      var postings: [BookedPosting] = []
      try await reading.readPostings(of: submission.entry.head.period) { postings += $0 }
      let ours = postings.filter { $0.externalKey == submission.key.text }
      let booked = try await bench.booked(submission.key)
      findings.expect(ours == booked, "it read \(ours.count) documents, not those booked")
    },
  ]
}

extension Finding {
  /// A word for a fault.
  var word: String {
    switch self {
    case .found: "found"
    case .absent: "absent"
    case .cannotTell: "cannotTell"
    }
  }
}
