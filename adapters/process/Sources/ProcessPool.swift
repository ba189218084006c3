/// The processes of one connection: as many as it may have, each with one call at a time. One that
/// failed is replaced by the next call.
actor ProcessPool {
  private let launch: ProcessLaunch
  private let greet: @Sendable (ProcessSession) async -> ProcessFailure?
  private var idle: [ProcessSession] = []
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// - Parameter greet: the handshake with a new process; what is wrong with it, or nil.
  init(
    _ launch: ProcessLaunch, processes: Int,
    greet: @escaping @Sendable (ProcessSession) async -> ProcessFailure?
  ) {
    self.launch = launch
    self.greet = greet
    free = processes
  }

  func call(_ line: [UInt8], timeout: Duration) async -> Result<[UInt8], ProcessFailure> {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
    defer {
      if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
    while let session = idle.popLast() {
      if session.isAlive { return await call(session, line, timeout) }
    }
    let session = ProcessSession(launch)
    if let failure = await greet(session) {
      session.end()
      return .failure(.notSent(failure.detail))
    }
    return await call(session, line, timeout)
  }

  private func call(
    _ session: ProcessSession, _ line: [UInt8], _ timeout: Duration
  ) async -> Result<[UInt8], ProcessFailure> {
    let result = await session.call(line, timeout: timeout)
    if session.isAlive { idle.append(session) }
    return result
  }
}
