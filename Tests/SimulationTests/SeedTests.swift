import Foundation
import Simulation
import Testing

@Suite struct SeedTests {
  /// As many as fit in about a minute; `SIMULATION_SEEDS=20000` plays more.
  static let count =
    ProcessInfo.processInfo.environment["SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 500

  static func text(_ outcome: Simulator.Outcome) -> String {
    let violation = outcome.violation.map { "\($0.promise.rawValue): \($0.detail)" } ?? "holds"
    return
      (["seed \(outcome.story.seed) breaks \(violation)"] + outcome.story.text
      + outcome.history).joined(separator: "\n")
  }

  @Test func `whatever a story has in store, every promise holds`() throws {
    let report = try SeedRun(seeds: 1...SeedTests.count, jobs: 2).play()
    for failure in report.failures { Issue.record("\(SeedTests.text(failure))") }
    #expect(report.played == Int(SeedTests.count))
    #expect(report.bookings > report.played, "stories in which little is booked show little")
  }

  /// Beside this file.
  static let failedSeeds: [UInt64] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("seeds-that-failed.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { line in
      line.split(separator: " ").first.flatMap { UInt64($0) }
    }
  }()

  @Test func `the list of seeds that failed is there`() {
    #expect(!SeedTests.failedSeeds.isEmpty)
  }

  @Test(arguments: SeedTests.failedSeeds)
  func `a seed that failed once does not fail again`(seed: UInt64) throws {
    let outcome = try Simulator().play(Story(seed: seed), keepsHistory: true)
    #expect(outcome.violation == nil, "\(SeedTests.text(outcome))")
  }

  @Test(arguments: [3, 14, 22] as [UInt64])
  func `a story goes the same way every time`(seed: UInt64) throws {
    let simulator = try Simulator()
    let first = try simulator.play(Story(seed: seed), keepsHistory: true)
    // Another story in between leaves nothing behind.
    _ = try simulator.play(Story(seed: seed + 1))
    let second = try simulator.play(Story(seed: seed), keepsHistory: true)
    #expect(first.history == second.history)
    #expect(first.history.count > 10)
  }
}
