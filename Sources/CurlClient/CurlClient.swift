import Synchronization

/// libcurl behind `async`: one thread, one pool of connections, one set of settings.
///
/// Transfers run at the same time up to the limit of connections per host. When the client is
/// released, its thread ends with the last transfer.
package final class CurlClient: Sendable {
  private let loop: CurlLoop
  private let lastID = Atomic<UInt64>(0)

  package init(settings: CurlSettings) {
    loop = CurlLoop(settings: settings)
  }

  deinit {
    _ = loop.post(.stop)
  }

  /// Carries a transfer out. Cancelling the task ends it with ``CurlFailure/Reason/cancelled``.
  package func perform(_ transfer: CurlTransfer) async throws(CurlFailure) -> CurlAnswer {
    let id = lastID.add(1, ordering: .relaxed).newValue
    let deadline = ContinuousClock.now.advanced(by: transfer.timeout)
    let cancellation = Cancellation()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let active = ActiveTransfer(
          id: id, transfer: transfer, deadline: deadline, cancellation: cancellation,
          continuation: continuation)
        if !loop.post(.add(active)) {
          active.fail(.other, "the client has ended")
        }
      }
    } onCancel: { [loop] in
      cancellation.isRequested.store(true, ordering: .releasing)
      _ = loop.post(.cancel(id))
    }
    return try result.get()
  }
}

/// Tells a transfer that its task was cancelled before the loop knew of it.
final class Cancellation: Sendable {
  let isRequested = Atomic(false)
}
