import Synchronization

/// The messages that the asynchronous service has taken: it takes no id twice.
final class SAPMessages: Sendable {
  private let ids = Mutex<Set<String>>([])

  /// False for an id that was taken before.
  func take(_ id: String) -> Bool { ids.withLock { $0.insert(id).inserted } }

  func reset() { ids.withLock { $0 = [] } }
}
