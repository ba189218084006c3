import AdapterKit
import Ledger
import PostingEngine
import SQLStore

/// The process is gone.
struct ProcessDied: Error {}

/// One process of Postern: it takes documents in and delivers, until it dies and starts again.
final class Worker {
  let number: Int
  unowned let world: SimulatedWorld
  /// What the process has on the disk.
  var store: SQLStore
  var lines: [Line]
  /// Submissions that it waits for.
  var flights: [Flight] = []
  var random: SimulationRandom
  private var generation = 0
  private var isAlive = false
  private var sleepsUntil: Moment?
  /// How far its clock is off.
  private var offset: Duration = .zero
  /// What the process has seen since it started.
  private(set) var watch: DoubtWatch?

  /// What the process knows of one connection.
  struct Line {
    let number: Int
    let connection: EngineConnection
    let delivery: Delivery
    var governor: ConnectionGovernor
    var pollsFirst = false
    var timer: Moment?
    var isRung = false

    init(_ number: Int, _ connection: EngineConnection, _ watch: DoubtWatch?) {
      self.number = number
      self.connection = connection
      var delivery = connection.delivery
      delivery.watch = watch
      self.delivery = delivery
      governor = ConnectionGovernor(limits: connection.limits)
    }
  }

  private static let housekeepingInterval: Duration = .seconds(10)
  private static let calmInterval: Duration = .seconds(300)

  init(_ number: Int, on store: SQLStore, in world: SimulatedWorld) {
    self.number = number
    self.store = store
    self.world = world
    lines = []
    random = SimulationRandom(world.story.seed, 5, number)
  }

  var clock: Moment { world.now + offset }

  /// Whether it answers at the moment.
  var isUp: Bool { isAlive && !isAsleep }

  private var isAsleep: Bool { sleepsUntil.map { $0 > world.now } ?? false }

  /// Forgets what it remembered of the store.
  func reopen() { store.forget() }

  func setClock(by duration: Duration) {
    offset += duration
    ringAll()
  }

  func sleep(for duration: Duration) {
    sleepsUntil = max(sleepsUntil ?? world.now, world.now + duration)
    world.log(
      "worker \(number) sleeps until \((world.now + duration - SimulatedGroup.start).storyText)")
  }

  // MARK: Life

  func start() {
    generation += 1
    isAlive = true
    sleepsUntil = nil
    reopen()
    if world.sabotage == .clocksBelieved {
      watch = nil
    } else {
      watch = DoubtWatch { [trueTime = world.trueTime] in trueTime.elapsed }
    }
    let quiet: Duration? = world.sabotage == .quietPeriodSkipped ? .zero : nil
    lines = world.erps.map { erp in
      Line(
        erp.number,
        erp.profile.connection(
          SimulatedGroup.connection(erp.number),
          quietPeriod: quiet ?? erp.profile.quietPeriod,
          closedPeriods: world.closedPeriods), watch)
    }
    world.log("worker \(number) starts")
    later(after: .zero) { worker in
      // The only engine on a store knows that every claim's holder is gone.
      if worker.world.story.workers == 1 { try worker.recover(everyone: true) }
      try worker.keepHouse()
    }
    ringAll()
  }

  func die(for duration: Duration) {
    guard isAlive else { return }
    world.log("worker \(number) dies")
    generation += 1
    isAlive = false
    for flight in flights { flight.abandon(in: world) }
    flights = []
    lines = []
    do { try world.loseUnsynced() } catch { world.fail(.noDefect, "\(error)") }
    world.later(after: duration) { [weak self] in self?.start() }
  }

  /// Runs `body` unless the process has died meanwhile; when it sleeps, after that.
  func at(_ moment: Moment, _ body: @escaping (Worker) throws -> Void) {
    let generation = generation
    world.at(moment) { [weak self] in self?.attempt(generation, body) }
  }

  func later(after duration: Duration, _ body: @escaping (Worker) throws -> Void) {
    at(world.now + duration, body)
  }

  private func attempt(_ generation: Int, _ body: @escaping (Worker) throws -> Void) {
    guard generation == self.generation, isAlive else { return }
    if let sleepsUntil, isAsleep {
      return world.at(sleepsUntil) { [weak self] in self?.attempt(generation, body) }
    }
    perform { try body(self) }
  }

