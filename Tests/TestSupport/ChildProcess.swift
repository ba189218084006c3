import Foundation
import Glibc
package import Synchronization

/// A program that a test starts and that ends with it. Its output and errors are read together.
package final class ChildProcess: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// What a program said until now, and how it ended once it has.
  private struct Report {
    var text = ""
    var exitStatus: Int32?
    var waiters: [@Sendable (Report) -> Bool] = []
  }

  private final class Shared: Sendable {
    let report = Mutex(Report())
  }

  /// Held while a program starts, and while a descriptor is made that no program may inherit: it would
  /// keep the other end waiting.
  package static let starting = Mutex(())

  private let identifier: pid_t
  private let shared = Shared()

  /// - Parameter path: absolute.
  package init(_ path: String, _ arguments: [String]) throws {
    let (identifier, output) = try Self.starting.withLock { _ in
      try Self.start(path, [path] + arguments)
    }
    self.identifier = identifier
    let reader = Thread { [shared] in Self.read(output, of: identifier, into: shared) }
    reader.start()
  }

  deinit { stop() }

  /// Asks the program to end.
  package func stop() {
    shared.report.withLock { report in
      // Once it was waited for, the number may belong to another program.
      if report.exitStatus == nil { _ = kill(identifier, SIGTERM) }
    }
  }

  /// The rest of the first line that contains `mark`, after it.
  ///
  /// - Throws: ``Failure`` with all output when the program ended without it.
  package func line(after mark: String) async throws -> String {
    let line = await whenever { report -> Result<String, Failure>? in
      if let range = report.text.range(of: mark) {
        let rest = report.text[range.upperBound...]
        if let end = rest.firstIndex(where: \.isNewline) { return .success(String(rest[..<end])) }
      }
      return report.exitStatus.map { _ in
        .failure(Failure(description: "\(mark.debugDescription) is not in: \(report.text)"))
      }
    }
    return try line.get()
  }

  /// Runs a program to its end and returns what it said.
  ///
  /// - Throws: when it cannot be started or does not exit with 0.
  @discardableResult
  package static func run(_ path: String, _ arguments: [String]) async throws -> String {
    let child = try ChildProcess(path, arguments)
    let (text, status) = await child.whenever { report in
      report.exitStatus.map { (report.text, $0) }
    }
    guard status == 0 else {
      throw Failure(description: "\(path) ended with \(status): \(text)")
    }
    return text
  }

  /// Returns the first thing `find` makes of the report, now or later.
  private func whenever<Found: Sendable>(
    _ find: @escaping @Sendable (Report) -> Found?
  ) async -> Found {
    await withCheckedContinuation { continuation in
      shared.report.withLock { report in
        if let found = find(report) {
          continuation.resume(returning: found)
          return
        }
        report.waiters.append { report in
          guard let found = find(report) else { return false }
          continuation.resume(returning: found)
          return true
        }
      }
    }
  }

  private static func start(_ path: String, _ words: [String]) throws -> (pid_t, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(description: "no pipe for \(path)") }
    defer { close(ends[1]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    // Programs would inherit that a server in this process ignores signals, and that its threads
    // block them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [SIGTERM, SIGINT] { sigaddset(&usual, number) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var identifier: pid_t = 0
    guard posix_spawn(&identifier, path, &actions, &attributes, &arguments, environ) == 0 else {
      close(ends[0])
      throw Failure(description: "\(path) cannot be started")
    }
    return (identifier, ends[0])
  }

  private static func read(_ output: Int32, of identifier: pid_t, into shared: Shared) {
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(output, &piece, piece.count)
      guard count > 0 else { break }
      tell(shared) { $0.text += String(decoding: piece[..<count], as: UTF8.self) }
    }
    close(output)
    var status: Int32 = 0
    waitpid(identifier, &status, 0)
    let exitStatus = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    tell(shared) { $0.exitStatus = exitStatus }
  }

  private static func tell(_ shared: Shared, _ change: (inout Report) -> Void) {
    shared.report.withLock { report in
      change(&report)
      let now = report
      report.waiters.removeAll { $0(now) }
    }
  }
}
