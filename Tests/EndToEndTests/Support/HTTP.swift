import Foundation
import Glibc

/// One request over one connection of its own, byte for byte as it is given.
struct HTTP: Sendable {
  struct Answer: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON { get throws { try JSON(body) } }
  }

  struct NoAnswer: Error, CustomStringConvertible {
    let description: String
  }

  let port: Int
  var key: String?

  /// - Parameter address: `http://127.0.0.1:PORT`.
  init(_ address: String, key: String? = nil) throws {
    guard let port = address.split(separator: ":").last.flatMap({ Int($0) }) else {
      throw NoAnswer(description: "no port in \(address)")
    }
    self.port = port
    self.key = key
  }

  func get(_ path: String) async throws -> Answer { try await send("GET", path) }

  func post(
    _ path: String, _ body: String, type: String = "application/json"
  ) async throws -> Answer {
    try await send("POST", path, Array(body.utf8), type: type)
  }

  /// - Throws: ``NoAnswer`` when the connection ended without one.
  func send(
    _ method: String, _ path: String, _ body: [UInt8] = [], type: String = "application/json",
    encoding: String? = nil
  ) async throws -> Answer {
    let connection = try open(method, path, length: body.count, type: type, encoding: encoding)
    return try await onThread {
      // An answer may come before all is sent: a refusal of the length, for instance.
      connection.write(body)
      return try connection.answer(to: "\(method) \(path)")
    }
  }

  /// A connection on which the head of a request was sent, and none of its body.
  func open(
    _ method: String, _ path: String, length: Int, type: String = "application/json",
    encoding: String? = nil
  ) throws -> HTTPConnection {
    let connection = try HTTPConnection(port: port)
    var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    if let key { head += "Authorization: Bearer \(key)\r\n" }
    if method != "GET" { head += "Content-Type: \(type)\r\nContent-Length: \(length)\r\n" }
    if let encoding { head += "Content-Encoding: \(encoding)\r\n" }
    connection.write(Array((head + "\r\n").utf8))
    return connection
  }

  /// What an answer that does not end has said by the time that `isEnough`.
  ///
  /// - Throws: ``NoAnswer`` when it ends, or nothing comes any more, before that.
  func stream(
    _ path: String, until isEnough: @escaping @Sendable (String) -> Bool
  ) async throws -> String {
    let connection = try open("GET", path, length: 0)
    return try await onThread { try connection.text(until: isEnough, of: "GET \(path)") }
  }

  func onThread<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Swift.Result { try body() }) }
      thread.start()
    }
  }
}

/// One blocking connection to this machine.
final class HTTPConnection: Sendable {
  private let socket: Int32

  /// Nothing that is waited for takes longer.
  private static let patienceSeconds: Int32 = 60

  init(port: Int) throws {
    socket = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var patience = timeval(tv_sec: Int(Self.patienceSeconds), tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(socket)
      throw HTTP.NoAnswer(description: "nobody listens on port \(port)")
    }
  }

  deinit { close(socket) }

  /// Writes all, or until an answer comes.
  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    var wish = pollfd(fd: socket, events: Int16(POLLIN | POLLOUT), revents: 0)
    while !rest.isEmpty, poll(&wish, 1, Self.patienceSeconds * 1_000) > 0 {
      guard wish.revents & Int16(POLLIN) == 0 else { return }
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      guard count > 0 || errno == EAGAIN else { return }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  func text(until isEnough: (String) -> Bool, of request: String) throws -> String {
    var received: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(socket, &piece, piece.count, 0)
      guard count > 0 else {
        throw HTTP.NoAnswer(
          description: "\(request) ended with \(String(decoding: received, as: UTF8.self))")
      }
      received += piece[..<count]
      let text = String(decoding: received, as: UTF8.self)
        .replacingOccurrences(of: "\r\n", with: "\n")
      if isEnough(text) { return text }
    }
  }

  /// Reads to the end of the connection.
  func answer(to request: String) throws -> HTTP.Answer {
    var received: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(socket, &piece, piece.count, 0)
      guard count > 0 else { break }
      received += piece[..<count]
    }
    let mark = Array("\r\n\r\n".utf8)
    guard let end = received.firstRange(of: mark) else {
      throw HTTP.NoAnswer(description: "\(request) got no answer")
    }
    let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self)
      .split(separator: "\r\n")
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw HTTP.NoAnswer(description: "\(request) got \(lines.first ?? "")") }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard let name = parts.first else { continue }
      headers[name.lowercased()] = parts.last?.trimmingCharacters(in: .whitespaces)
    }
    var body = Array(received[end.upperBound...])
    if headers["transfer-encoding"] == "chunked" {
      body = try Self.joined(chunks: body, of: request)
    }
    return HTTP.Answer(status: status, headers: headers, body: body)
  }

  private static func joined(chunks: [UInt8], of request: String) throws -> [UInt8] {
    var rest = chunks[...]
    var body: [UInt8] = []
    while let end = rest.firstRange(of: [13, 10]) {
      let size = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
      guard let count = Int(size, radix: 16),
        rest.distance(from: end.upperBound, to: rest.endIndex) >= count
      else { break }
      if count == 0 { return body }
      body += rest[end.upperBound..<end.upperBound + count]
      rest = rest[(end.upperBound + count)...].dropFirst(2)
    }
    throw HTTP.NoAnswer(description: "\(request): the answer is cut off")
  }
}
