import AdapterKit
import Foundation
import Ledger
import PostingEngine
import PostingRules
import SQLStore
import Synchronization
import TestSupport
import Testing

/// Faults at random moments, processes that die at random transactions, clocks that jump: every
/// document that was accepted is posted once by the ERPs' own count, or stopped with an exception.
@Suite struct ExactlyOnceTests {
  /// One installation that is killed and started again.
  private struct World {
    let folder: TemporaryFolder
    let clock = Simulation()
    let german: FakeERP
    let american: FakeERP
    var random: SeededGenerator

    init(_ seed: Seed) throws {
      folder = try TemporaryFolder("once")
      random = SeededGenerator(seed)
      german = FakeERP(clock: clock)
      american = FakeERP(clock: clock, recognisesRepeats: true)
      let percent = Int.random(in: 0...60, using: &random)
      for (erp, salt) in [(german, seed.value), (american, seed.value &+ 1)] {
        World.script(erp, salt, faultPercent: percent)
      }
    }

    var file: URL { folder.url.appendingPathComponent("postern.sqlite") }

    /// Faults that depend on the seed, the key and how often it came; fewer with every try.
    private static func script(_ erp: FakeERP, _ salt: UInt64, faultPercent: Int) {
      let random = Mutex(SeededGenerator(Seed(salt)))
      erp.set {
        $0.latency = { .milliseconds(random.withLock { Int64.random(in: 5...3_000, using: &$0) }) }
        $0.fault = { key, count in
          random.withLock { random in
            guard Int.random(in: 0..<100, using: &random) < faultPercent / count else { return nil }
            let quiet = Int64.random(in: 0...19_000, using: &random)
            let faults: [FakeERP.Fault] = [
              .loseAnswer, .loseAnswer, .loseRequest, .bookLater(.milliseconds(quiet)), .forget,
              .throttle(.entry, after: nil), .throttle(.connection, after: .milliseconds(quiet)),
              .throttle(.connection, after: nil), .bookAndHang, .hangStubbornly,
              .refuse(.validation),
            ]
            return faults.randomElement(using: &random)
          }
        }
        $0.lookUpFault = { _, count in
          random.withLock { random in
            guard Int.random(in: 0..<100, using: &random) < faultPercent / count else { return nil }
            return Bool.random(using: &random) ? .cannotTell : .hang
          }
        }
      }
    }

    mutating func connections() -> [EngineConnection] {
      func limits(_ random: inout SeededGenerator) -> ConnectionLimits {
        ConnectionLimits(
          concurrency: Int.random(in: 1...4, using: &random),
          perSecond: Bool.random(using: &random) ? Int.random(in: 1...9, using: &random) : nil)
      }
      return [
        EngineConnection(
          id: Sample.germanERP,
          adapter: FindingAdapter(
            erp: german, descriptor: .fake(batch: Int.random(in: 1...5, using: &random))),
          limits: limits(&random), callTimeout: .seconds(30)),
        EngineConnection(
          id: Sample.americanERP,
          adapter: SendingAdapter(
            erp: american,
            descriptor: .fake(
              batch: Int.random(in: 1...5, using: &random), idempotency: .native)),
          limits: limits(&random), callTimeout: .seconds(30)),
      ]
    }

    mutating func documents() throws -> [Document] {
      var documents: [Document] = []
      for number in 1...Int.random(in: 4...14, using: &random) {
        let id = "INV-\(number)"
        if Int.random(in: 0..<3, using: &random) == 0 {
          documents.append(
            try Sample.invoice(id, "10.00", entity: Sample.america, in: Sample.dollar))
          continue
        }
        documents.append(try Sample.invoice(id, "10.00"))
        if Bool.random(using: &random) {
          documents.append(try Sample.payment("P-\(number)", "4.00", to: [(id, "4.00")]))
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
          documents.append(try Sample.invoice(id, "9.00", revision: 2))
        }
      }
      documents.shuffle(using: &random)
      return documents
    }
  }

