import Foundation
import Simulation
import Testing

@Suite struct SimulatorTests {
  @Test func `probe`() throws {
    let environment = ProcessInfo.processInfo.environment
    let first = UInt64(environment["FIRST"] ?? "1") ?? 1
    let last = UInt64(environment["LAST"] ?? "50") ?? 50
    let sabotage = environment["SABOTAGE"].flatMap { Sabotage(rawValue: $0) }
    let simulator = try Simulator()
    let start = ContinuousClock.now
    var bookings = 0
    var events = 0
    for seed in first...last {
      let outcome = try simulator.play(Story(seed: seed), sabotage: sabotage)
      bookings += outcome.bookings
      events += outcome.events
      guard let violation = outcome.violation else { continue }
      print("seed \(seed): \(violation.promise) \(violation.detail)")
      if environment["SHRINK"] != nil {
        let short = try simulator.shrink(outcome, sabotage: sabotage)
        let told = try simulator.play(short.story, sabotage: sabotage, keepsHistory: true)
        print((told.story.text + ["--"] + told.history).joined(separator: "\n"))
      }
      if environment["ALL"] == nil { break }
    }
    print("\(bookings) bookings, \(events) events, \(ContinuousClock.now - start)")
  }
}
