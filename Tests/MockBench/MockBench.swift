package import AdapterConformance
package import AdapterKit
package import Ledger
package import MockERP

/// An adapter over HTTP in front of a mock ERP of its own: what all such benches have in common.
package protocol MockBench: ConformanceBench {
  var server: MockERPServer { get }
  /// Between the adapter and the ERP.
  var http: FaultyHTTPClient { get }
  /// As fault files call it.
  var dialect: String { get }
  /// What books entries, as fault files call it.
  var operation: String { get }
  /// Whose books are looked into.
  var company: String { get }
}

extension MockBench {
  package var company: String { "DE01" }

  package func booked(_ key: PostingKey) async -> [BookedPosting] {
    await server.books.entries(forKey: key.text, company: company).map { BookedPosting($0) }
  }

  /// Breaks what books entries, or another operation, so many times; nil for ever.
  package func plant(
    _ act: FaultRule.Act, on other: String? = nil, times: Int? = 1
  ) async {
    await server.faults.set([
      FaultRule(
        match: FaultRule.Match(dialect: dialect, operation: other ?? operation), act: act,
        times: times)
    ])
  }

  package func arrange(_ fault: ConformanceFault) async throws -> Bool {
    await arrangeAsUsual(fault)
  }

  /// By a fault of the mock ERP itself where it has one, else by what stands before it.
  package func arrangeAsUsual(_ fault: ConformanceFault) async -> Bool {
    switch fault {
    case .loseAnswer: await plant(.bookThenDrop)
    case .dropRequest: await plant(.reset)
    case .garbleAnswer: await plant(.malformed(booked: false))
    case .throttle: await plant(.throttle(retryAfter: 1))
    case .refuse(let text): await plant(.refuse(Refusal(code: "closed_period", message: text)))
    case .answer(let status, nil, "") where status != 200: await plant(.status(status))
    case .bookThenAnswer(let status): await plant(.bookThenStatus(status))
    case .answer, .answerLookUp: return http.arrange(fault)
    case .hide, .loseVerdict: return false
    }
    return true
  }

  package func spoil(_ answer: BadAnswer) async throws -> Bool {
    http.spoil(answer)
    return true
  }

  package func holdBack() async throws -> Bool {
    http.holdBack()
    return true
  }

  package func deliverLate() async { await http.deliverLate() }

  package func settle() {}
}
