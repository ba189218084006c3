import Foundation
import Ledger
import PostingEngine
import Synchronization
import Testing

@Suite struct GroupCommitTests {
  /// Counts transactions, and fails those it is told to.
  private final class CountingStore: PostingStore {
    let base: any PostingStore
    let commits = Mutex(0)
    let isFull = Mutex(false)

    init(_ base: any PostingStore) { self.base = base }

    func write<Result>(_ body: (any PostingTransaction) throws -> Result) throws -> Result {
      if isFull.withLock({ $0 }) {
        throw Problem(code: "store_full", detail: "Full", fix: "Free space")
      }
      let result = try base.write(body)
      commits.withLock { $0 += 1 }
      return result
    }

    func read<Result>(_ body: (any PostingQueries) throws -> Result) throws -> Result {
      try base.read(body)
    }

    func lockForEngine() throws { try base.lockForEngine() }
  }

  private struct Faulty: Error {}

  private let fixture: EngineFixture
  private let store: CountingStore
  /// What was scheduled and not run yet.
  private let later = Pile()

  private final class Pile: Sendable {
    private let works = Mutex<[@Sendable () -> Void]>([])
    func add(_ work: @escaping @Sendable () -> Void) { works.withLock { $0.append(work) } }
    func runAll() {
      for work in works.withLock({ works in
        defer { works = [] }
        return works
      }) { work() }
    }
  }

  init() throws {
    fixture = try EngineFixture()
    store = CountingStore(fixture.store)
  }

  private static func note(_ text: String, in transaction: any PostingTransaction) throws {
    try transaction.insert(
      RefusedIntake(
        at: Sample.now, source: text, identity: nil, problems: [], content: []))
  }

  private func notes() throws -> [String] {
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    return try fixture.store.read { try $0.refused(filter) }.map(\.source)
  }

  /// Hands over writes in order while nothing is written yet, then lets them be written.
  private func together(
    _ bodies: [@Sendable (any PostingTransaction) throws -> Int], weight: Int = 1
  ) async -> [Result<Int, any Error>] {
    let later = later
    let commit = GroupCommit(store: store) { later.add($0) }
    return await withTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
      for (index, body) in bodies.enumerated() {
        let isQueued = AsyncStream.makeStream(of: Void.self)
        group.addTask {
          do {
            isQueued.continuation.finish()
            return (index, .success(try await commit.write(weight: weight, body)))
          } catch {
            return (index, .failure(error))
          }
        }
        for await _ in isQueued.stream {}
        while commit.waitingCount < index + 1 { await Task.yield() }
      }
      later.runAll()
      var results: [Int: Result<Int, any Error>] = [:]
      for await (index, result) in group { results[index] = result }
      return bodies.indices.compactMap { results[$0] }
    }
  }

  @Test func `many callers share one commit, in their order`() async throws {
    let results = await together(
      (0..<200).map { index in
        {
          try Self.note("\(index)", in: $0)
          return index
        }
      })
    #expect(results.compactMap { try? $0.get() } == Array(0..<200))
    #expect(store.commits.withLock { $0 } == 1)
    #expect(try notes() == (0..<200).map { "\($0)" })
  }

  @Test func `a commit holds no more than its weight`() async throws {
    let results = await together(
      (0..<10).map { index in { _ in index } }, weight: GroupCommit.maximumWeight / 2)
    #expect(results.count == 10)
    #expect(store.commits.withLock { $0 } == 5)
  }

  @Test func `work heavier than a commit still runs`() async throws {
    let results = await together(
      [{ _ in 1 }, { _ in 2 }], weight: GroupCommit.maximumWeight * 3)
    #expect(results.compactMap { try? $0.get() } == [1, 2])
  }

  @Test func `a faulty piece of work fails alone`() async throws {
    let results = await together(
      (0..<9).map { index in
        {
          try Self.note("\(index)", in: $0)
          if index == 4 { throw Faulty() }
          return index
        }
      })
    #expect(results.compactMap { try? $0.get() } == [0, 1, 2, 3, 5, 6, 7, 8])
    #expect(throws: Faulty.self) { try results[4].get() }
    #expect(try notes() == ["0", "1", "2", "3", "5", "6", "7", "8"])
  }

  @Test func `a full disk fails everybody, and nothing is stored`() async throws {
    store.isFull.withLock { $0 = true }
    let results = await together((0..<3).map { index in { _ in index } })
    for result in results {
      let problem = #expect(throws: Problem.self) { try result.get() }
      #expect(problem?.code == "store_full")
    }
    store.isFull.withLock { $0 = false }
    #expect(await together([{ _ in 7 }]).compactMap { try? $0.get() } == [7])
  }

  @Test func `a result is there only when its commit is durable`() async throws {
    let commit = GroupCommit(store: store)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<100 {
        group.addTask {
          try await commit.write { try Self.note("\(index)", in: $0) }
          return index
        }
      }
      for try await index in group { #expect(try notes().contains("\(index)")) }
    }
    #expect(try notes().count == 100)
  }
}
