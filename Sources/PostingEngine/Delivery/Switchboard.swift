internal import Ledger
internal import Synchronization

/// Carries signals between the loops of an engine and knows when all of them are idle.
///
/// However often a loop is called, it finds one bell ringing and its mail beside it: nothing here
/// grows with time.
final class Switchboard: Sendable {
  /// What a call meant for its connection.
  enum End: Sendable {
    /// The ERP answered after so long, with a refusal among its verdicts or without.
    case reached(isRefusal: Bool, after: Duration)
    /// Neither an answer nor a reason to leave the connection alone.
    case unclear
    /// The connection wants to be left alone, by the ERP's word or for want of one; nil leaves the
    /// time to our backoff.
    case askedToWait(Duration?, byERP: Bool)
    /// The ERP was asked for its periods.
    case readPeriods
    case failed(any Error)
  }

  /// What a loop has been told since it last looked.
  struct Mail: Sendable {
    /// One for each call that ended.
    var ends: [End] = []
    var timerFired = false
  }

  /// Work that is due later than this does not keep an engine running that runs until idle.
  static let idleHorizon: Duration = .seconds(600)

  private struct Line {
    let bell: AsyncStream<Void>.Continuation
    var mail = Mail()
    /// Called since it last looked: whatever it reports then is out of date.
    var isCalled = false
    var isIdle = false
  }

  private struct Lines {
    var byConnection: [ConnectionID: Line] = [:]
    var isStopping = false
  }

  private let connectionCount: Int
  let stopsWhenIdle: Bool
  private let lines = Mutex(Lines())
  /// Ends with ``stop()``.
  let untilStopped: AsyncStream<Void>
  private let stopped: AsyncStream<Void>.Continuation

  init(connectionCount: Int, stopsWhenIdle: Bool) {
    self.connectionCount = connectionCount
    self.stopsWhenIdle = stopsWhenIdle
    (untilStopped, stopped) = AsyncStream.makeStream(of: Void.self)
  }

  /// Rings when there is something to look at.
  func bell(of connection: ConnectionID) -> AsyncStream<Void> {
    let (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    lines.withLock { $0.byConnection[connection] = Line(bell: bell) }
    return stream
  }

  var isStopping: Bool { lines.withLock { $0.isStopping } }

  /// Takes the mail out; what comes later rings again.
  func takeMail(of connection: ConnectionID) -> Mail {
    lines.withLock { lines in
      guard var line = lines.byConnection[connection] else { return Mail() }
      defer { lines.byConnection[connection] = line }
      defer { line.mail = Mail() }
      line.isCalled = false
      return line.mail
    }
  }

  /// A call of the connection ended. What it changed may have given others something to do, so
  /// they are called first: this connection may be the last that is not idle.
  func callEnded(_ end: End, of connection: ConnectionID) {
    wakeAll(besides: connection)
    call(connection) { $0.ends.append(end) }
  }

  func timerFired(of connection: ConnectionID) {
    call(connection) { $0.timerFired = true }
  }

  /// A change in the store may have given them something to do.
  func wakeAll(besides connection: ConnectionID? = nil) {
    let others = lines.withLock { $0.byConnection.keys.filter { $0 != connection } }
    for other in others { call(other) { _ in } }
  }

  private func call(_ connection: ConnectionID, _ write: (inout Mail) -> Void) {
    let bell = lines.withLock { lines -> AsyncStream<Void>.Continuation? in
      guard var line = lines.byConnection[connection] else { return nil }
      write(&line.mail)
      line.isCalled = true
      line.isIdle = false
      lines.byConnection[connection] = line
      return line.bell
    }
    bell?.yield()
  }

  /// - Parameter isIdle: nothing runs and nothing is due soon.
  func report(_ connection: ConnectionID, isIdle: Bool) {
    let mustStop = lines.withLock { lines in
      guard var line = lines.byConnection[connection] else { return false }
      line.isIdle = isIdle && !line.isCalled
      lines.byConnection[connection] = line
      return stopsWhenIdle && lines.byConnection.count == connectionCount
        && lines.byConnection.values.allSatisfy(\.isIdle)
    }
    if mustStop { stop() }
  }

  /// Nothing new is started; calls under way are settled.
  func stop() {
    lines.withLock { $0.isStopping = true }
    stopped.finish()
    wakeAll()
  }
}
