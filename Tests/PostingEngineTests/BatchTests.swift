import AdapterKit
import Ledger
import PostingEngine
import Synchronization
import TestSupport
import Testing

/// ERPs that book a batch whole or not at all.
@Suite struct BatchTests {
  let fixture: EngineFixture

  init() throws { fixture = try EngineFixture() }

  /// Refuses every batch that has a poisonous entry in it, and does not say which.
  private final class AtomicERP: ERPAdapter {
    let descriptor: AdapterDescriptor
    let poison: Set<PostingKey>
    let rejection: Rejection.Class
    private let sizes = Mutex<[Int]>([])
    private let booked = Mutex<[PostingKey]>([])

    init(batch: Int, poison: Set<PostingKey>, rejection: Rejection.Class = .validation) {
      var descriptor = AdapterDescriptor.fake(batch: batch)
      descriptor.batchIsAtomic = true
      self.descriptor = descriptor
      self.poison = poison
      self.rejection = rejection
    }

    var sends: [Int] { sizes.withLock { $0 } }
    var books: [PostingKey] { booked.withLock { $0 } }

    func check() async -> [Problem] { [] }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      sizes.withLock { $0.append(batch.count) }
      var outcomes: [PostingKey: PostingOutcome] = [:]
      let isRefused = batch.contains { poison.contains($0.key) }
      for submission in batch {
        if isRefused {
          outcomes[submission.key] = .rejected(Rejection(rejection, FakeERP.refused))
        } else {
          booked.withLock { $0.append(submission.key) }
          outcomes[submission.key] = .posted(Receipt(id: submission.key.text, number: "7"))
        }
      }
      return outcomes
    }
  }

  /// Books a batch up to the first poisonous entry, refuses it as a whole, and would book a repeat.
  private final class CarelessERP: FindsPostings {
    let descriptor = AdapterDescriptor.fake(batch: 16)
    let poison: Set<PostingKey>
    private let booked = Mutex<[PostingKey]>([])

    init(poison: Set<PostingKey>) { self.poison = poison }

    var books: [PostingKey] { booked.withLock { $0 } }

    func check() async -> [Problem] { [] }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      let sound = batch.prefix { !poison.contains($0.key) }
      booked.withLock { $0 += sound.map(\.key) }
      let refusal = Rejection(.validation, FakeERP.refused)
      return Dictionary(
        batch.map { submission in
          let receipt = Receipt(id: submission.key.text, number: "7")
          guard sound.count < batch.count else { return (submission.key, .posted(receipt)) }
          return (
            submission.key, batch.count > 1 ? .inRefusedBatch(refusal) : .rejected(refusal)
          )
        }
      ) { first, _ in first }
    }
    func find(_ key: PostingKey) async -> Finding {
      Finding(
        books.filter { $0 == key }.map { FoundDocument(key: $0.text, id: nil, number: "7") },
        for: key)
    }
  }

  @Test(arguments: [[1], [7], [16], [3, 4, 12]])
  func `what a refused batch may have left is looked up, and the rest goes in smaller ones`(
    poisoned: [Int]
  ) async throws {
    let keys = try accept(16)
    let erp = CarelessERP(poison: Set(poisoned.map { keys[$0 - 1] }))
    try await fixture.run(
      EngineConnection(
        id: Sample.germanERP, adapter: erp, limits: ConnectionLimits(concurrency: 1)))
    #expect(erp.books.count == 16 - poisoned.count)
    #expect(Set(erp.books) == Set(keys).subtracting(erp.poison))
    #expect(
      try fixture.classes == Array(repeating: "rejected_validation", count: poisoned.count))
  }

  private func accept(_ count: Int) throws -> [PostingKey] {
    try (1...count).map { number in
      try fixture.accept(try Sample.invoice("INV-\(number)", "1.00"))
      return try fixture.posting(.invoice, "INV-\(number)").entry
    }
  }

  private func connection(_ erp: AtomicERP) -> EngineConnection {
    EngineConnection(
      id: Sample.germanERP, adapter: erp, limits: ConnectionLimits(concurrency: 1))
  }

  @Test(arguments: [(64, 1, 13), (64, 64, 13), (100, 37, 15), (2, 1, 3), (3, 2, 5)])
  func `one poisonous entry is found in so many sends, and the others post`(
    count: Int, poisoned: Int, mostSends: Int
  ) async throws {
    let keys = try accept(count)
    let erp = AtomicERP(batch: count, poison: [keys[poisoned - 1]])
    try await fixture.run(connection(erp))
    #expect(Set(erp.books) == Set(keys).subtracting(erp.poison))
    #expect(erp.books.count == count - 1)
    #expect(erp.sends.count <= mostSends, "\(erp.sends)")
    #expect(try fixture.classes == ["rejected_validation"])
    #expect(try fixture.state(.invoice, "INV-\(poisoned)") == .exception)
  }

  @Test func `a process that dies in the middle goes on where it was`() async throws {
    let keys = try accept(32)
    let erp = AtomicERP(batch: 32, poison: [keys[4]])
    for call in 1... {
      let engine = fixture.engine([connection(erp)])
      let clock = fixture.clock
      try await clock.run {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await engine.run(until: .idle) }
          group.addTask {
            try await clock.sleep(until: clock.now + .milliseconds(1))
            engine.stop()
          }
          try await group.waitForAll()
        }
      }
      if try fixture.store.read({ try $0.nextDue(Sample.germanERP) }) == nil { break }
      guard call < 50 else {
        Issue.record("it never ends")
        break
      }
    }
    #expect(erp.books.count == 31)
    #expect(erp.sends.count <= 11, "\(erp.sends)")
    #expect(try fixture.classes == ["rejected_validation"])
  }

  @Test func `a refusal of our key is every entry's, without taking the batch apart`() async throws
  {
    let keys = try accept(8)
    let erp = AtomicERP(batch: 8, poison: [keys[0]], rejection: .permission)
    try await fixture.run(connection(erp))
    #expect(erp.sends == [8])
    #expect(try fixture.classes == Array(repeating: "rejected_permission", count: 8))
  }

  @Test func `what was never sent does not join what is taken apart`() async throws {
    let keys = try accept(8)
    let erp = AtomicERP(batch: 4, poison: [keys[1]])
    try await fixture.run(connection(erp))
    #expect(erp.sends == [4, 4, 2, 1, 1, 2] || erp.sends.count == 6, "\(erp.sends)")
    #expect(erp.books.count == 7)
  }
}
