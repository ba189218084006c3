import Ledger
import PostingEngine
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
  let policy = RetryPolicy(firstDelay: .seconds(1), maximumDelay: .seconds(60))

  @Test(arguments: [
    (-1, 1_000), (0, 1_000), (1, 1_000), (2, 2_000), (3, 4_000), (6, 32_000), (7, 60_000),
    (1_000_000, 60_000), (Int.max, 60_000),
  ])
  func `a delay is drawn evenly from zero to a ceiling that doubles up to the cap`(
    attempt: Int, ceiling milliseconds: Int
  ) {
    let ceiling = Int64(milliseconds)
    var random = SeededGenerator(7)
    let drawn = (0..<2_000).map { _ in
      policy.delay(afterAttempt: attempt, using: &random).wholeMilliseconds
    }
    #expect(drawn.allSatisfy { (0...ceiling).contains($0) })
    let mean = drawn.reduce(0, +) / Int64(drawn.count)
    #expect((ceiling * 45 / 100...ceiling * 55 / 100).contains(mean))
    #expect(drawn.contains { $0 < ceiling / 20 })
    #expect(drawn.contains { $0 > ceiling - ceiling / 20 })
  }

  @Test(arguments: Seed.forThisRun)
  func `one seed draws the same delays twice`(seed: Seed) {
    func draw() -> [Duration] {
      let generator = Jitter(seed: seed.value).generator
      var random = generator
      return (1...20).map { policy.delay(afterAttempt: $0, using: &random) }
    }
    #expect(draw() == draw())
  }

  @Test(arguments: [
    (nil, 0), (Duration.seconds(-5), 0), (.seconds(30), 30_000),
    (.seconds(Int64.max / 4), 3_600_000),
  ])
  func `an ERP's wish is a lower bound up to an hour`(wish: Duration?, milliseconds: Int) {
    let atLeast = Int64(milliseconds)
    var random = SeededGenerator(3)
    for _ in 0..<100 {
      let delay = policy.delay(afterAttempt: 1, wish: wish, using: &random).wholeMilliseconds
      #expect(delay >= atLeast && delay <= max(atLeast, 1_000))
    }
  }
}
