import Dispatch

/// Holds threads of a ``ScriptedServer`` until a test opens it; stays open then.
package final class Gate: Sendable {
  /// So that a failing test ends.
  private static let patience = DispatchTimeInterval.seconds(30)

  private let semaphore = DispatchSemaphore(value: 0)

  package init() {}

  package func open() {
    semaphore.signal()
  }

  func wait() {
    _ = semaphore.wait(timeout: .now() + Self.patience)
    semaphore.signal()
  }
}
