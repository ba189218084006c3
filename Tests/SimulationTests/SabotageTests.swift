import Simulation
import Testing

/// The simulator can see: what it would miss, it would not prove.
@Suite struct SabotageTests {
  static let patience: UInt64 = 1_000
  /// What is seldom seen, and a seed that showed it: tried first, to save the way there.
  static let seldom: [Sabotage: UInt64] = [
    .sendsAfterLease: 377, .batchesKeptWhole: 846, .partsForgotten: 179,
  ]

  @Test(arguments: Sabotage.allCases)
  func `a guarantee that is switched off is missed within a thousand seeds`(
    sabotage: Sabotage
  ) throws {
    let simulator = try Simulator()
    let first = SabotageTests.seldom[sabotage].map { [$0] } ?? []
    for seed in first + Array(1...SabotageTests.patience) {
      let outcome = try simulator.play(Story(seed: seed), sabotage: sabotage)
      guard let violation = outcome.violation else { continue }
      #expect(violation.promise != .noDefect, "\(violation.detail)")
      return
    }
    Issue.record("\(sabotage) was not seen in \(SabotageTests.patience) seeds")
  }

  @Test func `a story that fails is shortened until nothing more can be left out`() throws {
    let simulator = try Simulator()
    let outcome = try #require(
      (1...100).lazy.compactMap { seed in
        try? simulator.play(Story(seed: seed), sabotage: .claimsForgotten)
      }.first { $0.violation?.promise == .nothingTwice })
    let short = try simulator.shrink(outcome, sabotage: .claimsForgotten)
    #expect(short.violation?.promise == .nothingTwice)
    func size(_ story: Story) -> Int { story.documentCount + story.faults.count }
    #expect(size(short.story) < size(outcome.story))
    func stillFails(_ story: Story) throws -> Bool {
      try simulator.play(story, sabotage: .claimsForgotten).violation?.promise == .nothingTwice
    }
    for index in short.story.faults.indices {
      var story = short.story
      story.faults.remove(at: index)
      #expect(try !stillFails(story), "fault \(index) is not needed: \(short.story.text)")
    }
    for index in short.story.arrivals.indices {
      var story = short.story
      story.arrivals.remove(at: index)
      #expect(try !stillFails(story), "arrival \(index) is not needed: \(short.story.text)")
    }
  }
}
