package import Ledger
internal import Synchronization

/// Whether the service can do its work: what stands in the way, as its parts report it.
package final class Readiness: Sendable {
  private let troubles = Mutex<[String: Problem]>([:])

  package init() {}

  /// - Parameter problem: nil when all is well again.
  package func report(_ problem: Problem?, by part: String) {
    troubles.withLock { $0[part] = problem }
  }

  package var trouble: Problem? {
    troubles.withLock { troubles in troubles.keys.sorted().first.flatMap { troubles[$0] } }
  }
}
