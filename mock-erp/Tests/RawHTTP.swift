import Foundation

/// A client that sees what happens on the wire: an answer, an end without a byte, or a reset.
struct RawHTTP: Sendable {
  struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty when it is none.
    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    var list: [[String: Any]] {
      (try? JSONSerialization.jsonObject(with: Data(body))) as? [[String: Any]] ?? []
    }
  }

  enum Outcome: Sendable {
    case answer(Answer)
    case closed
    case reset
    case failed(String)

    var answer: Answer? { if case .answer(let answer) = self { answer } else { nil } }
  }

  let port: Int

  /// Sends a request on a connection of its own, off the cooperative threads.
  func send(
    _ method: String, _ target: String, headers: [String: String] = [:], body: String = ""
  ) async -> Outcome {
    var request = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    for (name, value) in headers { request += "\(name): \(value)\r\n" }
    request += "Content-Length: \(body.utf8.count)\r\n\r\n"
    let bytes = Array(request.utf8) + Array(body.utf8)
    let port = port
    return await withCheckedContinuation { continuation in
      // A thread each: a waiting exchange must not hold up another.
      let thread = Thread { continuation.resume(returning: Self.exchange(bytes, port: port)) }
      thread.start()
    }
  }

  private static func exchange(_ request: [UInt8], port: Int) -> Outcome {
    let descriptor = connected(to: port)
    guard descriptor >= 0 else { return .failed("no connection") }
    defer { close(descriptor) }
    var sent = 0
    while sent < request.count {
      let count = request[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      sent += count
    }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 { return errno == ECONNRESET ? .reset : .failed("errno \(errno)") }
      if count == 0 { break }
      received += buffer[..<count]
    }
    return received.isEmpty ? .closed : parse(received)
  }

  /// A connection to the loopback port; negative when there is none.
  static func connected(to port: Int) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return -1 }
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      return -1
    }
    return descriptor
  }

  private static func parse(_ bytes: [UInt8]) -> Outcome {
    let separator = Array("\r\n\r\n".utf8)
    guard let end = bytes.firstRange(of: separator) else { return .failed("no head") }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    let parts = lines[0].split(separator: " ")
    guard parts.count > 1, let status = Int(parts[1]) else { return .failed(lines[0]) }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let sides = line.split(separator: ":", maxSplits: 1)
      guard sides.count == 2 else { continue }
      headers[sides[0].lowercased()] = sides[1].trimmingCharacters(in: .whitespaces)
    }
    var body = Array(bytes[end.upperBound...])
    if headers["transfer-encoding"] == "chunked" { body = unchunked(body) }
    return .answer(Answer(status: status, headers: headers, body: body))
  }

  private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var rest = bytes[...]
    while let end = rest.firstRange(of: Array("\r\n".utf8)) {
      let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
      guard size > 0, rest.endIndex - end.upperBound >= size else { break }
      out += rest[end.upperBound..<end.upperBound + size]
      rest = rest[(end.upperBound + size + 2)...]
    }
    return out
  }
}
