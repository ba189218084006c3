import AdapterKit
import Ledger

extension ConformanceCheck {
  /// What an adapter makes of answers that nobody can read: each ends in the right outcome, and never
  /// in a second posting.
  static let badAnswers: [ConformanceCheck] = BadAnswer.allCases.enumerated().map { number, bad in
    ConformanceCheck(.silver, "posts once whatever comes back: \(bad.rawValue)") {
      bench, findings in
      guard try await bench.spoil(bad) else {
        throw NotApplicable(text: bench.whyNot(bad))
      }
      let submission = bench.plain(100 + number)
      let outcome = try await bench.outcome(of: submission)
      if bad.isBooked {
        // Another encoding may be read; a number that is made up may not.
        let numbers = try await bench.booked(submission.key).map(\.number)
        let isRead = outcome.receipt.map { numbers.contains($0.number) } ?? false
        findings.expect(
          isRead || ["unknown", "submitted", "no outcome"].contains(outcome.word),
          "it said \(outcome.word) of what is booked")
      } else {
        findings.expect(
          outcome.word == "retryLater" || outcome.receipt != nil,
          "it said \(outcome.word) of what never arrived")
      }
      if let problem = outcome.problem {
        findings.expect(
          !problem.code.isEmpty && !problem.detail.isEmpty && !problem.fix.isEmpty,
          "it does not say what happened and what to do")
        findings.expect(
          problem.detail.count < ConformanceCheck.longestDetail,
          "it repeats the answer in \(problem.detail.count) characters")
        findings.expect(
          !bench.secrets.contains(where: problem.detail.contains), "it repeats a secret")
      }
      let end = try await bench.post(submission, after: outcome)
      let booked = try await bench.booked(submission.key).count
      findings.expect(
        end == .posted || end == .unclear && bench.adapter.postingFinder == nil,
        "after it the entry is \(end)")
      findings.expect(booked == 1, "it is booked \(booked) times")
    }
  }

  /// Longer sentences are pages of somebody else.
  private static let longestDetail = 1_000
}

extension PostingOutcome? {
  /// Why it is not posted; nil where it is.
  var problem: Problem? {
    switch self {
    case .rejected(let rejection): rejection.problem
    case .retryLater(let postponement): postponement.problem
    case .unknown(let problem): problem
    case .posted, .alreadyPosted, .submitted, nil: nil
    }
  }
}
