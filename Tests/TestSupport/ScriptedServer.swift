import Foundation
import Glibc
import Synchronization

/// A server on a loopback port of the kernel's choice that reads HTTP/1.1 requests and does what its
/// script says, however wrong. Each connection has a thread. Stopped when released.
package final class ScriptedServer: Sendable {
  package typealias Script = @Sendable (ReceivedRequest) -> [ServerStep]

  package struct CannotListen: Error {}

  private struct State {
    var requests: [ReceivedRequest] = []
    var connections = 0
    var open: Set<Int32> = []
    var isStopped = false
    var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  /// What the threads share; they do not keep the server itself alive.
  private final class Shared: Sendable {
    let state = Mutex(State())
  }

  package let port: Int
  private let listener: Int32
  private let shared = Shared()

  /// - Parameters:
  ///   - greeting: done on each new connection, before anything is read.
  ///   - script: done after each request.
  package init(
    greeting: [ServerStep] = [], script: @escaping Script = { _ in [.respond(200)] }
  ) throws {
    (listener, port) = try Self.listen()
    let accepting = Thread { [listener, shared] in
      Self.accept(on: listener, shared: shared, greeting: greeting, script: script)
    }
    accepting.start()
  }

  deinit { stop() }

  /// `http://127.0.0.1:<port>` without a trailing slash.
  package var url: String { "http://127.0.0.1:\(port)" }

  /// Requests read so far.
  package var requests: [ReceivedRequest] { shared.state.withLock { $0.requests } }

  /// Connections accepted so far.
  package var connectionCount: Int { shared.state.withLock { $0.connections } }

  /// Returns when `count` requests have been read in all, or the server is stopped.
  package func received(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isReady = shared.state.withLock { state in
        if state.requests.count >= count || state.isStopped { return true }
        state.waiters.append((count, continuation))
        return false
      }
      if isReady { continuation.resume() }
    }
  }

  /// Ends every connection and frees the port.
  package func stop() {
    let waiters = shared.state.withLock { state in
      guard !state.isStopped else { return State().waiters }
      state.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.open { shutdown(connection, Int32(SHUT_RDWR)) }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume() }
  }

  /// A loopback port on which nobody listens, for a server that is told its port. It stays free: it
  /// is below those that the kernel gives to sockets that name none, and is not handed out again.
  package static func unusedPort() throws -> Int {
    for _ in namedPorts {
      let port = nextPort.withLock { next in
        defer { next = next + 1 < namedPorts.upperBound ? next + 1 : namedPorts.lowerBound }
        return next
      }
      guard let taken = try? listen(on: port) else { continue }
      close(taken.socket)
      return port
    }
    throw CannotListen()
  }

  private static let namedPorts = 12_000..<32_000
  private static let nextPort = Mutex(Int.random(in: namedPorts))

  /// - Parameter port: 0 for one of the kernel's choice.
  private static func listen(on port: Int = 0) throws -> (socket: Int32, port: Int) {
    let socket = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw CannotListen() }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(socket, pointer, length) == 0 && Glibc.listen(socket, 512) == 0
          && getsockname(socket, pointer, &length) == 0
      }
    }
    guard result else {
      close(socket)
      throw CannotListen()
    }
    return (socket, Int(UInt16(bigEndian: address.sin_port)))
  }

  private static func accept(
    on listener: Int32, shared: Shared, greeting: [ServerStep], script: @escaping Script
  ) {
    while true {
      var arrival = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      _ = poll(&arrival, 1, -1)
      let socket = ChildProcess.starting.withLock { _ in
        let socket = Glibc.accept(listener, nil, nil)
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        return socket
      }
      guard socket >= 0 else { break }
      let number = shared.state.withLock { state -> Int? in
        guard !state.isStopped else { return nil }
        state.connections += 1
        state.open.insert(socket)
        return state.connections
      }
      guard let number else {
        close(socket)
        break
      }
      let serving = Thread {
        serve(
          ServerConnection(socket: socket), number: number, shared: shared, greeting: greeting,
          script: script)
        shared.state.withLock { _ = $0.open.remove(socket) }
        close(socket)
      }
      serving.start()
    }
    close(listener)
  }

  private static func serve(
    _ connection: ServerConnection, number: Int, shared: Shared, greeting: [ServerStep],
    script: Script
  ) {
    guard connection.perform(greeting) else { return }
    var reader = RequestReader(connection: connection)
    while let parts = reader.next() {
      let (request, ready) = shared.state.withLock { state in
        let request = parts.request(number: state.requests.count + 1, connection: number)
        state.requests.append(request)
        let count = state.requests.count
        let ready = state.waiters.filter { $0.count <= count }
        state.waiters.removeAll { $0.count <= count }
        return (request, ready)
      }
      for waiter in ready { waiter.continuation.resume() }
      guard connection.perform(script(request)) else { return }
    }
  }
}