  /// Does something that may end the process.
  ///
  /// - Returns: whether it went well.
  @discardableResult
  func perform(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch is ProcessDied {
      die(for: random.milliseconds(100...100_000))
    } catch let problem as Problem where problem == Worker.diskFull {
      die(for: random.milliseconds(100...100_000))
    } catch {
      world.fail(.noDefect, "Worker \(number): \(error)")
    }
    return false
  }

  static let diskFull = Problem(
    code: "store_full", detail: "The disk is full", fix: "Free space")

  // MARK: Store

  /// One durable transaction, or what the story has for it.
  func write<Result>(_ body: (any PostingTransaction) throws -> Result) throws -> Result {
    let death = world.beginCommit()
    let isFull = world.isActive { fault in
      if case .diskFull(let at, let time) = fault { (at, time) } else { nil }
    }
    switch death {
    case .before, .torn:
      return try store.write { transaction in
        _ = try body(transaction)
        throw ProcessDied()
      }
    case .after:
      _ = try store.write(body)
      try world.commitDone()
      throw ProcessDied()
    case nil where isFull:
      return try store.write { transaction in
        _ = try body(transaction)
        throw Worker.diskFull
      }
    case nil:
      let result = try store.write(body)
      try world.commitDone()
      return result
    }
  }

  // MARK: Housekeeping

  private func keepHouse() throws {
    let now = clock
    if try store.read({ try !$0.lapsed(at: now, limit: 1).isEmpty }) {
      try recover(everyone: false)
    }
    while try store.read({ try !$0.waitsEnded(by: now).isEmpty }) {
      try write { try Housekeeping.endWaits(at: now, in: $0) }
    }
    try endSets(at: now)
    let interval =
      world.isCalm ? Worker.calmInterval : Worker.housekeepingInterval
    later(after: interval) { try $0.keepHouse() }
  }

  /// Documents that have been posted in part for too long.
  private func endSets(at now: Moment) throws {
    let course = world.setCourse
    guard world.sabotage != .setsForgotten else { return try forgetSets(at: now) }
    guard try store.read({ try EntrySet.isOverdue(at: now, course, in: $0) }) else { return }
    try write { try EntrySet.end(at: now, course, limit: Housekeeping.batch, in: $0) }
    world.log("worker \(number) ends sets")
    world.ringAll()
  }

  /// Nobody is told of them either.
  private func forgetSets(at now: Moment) throws {
    let told = world.openExceptions.filter { $0.exceptionClass == "half_posted" }
    guard !told.isEmpty else { return }
    try write { transaction in
      for id in told.compactMap(\.id) { try transaction.resolve(exception: id, at: now) }
      for number in told.compactMap(\.document) {
        try DocumentProgress.refresh(number, in: transaction)
      }
    }
  }

  private func recover(everyone: Bool) throws {
    let now = clock
    let lines = lines
    let watch = watch
    let forgets = world.sabotage == .claimsForgotten
    let count = try write { transaction in
      let held = forgets ? try transaction.lapsed(at: everyone ? .never : now, limit: 500) : []
      let count = try Delivery.recoverLapsed(
        at: now, everyone: everyone, limit: 500,
        quietPeriod: { id in
          lines.first { $0.connection.id == id }?.connection.adapter.descriptor.quietPeriod
            ?? .zero
        },
        lease: { id in lines.first { $0.connection.id == id }?.delivery.lease ?? .zero },
        watch: watch, in: transaction)
      for var posting in held where posting.state == .sending {
        posting.state = .due
        posting.isDoubtful = false
        posting.leasedUntil = nil
        try transaction.update(posting)
      }
      return count
    }
    if count > 0 { world.log("worker \(number) recovers \(count)") }
    world.ringAll()
  }

  // MARK: Bells

  func ringAll() {
    for index in lines.indices where !lines[index].isRung {
      lines[index].isRung = true
      later(after: .milliseconds(random.number(1...5))) { worker in
        worker.lines[index].isRung = false
        try worker.look(index)
      }
    }
  }
}

extension SimulatedWorld {
  /// Something changed that may give everybody something to do.
  func ringAll() {
    for worker in workers { worker.ringAll() }
  }
}
