import AdapterKit
import Ledger

extension ConformanceCheck {
  /// What an adapter makes of answers that something between it and the ERP gives.
  static let gateways: [ConformanceCheck] = [
    ConformanceCheck(.silver, "never guesses from a gateway's status") { bench, findings in
      for (number, status) in [500, 502, 504, 520].enumerated() {
        try await bench.require(.answer(status: status))
        let outcome = try await bench.outcome(of: bench.plain(70 + number))
        findings.expect(outcome.word == "unknown", "it called \(status) \(outcome.word)")
      }
    },
    ConformanceCheck(.silver, "comes back later when the ERP says when") { bench, findings in
      try await bench.require(.answer(status: 503, retryAfter: 7))
      let outcome = try await bench.outcome(of: bench.plain(75))
      findings.expect(outcome.word == "retryLater", "it called 503 \(outcome.word)")
    },
    ConformanceCheck(.silver, "finds what was booked behind a gateway that gave up") {
      bench, findings in
      try await bench.require(.bookThenAnswer(status: 504))
      let submission = bench.plain(76)
      let outcome = try await bench.outcome(of: submission)
      findings.expect(outcome.word == "unknown", "it called 504 \(outcome.word)")
      if let finder = bench.adapter.postingFinder {
        let found = await finder.find(submission.key)
        findings.expect(found.word == "found", "the look-up said \(found.word)")
      }
    },
    ConformanceCheck(.silver, "takes no other answer for a posting") { bench, findings in
      let bodies = ["", "{", "null", "[]", "\"posted\"", "<html><body>Sign in</body></html>"]
      for (number, body) in bodies.enumerated() {
        try await bench.require(.answer(status: 200, body: body))
        let outcome = try await bench.outcome(of: bench.plain(80 + number))
        findings.expect(
          outcome.word == "unknown" || outcome.word == "no outcome",
          "it called the answer '\(body)' \(outcome.word)")
      }
    },
    ConformanceCheck(.silver, "does not call accepted posted") { bench, findings in
      try await bench.require(.answer(status: 202))
      let outcome = try await bench.outcome(of: bench.plain(87))
      findings.expect(
        ["unknown", "submitted"].contains(outcome.word), "it called 202 \(outcome.word)")
    },
    ConformanceCheck(.silver, "does not send a lost entry twice") { bench, findings in
      try await bench.require(.loseAnswer)
      let submission = bench.plain(88)
      _ = try await bench.outcome(of: submission)
      if bench.adapter.descriptor.recognisesRepeats {
        let again = try await bench.outcome(of: submission)
        findings.expect(again.receipt != nil, "the repeat was \(again.word)")
      } else if let finder = bench.adapter.postingFinder {
        let found = await finder.find(submission.key)
        findings.expect(found.word == "found", "the look-up said \(found.word)")
      } else {
        throw NotApplicable(text: "The ERP cannot be asked, and a person decides")
      }
      let booked = try await bench.booked(submission.key).count
      findings.expect(booked == 1, "it is booked \(booked) times")
    },
    ConformanceCheck(.silver, "takes no other answer to a look-up for absent") {
      bench, findings in
      guard let finder = bench.adapter.postingFinder else {
        throw NotApplicable(text: "The adapter does not find postings")
      }
      let submission = bench.plain(90)
      _ = try await bench.outcome(of: submission)
      for (status, body) in otherAnswers {
        try await bench.require(.answerLookUp(status: status, body: body))
        let found = await finder.find(submission.key)
        findings.expect(
          found.word == "cannotTell" || found.word == "found",
          "it called the answer \(status) '\(body)' \(found.word)")
      }
    },
    ConformanceCheck(.silver, "does not take what it may not see for absent") { bench, findings in
      guard let finder = bench.adapter.postingFinder else {
        throw NotApplicable(text: "The adapter does not find postings")
      }
      let submission = bench.plain(89)
      _ = try await bench.outcome(of: submission)
      try await bench.require(.hide)
      let found = await finder.find(submission.key)
      findings.expect(found.word != "absent", "it said absent of what is booked")
    },
  ]

  /// Answers to a look-up that know nothing of entries.
  private static let otherAnswers = [
    (200, ""), (200, "{"), (200, "null"),
    (200, #"{"error":{"code":"internal","message":"Something went wrong"}}"#),
    (200, "<html><body>Sign in</body></html>"),
    (200, "<answer><status>error</status></answer>"),
    (404, "<html><body>No such page</body></html>"), (500, ""), (503, ""),
  ]
}
