import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import SQLStore

/// One run of a story: everything happens here, on one thread, in virtual time.
final class SimulatedWorld {
  let story: Story
  let sabotage: Sabotage?
  private(set) var now = SimulatedGroup.start { didSet { trueTime.set(now) } }
  let trueTime = TrueTime()
  private var timeline = Timeline()
  private(set) var erps: [SimulatedERP] = []
  private(set) var workers: [Worker] = []
  private(set) var disk: MemoryDisk
  private(set) var acceptance: Acceptance
  /// Rules that are mended, and what waited for them is converted.
  var isMended = false
  /// What the sender was told about each document, by identity, revision and content.
  var told: [Document: Verdict.Kind] = [:]
  /// Requests without an answer so far.
  var unanswered = 0
  /// Entries that an ERP may book later than its owner declared: they can be booked twice, and then
  /// somebody has to be told.
  var lateKeys: Set<PostingKey> = []
  /// The last event that was checked.
  var lastEvent: Int64 = 0
  private(set) var violation: Violation?
  /// What happened, line by line; nil keeps nothing.
  private(set) var history: [String]?
  private(set) var events = 0

  private var commits = 0
  private var calls: [CallName: Int] = [:]
  private let deaths: [Int: PlannedFault.Death]
  private let callFaults: [NumberedCall: PlannedFault.CallFault]
  /// What was on the disk at its last sync, where a commit does not wait for one.
  private var synced: MemoryDisk?

  struct CallName: Hashable {
    let connection: Int
    let kind: PlannedFault.CallKind
  }

  private struct NumberedCall: Hashable {
    let name: CallName
    let number: Int
  }

  /// More than any story needs that comes to an end.
  private static let maximumEvents = 300_000
  /// How long documents wait for what they refer to.
  private static let waitLimit: Duration = .seconds(3_600)
  /// Commits between two syncs of a disk that loses some.
  private static let commitsPerSync = 4

  /// - Parameter stores: opened on the disk, one for each worker or more.
  init(
    _ story: Story, on disk: MemoryDisk, _ stores: [SQLStore], sabotage: Sabotage?,
    keepsHistory: Bool
  ) {
    self.story = story
    self.sabotage = sabotage
    self.disk = disk
    history = keepsHistory ? [] : nil
    acceptance = SimulatedWorld.acceptance(story, isMended: false)
    var deaths: [Int: PlannedFault.Death] = [:]
    var callFaults: [NumberedCall: PlannedFault.CallFault] = [:]
    for fault in story.faults {
      switch fault {
      case .dieAtCommit(let number, let death): deaths[number] = death
      case .call(let connection, let kind, let number, let what):
        let name = CallName(connection: connection, kind: kind)
        callFaults[NumberedCall(name: name, number: number)] = what
      default: break
      }
    }
    self.deaths = deaths
    self.callFaults = callFaults
    erps = story.erps.enumerated().map { SimulatedERP($0.offset + 1, $0.element, in: self) }
    workers = (1...story.workers).map { Worker($0, on: stores[$0 - 1], in: self) }
  }

  private static func acceptance(_ story: Story, isMended: Bool) -> Acceptance {
    Acceptance(
      ruleBook: SimulatedGroup.rules(entities: story.erps.count, isMended: isMended),
      installation: "simulation", waitLimit: waitLimit)
  }

  var setCourse: EntrySetCourse {
    let kind: EntrySetCourse.Kind =
      switch story.setCourse {
      case .wait: .wait
      case .ask: .ask
      case .compensate: .compensate(acceptance.compensation)
      }
    return EntrySetCourse(kind, after: story.setsLieApartFor)
  }

  var closedPeriods: ClosedPeriodPolicies {
    ClosedPeriodPolicies(
      Dictionary(
        uniqueKeysWithValues: story.closedPeriods.enumerated().map {
          (SimulatedGroup.entity($0.offset + 1), $0.element)
        }),
      closedHere: Dictionary(
        uniqueKeysWithValues: story.closedPeriods.indices.map {
          (SimulatedGroup.entity($0 + 1), [FiscalPeriod(containing: SimulatedGroup.laterDay)])
        }))
  }

  func mendRules() { acceptance = SimulatedWorld.acceptance(story, isMended: true) }

  // MARK: Time

  func at(_ moment: Moment, _ happen: @escaping () -> Void) {
    timeline.add(at: max(moment, now), happen)
  }

  func later(after duration: Duration, _ happen: @escaping () -> Void) {
    at(now + duration, happen)
  }

  /// Lets everything happen that happens until then.
  func run(until end: Moment) {
    while violation == nil, let next = timeline.next(until: end) {
      now = next.at
      events += 1
      next.happen()
      if events > SimulatedWorld.maximumEvents {
        fail(.settles, "It does not come to an end: \(events) events")
      }
    }
    if violation == nil { now = max(now, end) }
  }

  /// Lets go of everything that was to happen.
  func end() { timeline.removeAll() }

  var isCalm: Bool { now >= SimulatedGroup.start + story.calmAt }

  /// Whether a fault that lasts is on; `during` says from when and for how long, nil for others.
  func isActive(_ during: (PlannedFault) -> (at: Duration, for: Duration)?) -> Bool {
    guard !isCalm else { return false }
    let time = now - SimulatedGroup.start
    return story.faults.contains { fault in
      guard let (at, length) = during(fault) else { return false }
      return at <= time && time < at + length
    }
  }

  // MARK: Faults

  /// Counts a commit; how the process dies in it, if it does.
  func beginCommit() -> PlannedFault.Death? {
    commits += 1
    return isCalm ? nil : deaths[commits]
  }

  /// A commit was acknowledged.
  func commitDone() throws {
    guard sabotage == .commitsUnsynced else { return }
    if synced == nil || commits % SimulatedWorld.commitsPerSync == 0 { synced = try disk.copy() }
  }

  /// The machine loses what the disk had not synced.
  func loseUnsynced() throws {
    guard let synced else { return }
    disk = try synced.copy()
    for worker in workers { worker.store = try SQLStore(on: disk) }
  }

  /// Counts a call; what befalls it.
  func beginCall(_ kind: PlannedFault.CallKind, on connection: Int)
    -> (number: Int, fault: PlannedFault.CallFault?)
  {
    let name = CallName(connection: connection, kind: kind)
    calls[name, default: 0] += 1
    let number = calls[name, default: 0]
    return (number, isCalm ? nil : callFaults[NumberedCall(name: name, number: number)])
  }

  // MARK: What is seen

  func fail(_ promise: Violation.Promise, _ detail: String) {
    guard violation == nil else { return }
    violation = Violation(promise, detail)
    log("BROKEN \(promise.rawValue): \(detail)")
  }

  func log(_ line: @autoclosure () -> String) {
    guard history != nil else { return }
    let time = (now - SimulatedGroup.start).storyText
    history?.append("\(time) \(line())")
  }
}
