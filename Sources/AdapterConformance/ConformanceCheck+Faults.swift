import AdapterKit
import Ledger

extension ConformanceCheck {
  /// What an adapter says when something goes wrong.
  static let faults: [ConformanceCheck] = [
    ConformanceCheck(.bronze, "calls a lost answer unknown, and finds the posting") {
      bench, findings in
      try await bench.require(.loseAnswer)
      let submission = bench.plain(51)
      let outcome = try await bench.outcome(of: submission)
      findings.expect(outcome.word == "unknown", "it said \(outcome.word)")
      try await bench.settle()
      let booked = try await bench.booked(submission.key).count
      findings.expect(booked == 1, "the bench booked it \(booked) times")
      if let finding = bench.adapter.postingFinder {
        let found = await finding.find(submission.key)
        findings.expect(found.word == "found", "the look-up said \(found.word)")
      }
    },
    ConformanceCheck(.bronze, "never calls a lost request posted or rejected") { bench, findings in
      try await bench.require(.dropRequest)
      let submission = bench.plain(52)
      let outcome = try await bench.outcome(of: submission)
      findings.expect(
        ["unknown", "retryLater"].contains(outcome.word), "it said \(outcome.word)")
      if let finding = bench.adapter.postingFinder {
        let found = await finding.find(submission.key)
        findings.expect(found.word != "found", "the look-up found what is not booked")
      }
    },
    ConformanceCheck(.bronze, "calls an answer that is none unknown") { bench, findings in
      try await bench.require(.garbleAnswer)
      let outcome = try await bench.outcome(
        of: bench.plain(53))
      findings.expect(outcome.word == "unknown", "it said \(outcome.word)")
    },
    ConformanceCheck(.bronze, "tells rejected from unknown") { bench, findings in
      let words = "Period is closed"
      let isPlanted = try await bench.arrange(.refuse(text: words))
      let known = isPlanted ? bench.plain(54) : try await bench.anyRefused()
      guard let submission = known else {
        throw NotApplicable(text: "The bench knows no entry that its ERP refuses")
      }
      let outcome = try await bench.outcome(of: submission)
      guard case .rejected(let rejection)? = outcome else {
        findings.expect(false, "it said \(outcome.word)")
        return
      }
      findings.expect(
        rejection.erpText?.contains(isPlanted ? words : " ") == true,
        "the ERP's text is not kept")
      let booked = try await bench.booked(submission.key).count
      findings.expect(booked == 0, "it is booked \(booked) times")
    },
    ConformanceCheck(.bronze, "comes back later when the ERP throttles") { bench, findings in
      try await bench.require(.throttle)
      let submission = bench.plain(55)
      let outcome = try await bench.outcome(of: submission)
      findings.expect(outcome.word == "retryLater", "it said \(outcome.word)")
      let again = try await bench.outcome(of: submission)
      findings.expect(again.receipt != nil, "the second try was \(again.word)")
    },
    ConformanceCheck(.bronze, "comes back later when nothing was sent") { bench, findings in
      let submission = bench.plain(56)
      let outcome = await bench.unreachable.submit([submission])[submission.key]
      findings.expect(outcome.word == "retryLater", "it said \(outcome.word)")
      let problems = await bench.unreachable.check()
      findings.expect(!problems.isEmpty, "check() saw nothing wrong")
      if let finding = bench.unreachable.postingFinder {
        let found = await finding.find(submission.key)
        findings.expect(found.word == "cannotTell", "the look-up said \(found.word)")
      }
    },
    ConformanceCheck(.silver, "is found again when we forget its answer") { bench, findings in
      let submission = bench.plain(58)
      let first = try await bench.outcome(of: submission)
      findings.expect(first.receipt != nil, "the first was \(first.word)")
      let end = try await bench.post(submission, after: .some(nil))
      let booked = try await bench.booked(submission.key).count
      findings.expect(booked == 1, "it is booked \(booked) times")
      findings.expect(
        end == .posted || end == .unclear && bench.adapter.postingFinder == nil,
        "after it the entry is \(end)")
    },
    ConformanceCheck(.silver, "sees what arrived late, after it was sent again") {
      bench, findings in
      guard try await bench.holdBack() else {
        throw NotApplicable(text: "The bench cannot hold a submission back")
      }
      let submission = bench.plain(59)
      let outcome = try await bench.outcome(of: submission)
      findings.expect(outcome.word == "unknown", "it said \(outcome.word)")
      let end = try await bench.post(submission, after: outcome)
      try await bench.deliverLate()
      let booked = try await bench.booked(submission.key).count
      guard let finder = bench.adapter.postingFinder else {
        findings.expect(
          booked == 1, "it is booked \(booked) times, and nobody could have seen it")
        return
      }
      findings.expect(end == .posted, "it ended \(end)")
      // An ERP that notices no repeat has it twice now: what must not happen is that nobody sees it.
      let found = await finder.find(submission.key)
      findings.expect(
        found.word == (booked == 1 ? "found" : "cannotTell"),
        "it is booked \(booked) times, and the look-up said \(found.word)")
    },
    ConformanceCheck(.bronze, "hides secrets, also when the ERP repeats them") { bench, findings in
      guard !bench.secrets.isEmpty else { throw NotApplicable(text: "There is no secret") }
      var said: [String] = []
      let submission = bench.plain(57)
      if try await bench.arrange(.refuse(text: "Denied: \(bench.secrets.joined(separator: " "))")) {
        said.append("\(try await bench.outcomes(of: [submission]))")
      }
      said.append("\(await bench.unreachable.submit([submission]))")
      said.append("\(await bench.unreachable.check())")
      said.append("\(bench.adapter.descriptor)")
      for text in said {
        findings.expect(!bench.secrets.contains(where: text.contains), "a secret was repeated")
      }
    },
  ]
}