  @Test(arguments: Seed.forThisRun)
  func `whatever fails and whenever it dies, nothing is posted twice and nothing is lost`(
    seed: Seed
  ) async throws {
    var world = try World(seed)
    let acceptance = Acceptance(ruleBook: Sample.book(), installation: "test")
    var left = try world.documents()
    let all = left.map(\.identity)
    if Int.random(in: 0..<4, using: &world.random) == 0 {
      let hour = Int64.random(in: -3_600...0, using: &world.random)
      let at = Simulation.start + .seconds(Int64.random(in: 1...60, using: &world.random))
      world.clock.jump(by: .seconds(hour), at: at)
    }
    for life in 0..<40 {
      let isLast = left.isEmpty && life >= 6
      let file = try SQLStore(file: world.file)
      let store = MortalStore(
        file, transactions: isLast ? nil : Int.random(in: 0...40, using: &world.random),
        end: Bool.random(using: &world.random) ? .before : .after)
      try Self.handOver(&left, acceptance, store, at: world.clock.now, &world.random)
      let clock = world.clock
      let engine = PostingEngine(
        store: store, commit: GroupCommit(store: store, schedule: clock.schedule),
        connections: world.connections(), clock: clock, seed: world.random.next())
      let stopAfter: Duration? =
        isLast || Bool.random(using: &world.random)
        ? nil : .milliseconds(Int64.random(in: 0...90_000, using: &world.random))
      do {
        try await Self.run(engine, clock, stopAfter: stopAfter)
        if isLast {
          // What a clock that jumped has put off.
          for _ in 0..<3 {
            clock.pass(.seconds(4_000))
            try await Self.run(engine, clock, stopAfter: nil)
          }
        }
      } catch let problem as Problem {
        #expect(problem == MortalStore.died)
        #expect(!isLast)
      }
      try Self.check(file, world, isLast: isLast, all: all)
      try file.close()
      if isLast { return }
    }
    Issue.record("documents were never all handed over")
  }

  private static func run(
    _ engine: PostingEngine, _ clock: Simulation, stopAfter: Duration?
  ) async throws {
    try await clock.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        if let stopAfter {
          let moment = clock.now + stopAfter
          group.addTask {
            try? await clock.sleep(until: moment)
            if !Task.isCancelled { engine.stop() }
          }
        }
        group.addTask { try await engine.run(until: .idle) }
        if stopAfter == nil { try await group.waitForAll() }
        while let result = await group.nextResult() {
          try result.get()
        }
      }
    }
  }

  /// Hands over some documents, as a source does that repeats what was not answered.
  private static func handOver(
    _ left: inout [Document], _ acceptance: Acceptance, _ store: MortalStore, at now: Moment,
    _ random: inout SeededGenerator
  ) throws {
    var converter = acceptance.makeConverter()
    for _ in 0..<Int.random(in: 0...10, using: &random) {
      guard let document = left.first else { return }
      let prepared = try acceptance.prepare(document, using: &converter)
      do {
        let verdict = try store.write {
          try acceptance.accept(prepared, at: now, using: &converter, in: $0)
        }
        #expect(
          verdict.kind == .accepted || verdict.kind == .repeat
            || (verdict.kind == .conflict && document.revision == 1), "\(verdict)")
        left.removeFirst()
      } catch let problem as Problem {
        #expect(problem == MortalStore.died)
        return
      }
    }
  }

  private static func check(
    _ store: SQLStore, _ world: World, isLast: Bool, all: [DocumentIdentity]
  ) throws {
    for erp in [world.german, world.american] {
      let bookings = erp.current.bookings
      let keys = Set(bookings.map(\.key))
      #expect(keys.count == bookings.count, "an entry is booked twice")
    }
    guard isLast else { return }
    try store.read { queries in
      var posted = 0
      var booked = world.german.current.bookings.count + world.american.current.bookings.count
      for identity in Set(all) {
        for document in try queries.revisions(of: identity) {
          for posting in try queries.postings(of: document.number) {
            let erp = posting.connection == Sample.germanERP ? world.german : world.american
            let exceptions = try queries.openExceptions(of: posting.number)
            switch posting.state {
            case .posted, .reversed:
              posted += 1
              #expect(erp.bookings(of: posting.entry) == 1)
              #expect(exceptions.isEmpty)
            case .cancelled: #expect(erp.bookings(of: posting.entry) == 0)
            case .rejected:
              // An ERP that recognises repeats may refuse one of what it has booked.
              #expect(erp.bookings(of: posting.entry) == 0 || posting.isDoubtful)
              booked -= erp.bookings(of: posting.entry)
              #expect(exceptions.count == 1)
            case .waiting:
              #expect(posting.reason == .order)
              let first = try queries.unpostedPredecessors(of: posting.number)
              #expect(!first.isEmpty, "it waits for nothing")
            case .due, .sending, .submitted, .unknown:
              Issue.record("\(posting) was left")
            }
          }
        }
        #expect(try queries.document(identity) != nil, "\(identity) is lost")
      }
      #expect(booked == posted)
    }
  }
}
