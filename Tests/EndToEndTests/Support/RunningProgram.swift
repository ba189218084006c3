import Foundation
import Glibc
import Synchronization
import TestSupport

/// A program with its input, output and errors apart from each other; killed when released.
final class RunningProgram: Sendable {
  struct CannotStart: Error, CustomStringConvertible {
    let description: String
  }

  /// How it ended.
  struct Ending: Sendable {
    let output: [UInt8]
    let errors: String
    /// The exit status; 128 plus the signal that ended it.
    let status: Int32
    /// The most memory that was resident, in KiB.
    let peakKilobytes: Int

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  private struct State {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var ending: Ending?
    var isReaped = false
    var waiters: [@Sendable (borrowing State) -> Bool] = []
  }

  private final class Shared: Sendable {
    let state = Mutex(State())
  }

  /// What runs longer is killed, so that a failing test ends.
  private static let patience: Duration = .seconds(400)

  let identifier: pid_t
  /// Until it is fed or closed.
  private let input: Mutex<Int32?>
  private let shared = Shared()

  /// - Parameters:
  ///   - environment: besides this process's own; wins over it.
  init(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws {
    var variables = ProcessInfo.processInfo.environment
    variables.merge(environment) { $1 }
    let started = try ChildProcess.starting.withLock { [variables] _ in
      try Self.start([path] + arguments, variables.map { "\($0.key)=\($0.value)" })
    }
    let identifier = started.identifier
    self.identifier = identifier
    self.input = Mutex(started.input)
    // A program that does not read to the end must not end the tests.
    signal(SIGPIPE, SIG_IGN)
    let watcher = Thread { [shared] in
      Self.watch(identifier, output: started.output, errors: started.errors, shared: shared)
    }
    watcher.start()
  }

  deinit {
    send(SIGKILL)
    if let end = takeInput() { close(end) }
  }

  /// Sends a signal, unless the program has ended.
  func send(_ number: Int32) {
    shared.state.withLock { state in
      if !state.isReaped { _ = kill(identifier, number) }
    }
  }

  /// Writes to the program's input from a thread of its own, then closes it.
  ///
  /// - Parameter next: the next bytes; nil at the end.
  func feed(_ next: @escaping @Sendable () -> [UInt8]?) {
    guard let input = takeInput() else { return }
    let writer = Thread {
      defer { close(input) }
      while let bytes = next() {
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
          guard count > 0 else { return }
          rest = rest.dropFirst(count)
        }
      }
    }
    writer.start()
  }

  func closeInput() {
    if let end = takeInput() { close(end) }
  }

  private func takeInput() -> Int32? {
    input.withLock { end in
      defer { end = nil }
      return end
    }
  }

  /// The first line of the output that starts with `prefix`, without it; nil when it ended without.
  func line(after prefix: String) async -> String? {
    await whenever { state -> String?? in
      let text = String(decoding: state.output, as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if let line = lines.first(where: { $0.hasPrefix(prefix) }) {
        return .some(String(line.dropFirst(prefix.count)))
      }
      return state.ending == nil ? .none : .some(nil)
    }
  }

  /// Returns when so many bytes were printed, or the program ended.
  func printed(_ count: Int) async {
    _ = await whenever { $0.output.count >= count || $0.ending != nil ? true : nil } as Bool
  }

  /// Waits until it ended.
  func end() async -> Ending {
    await whenever { $0.ending }
  }

  /// What it printed on standard error until now.
  var errorsUntilNow: String {
    shared.state.withLock { String(decoding: $0.errors, as: UTF8.self) }
  }

  /// The most memory that was resident until now, in KiB; nil when it ended.
  var peakKilobytes: Int? { RunningProgram.residentPeak(of: identifier) }

  /// Milliseconds between two looks at the memory.
  private static let sampling: Int32 = 20

  private static func residentPeak(of identifier: pid_t) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
    else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
  }

  private func whenever<Found: Sendable>(
    _ find: @escaping @Sendable (borrowing State) -> Found?
  ) async -> Found {
    await withCheckedContinuation { continuation in
      shared.state.withLock { state in
        if let found = find(state) { return continuation.resume(returning: found) }
        state.waiters.append { state in
          guard let found = find(state) else { return false }
          continuation.resume(returning: found)
          return true
        }
      }
    }
  }

  private static func start(
    _ words: [String], _ settings: [String]
  ) throws -> (identifier: pid_t, input: Int32, output: Int32, errors: Int32) {
    let input = try pipeEnds()
    let output = try pipeEnds()
    let errors = try pipeEnds()
    defer { for end in [input.read, output.write, errors.write] { close(end) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.read, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.write, 2)
    var arguments = words.map { strdup($0) } + [nil]
    var environment = settings.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var identifier: pid_t = 0
    let result = posix_spawn(
      &identifier, words[0], &actions, nil, &arguments, &environment)
    guard result == 0 else {
      for end in [input.write, output.read, errors.read] { close(end) }
      throw CannotStart(
        description: "\(words[0]) cannot be started: \(String(cString: strerror(result)))")
    }
    return (identifier, input.write, output.read, errors.read)
  }

  private static func pipeEnds() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw CannotStart(description: "no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func watch(
    _ identifier: pid_t, output: Int32, errors: Int32, shared: Shared
  ) {
    var streams = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
    streams.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0))
    var piece = [UInt8](repeating: 0, count: 65_536)
    let end = ContinuousClock.now + patience
    var peak = 0
    while streams.contains(where: { $0.fd >= 0 }) {
      // What wait4 says of a spawned program includes the memory of its parent, this process.
      peak = max(peak, residentPeak(of: identifier) ?? 0)
      guard poll(&streams, 2, sampling) > 0 else {
        if ContinuousClock.now > end { kill(identifier, SIGKILL) }
        continue
      }
      for index in streams.indices where streams[index].revents != 0 {
        let count = read(streams[index].fd, &piece, piece.count)
        guard count > 0 else {
          close(streams[index].fd)
          streams[index].fd = -1
          continue
        }
        tell(shared) { state in
          if index == 0 { state.output += piece[..<count] } else { state.errors += piece[..<count] }
        }
      }
    }
    // Waited for without reaping first, so that nobody signals another program of this number.
    var information = siginfo_t()
    waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT)
    shared.state.withLock { $0.isReaped = true }
    var status: Int32 = 0
    waitpid(identifier, &status, 0)
    let exitStatus = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    tell(shared) { state in
      state.ending = Ending(
        output: state.output, errors: String(decoding: state.errors, as: UTF8.self),
        status: exitStatus, peakKilobytes: peak)
    }
  }

  private static func tell(_ shared: Shared, _ change: (inout State) -> Void) {
    shared.state.withLock { state in
      change(&state)
      let waiters = state.waiters
      state.waiters = []
      for waiter in waiters where !waiter(state) { state.waiters.append(waiter) }
    }
  }
}
