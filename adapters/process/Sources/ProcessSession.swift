import Glibc
import Subprocess
import Synchronization

/// How a process is started.
struct ProcessLaunch: Hashable, Sendable {
  /// The program and its arguments; never a secret.
  var command: [String]
  /// Where it runs: the adapter's folder.
  var folder: String
  /// Of its environment it sees no more than this.
  var path: String
  /// Of address space, in KiB.
  var memoryKiB: Int
  /// Bytes of one answer.
  static let longestLine = 64 << 20
}

/// One running process: a line in, a line out, one call at a time.
final class ProcessSession: Sendable {
  private struct Call: Sendable {
    let line: [UInt8]
    let reply: Reply
  }

  private let calls: AsyncStream<Call>.Continuation
  private let run: Task<Void, Never>
  private let hasEnded = Mutex(false)

  /// Whether it can still be called.
  var isAlive: Bool { hasEnded.withLock { !$0 } && !run.isCancelled }

  /// Writing to a program that ended is an error to be told, and must not end Postern.
  private static let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  init(_ launch: ProcessLaunch) {
    ProcessSession.ignoresBrokenPipes
    let (stream, calls) = AsyncStream<Call>.makeStream()
    self.calls = calls
    // The process lives longer than any call, until this object ends it.
    run = Task {
      var waiting: Reply?
      do {
        _ = try await Subprocess.run(
          .name("sh"), arguments: Arguments(ProcessSession.arguments(launch)),
          environment: .custom(["PATH": launch.path, "LANG": "C.UTF-8"]),
          input: .inputWriter, output: .sequence, error: .currentStandardError
        ) { process in
          var lines = LineReader(process.standardOutput.makeAsyncIterator())
          for await call in stream {
            waiting = call.reply
            do {
              _ = try await process.standardInputWriter.write(call.line + [UInt8(ascii: "\n")])
            } catch {
              // Nobody reads any more: it ends, or has ended.
              return
            }
            guard let line = try await lines.next() else { return }
            call.reply.give(.success(line))
            waiting = nil
          }
          try await process.standardInputWriter.finish()
        }
      } catch {
        waiting?.give(.failure(.lost("the process cannot be read or started: \(error)")))
      }
      calls.finish()
      waiting?.give(
        .failure(.lost("the process ended; what it wrote to standard error may say why")))
      for await call in stream { call.reply.give(.failure(.notSent("the process had ended"))) }
    }
  }

  deinit { end() }

  /// `sh` limits the memory and becomes the program.
  private static func arguments(_ launch: ProcessLaunch) -> [String] {
    let script = #"ulimit -v "$1" && cd "$2" && shift 2 && exec "$@""#
    return ["-c", script, "adapter", String(launch.memoryKiB), launch.folder] + launch.command
  }

  /// Kills the process.
  func end() {
    hasEnded.withLock { $0 = true }
    calls.finish()
    run.cancel()
  }

  /// The answer to one line, or why there is none; after the time limit the process is killed.
  func call(_ line: [UInt8], timeout: Duration) async -> Result<[UInt8], ProcessFailure> {
    let reply = Reply()
    guard isAlive, case .enqueued = calls.yield(Call(line: line, reply: reply)) else {
      return .failure(.notSent("the process had ended"))
    }
    return await withTaskGroup(of: Void.self) { group in
      group.addTask {
        try? await Task.sleep(for: timeout)
        guard !reply.isGiven else { return }
        reply.give(.failure(.lost("it gave no answer within \(timeout), and was killed")))
        self.end()
      }
      let result = await reply.value
      if case .failure = result { end() }
      group.cancelAll()
      return result
    }
  }
}

/// An answer that comes once.
private final class Reply: Sendable {
  typealias Value = Result<[UInt8], ProcessFailure>
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, Never>)
    case given(Value)
  }

  private let state = Mutex(State.open)

  var isGiven: Bool {
    state.withLock { if case .given = $0 { true } else { false } }
  }

  /// The first value counts.
  func give(_ value: Value) {
    let waiting: CheckedContinuation<Value, Never>? = state.withLock { state in
      switch state {
      case .open:
        state = .given(value)
        return nil
      case .awaited(let continuation):
        state = .given(value)
        return continuation
      case .given: return nil
      }
    }
    waiting?.resume(returning: value)
  }

  var value: Value {
    get async {
      await withCheckedContinuation { continuation in
        let value: Value? = state.withLock { state in
          if case .given(let value) = state { return value }
          state = .awaited(continuation)
          return nil
        }
        if let value { continuation.resume(returning: value) }
      }
    }
  }
}

/// Takes lines out of what a process writes.
private struct LineReader {
  private var buffers: SubprocessOutputSequence.Iterator
  private var pending: [UInt8] = []

  init(_ buffers: SubprocessOutputSequence.Iterator) { self.buffers = buffers }

  /// nil at the end, and for a line without one.
  mutating func next() async throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(pending[..<end])
        pending.removeSubrange(...end)
        return line
      }
      searched = pending.count
      guard searched <= ProcessLaunch.longestLine, let buffer = try await buffers.next() else {
        return nil
      }
      buffer.withUnsafeBytes { pending.append(contentsOf: $0) }
    }
  }
}
