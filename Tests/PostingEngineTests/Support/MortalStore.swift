import Ledger
import PostingEngine
import Synchronization

/// A store whose process dies, or whose disk fills up, after so many transactions.
final class MortalStore: PostingStore {
  enum End: Sendable {
    /// Before the transaction is written.
    case before
    /// It is written, and nobody hears of it.
    case after
  }

  private let base: any PostingStore
  private let left: Mutex<Int?>
  private let end: End

  static let died = Problem(code: "store_full", detail: "The disk is full", fix: "Free space")

  /// - Parameter transactions: how many go well; nil for all.
  init(_ base: any PostingStore, transactions: Int? = nil, end: End = .before) {
    self.base = base
    self.end = end
    left = Mutex(transactions)
  }

  /// Lets so many more go well.
  func allow(_ transactions: Int?) { left.withLock { $0 = transactions } }

  func write<Result>(_ body: (any PostingTransaction) throws -> Result) throws -> Result {
    let rest = left.withLock { left -> Int? in
      guard let count = left else { return nil }
      left = max(count - 1, -1)
      return count
    }
    guard let rest else { return try base.write(body) }
    if rest > 0 { return try base.write(body) }
    if rest == 0, end == .after { _ = try base.write(body) }
    throw MortalStore.died
  }

  func read<Result>(_ body: (any PostingQueries) throws -> Result) throws -> Result {
    guard left.withLock({ $0 ?? 1 }) >= 0 else { throw MortalStore.died }
    return try base.read(body)
  }

  func lockForEngine() throws { try base.lockForEngine() }
}
