package import Ledger
import SQLStore

/// Plays stories. One for each thread: its disk and its processes' stores are used again and again.
package final class Simulator {
  private var disk: MemoryDisk
  private var stores: [SQLStore] = []

  /// - Throws: ``Problem`` when there is no memory for a store.
  package init() throws(Problem) {
    disk = try MemoryDisk()
    try openStores()
  }

  private func openStores() throws(Problem) {
    stores = []
    for _ in 0..<Story.mostWorkers { stores.append(try SQLStore(on: disk)) }
  }

  /// What came of a story.
  package struct Outcome: Sendable {
    package let story: Story
    /// nil when every promise held.
    package let violation: Violation?
    package let events: Int
    package let bookings: Int
    /// Everything that happened, with the seconds since the start; empty unless it was asked for.
    package let history: [String]
  }

  package func play(
    _ story: Story, sabotage: Sabotage? = nil, keepsHistory: Bool = false
  ) throws(Problem) -> Outcome {
    try disk.wipe()
    for store in stores { store.forget() }
    let world = SimulatedWorld(
      story, on: disk, stores, sabotage: sabotage, keepsHistory: keepsHistory)
    world.play()
    if sabotage == .auditChanged {
      // It leaves the disk without a trigger.
      disk = try MemoryDisk()
      try openStores()
    }
    return Outcome(
      story: story, violation: world.violation, events: world.events,
      bookings: world.erps.reduce(0) { $0 + $1.books.count }, history: world.history ?? [])
  }

  /// Leaves out of a story what its failure does not need.
  ///
  /// - Returns: the shortest story found that still breaks the same promise.
  package func shrink(
    _ outcome: Outcome, sabotage: Sabotage? = nil, runs: Int = 400
  ) throws(Problem) -> Outcome {
    guard let violation = outcome.violation else { return outcome }
    var best = outcome
    var left = runs
    func tries(_ story: Story) throws(Problem) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      let outcome = try play(story, sabotage: sabotage)
      guard outcome.violation?.promise == violation.promise else { return false }
      best = outcome
      return true
    }
    var isShorter = true
    while isShorter, left > 0 {
      isShorter = false
      for part in [\Story.faultParts, \Story.arrivalParts] {
        var size = max(best.story[keyPath: part].count / 2, 1)
        while size >= 1 {
          var start = 0
          while start < best.story[keyPath: part].count {
            let end = min(start + size, best.story[keyPath: part].count)
            var story = best.story
            story[keyPath: part].removeSubrange(start..<end)
            if try tries(story) { isShorter = true } else { start += size }
          }
          size /= 2
        }
      }
    }
    return best
  }
}

extension Story {
  /// The parts that shrinking leaves out, each of one kind.
  fileprivate enum Part: Hashable, Sendable {
    case fault(PlannedFault)
    case arrival(Arrival)
  }

  fileprivate var faultParts: [Part] {
    get { faults.map { .fault($0) } }
    set { faults = newValue.compactMap { if case .fault(let fault) = $0 { fault } else { nil } } }
  }

  /// One for each document.
  fileprivate var arrivalParts: [Part] {
    get {
      arrivals.flatMap { arrival in
        arrival.documents.map {
          .arrival(Arrival(at: arrival.at, documents: [$0], repeatsAfter: arrival.repeatsAfter))
        }
      }
    }
    set {
      arrivals = newValue.compactMap {
        if case .arrival(let arrival) = $0 { arrival } else { nil }
      }
    }
  }
}
