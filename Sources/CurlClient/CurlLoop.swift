import CLibcurl
import CurlShim
import Glibc
import Synchronization

/// The one thread that owns libcurl's multi handle and every transfer on it.
final class CurlLoop: @unchecked Sendable {
  enum Command: Sendable {
    case add(ActiveTransfer)
    case cancel(UInt64)
    /// Ends the thread once nothing is under way.
    case stop
  }

  /// Idle handles kept for the next transfer.
  private static let handlePoolLimit = 64
  /// Longest sleep without a word from libcurl or a caller.
  private static let longestPoll = Duration.seconds(60)

  private struct Inbox {
    var commands: [Command] = []
    var isClosed = false
  }

  private let settings: CurlSettings
  private let multi: UnsafeMutableRawPointer
  private let inbox = Mutex(Inbox())

  // The thread's own.
  private var active: [UInt64: ActiveTransfer] = [:]
  private var idleHandles: [EasyHandle] = []
  private var isStopping = false
  /// No deadline is earlier.
  private var nextDeadline: ContinuousClock.Instant?

  /// Starts the thread, which keeps the loop alive until it is stopped.
  init(settings: CurlSettings) {
    precondition(Self.isLibraryReady, "libcurl cannot start")
    guard let multi = curl_multi_init() else { preconditionFailure("no memory for libcurl") }
    self.multi = multi
    self.settings = settings
    curlshim_multi_set_long(
      multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, settings.maximumConnections))
    curlshim_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(4, settings.maximumConnections * 2))
    curlshim_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    start()
  }

  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// Called by any thread.
  ///
  /// - Returns: false when the loop has ended.
  func post(_ command: Command) -> Bool {
    inbox.withLock { inbox in
      guard !inbox.isClosed else { return false }
      inbox.commands.append(command)
      if inbox.commands.count == 1 { curl_multi_wakeup(multi) }
      return true
    }
  }

  private func start() {
    var thread = pthread_t()
    let me = Unmanaged.passRetained(self).toOpaque()
    let result = pthread_create(
      &thread, nil,
      { argument in
        if let argument {
          Unmanaged<CurlLoop>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, me)
    precondition(result == 0, "no thread for libcurl")
    pthread_detach(thread)
  }

  private func run() {
    while true {
      for command in takeCommands() { handle(command) }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      finishDone()
      failOverdue()
      if isStopping, active.isEmpty, close() { break }
      curl_multi_poll(multi, nil, 0, pollMilliseconds, nil)
    }
    idleHandles = []
    curl_multi_cleanup(multi)
  }

  private func takeCommands() -> [Command] {
    inbox.withLock { inbox in
      defer { inbox.commands = [] }
      return inbox.commands
    }
  }

  /// - Returns: false when a command came in meanwhile.
  private func close() -> Bool {
    inbox.withLock { inbox in
      inbox.isClosed = inbox.commands.isEmpty
      return inbox.isClosed
    }
  }

  private func handle(_ command: Command) {
    switch command {
    case .add(let transfer): add(transfer)
    case .cancel(let id):
      guard let transfer = active[id] else { return }
      remove(transfer)
      transfer.fail(.cancelled, "the task was cancelled")
      recycle(transfer)
    case .stop: isStopping = true
    }
  }

  private func add(_ transfer: ActiveTransfer) {
    guard !transfer.cancellation.isRequested.load(ordering: .acquiring) else {
      transfer.fail(.cancelled, "the task was cancelled")
      return
    }
    guard let easy = idleHandles.popLast() ?? EasyHandle() else {
      transfer.fail(.other, "no memory for a transfer")
      return
    }
    if let refusal = transfer.prepare(easy, with: settings) {
      transfer.finish(refusal)
      recycle(transfer)
      return
    }
    guard curl_multi_add_handle(multi, easy.pointer) == CURLM_OK else {
      transfer.fail(.other, "libcurl did not take the transfer")
      recycle(transfer)
      return
    }
    active[transfer.id] = transfer
    nextDeadline = nextDeadline.map { min($0, transfer.deadline) } ?? transfer.deadline
  }

  private func finishDone() {
    var remaining: Int32 = 0
    while let message = curl_multi_info_read(multi, &remaining) {
      var result = CURLE_OK
      guard let easy = curlshim_finished(message, &result) else { continue }
      var user: UnsafeMutableRawPointer?
      curlshim_get_pointer(easy, CURLINFO_PRIVATE, &user)
      guard let user else { continue }
      let transfer = Unmanaged<ActiveTransfer>.fromOpaque(user).takeUnretainedValue()
      remove(transfer)
      transfer.finish(result)
      recycle(transfer)
    }
  }

  /// libcurl's own time limit does not run while a transfer waits for a connection, so ours decides.
  private func failOverdue() {
    let now = ContinuousClock.now
    guard let next = nextDeadline, next <= now else { return }
    for transfer in active.values where transfer.deadline <= now {
      remove(transfer)
      transfer.fail(.timeout, "no complete answer within \(transfer.transfer.timeout)")
      recycle(transfer)
    }
    nextDeadline = active.values.lazy.map(\.deadline).min()
  }

  private var pollMilliseconds: Int32 {
    guard let next = nextDeadline else { return Int32(Self.longestPoll.wholeMilliseconds) }
    let wait = min(Self.longestPoll, ContinuousClock.now.duration(to: next))
    return wait <= .zero ? 0 : Int32(wait.wholeMilliseconds)
  }

  private func remove(_ transfer: ActiveTransfer) {
    if let easy = transfer.easy { curl_multi_remove_handle(multi, easy.pointer) }
    active[transfer.id] = nil
  }

  private func recycle(_ transfer: ActiveTransfer) {
    guard let easy = transfer.releaseHandle() else { return }
    easy.reset()
    if idleHandles.count < Self.handlePoolLimit { idleHandles.append(easy) }
  }
}
