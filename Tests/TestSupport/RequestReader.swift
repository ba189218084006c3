/// Cuts the bytes of one connection into HTTP/1.1 requests.
struct RequestReader {
  struct Parts {
    let method: String
    let target: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    func request(number: Int, connection: Int) -> ReceivedRequest {
      ReceivedRequest(
        number: number, connection: connection, method: method, target: target, headers: headers,
        body: body)
    }
  }

  let connection: ServerConnection
  private var buffer: [UInt8] = []

  init(connection: ServerConnection) {
    self.connection = connection
  }

  /// The next complete request; nil when the client is gone or does not speak HTTP.
  mutating func next() -> Parts? {
    guard let start = readLine() else { return nil }
    let words = start.split(separator: " ").map(String.init)
    guard words.count == 3 else { return nil }
    var headers: [(name: String, value: String)] = []
    while let line = readLine(), !line.isEmpty {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      headers.append((line[..<colon].lowercased(), String(value)))
    }
    guard let body = readBody(headers) else { return nil }
    return Parts(method: words[0], target: words[1], headers: headers, body: body)
  }

  private mutating func readBody(_ headers: [(name: String, value: String)]) -> [UInt8]? {
    if let length = headers.first(where: { $0.name == "content-length" }) {
      return Int(length.value).flatMap { read($0) }
    }
    guard headers.contains(where: { $0.name == "transfer-encoding" }) else { return [] }
    var body: [UInt8] = []
    while let size = readLine().flatMap({ Int($0, radix: 16) }) {
      guard let chunk = read(size), readLine() != nil else { return nil }
      if size == 0 { return body }
      body += chunk
    }
    return nil
  }

  private mutating func readLine() -> String? {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = buffer[..<end]
        defer { buffer.removeFirst(end + 1) }
        return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
      }
      guard fill() else { return nil }
    }
  }

  private mutating func read(_ count: Int) -> [UInt8]? {
    while buffer.count < count {
      guard fill() else { return nil }
    }
    defer { buffer.removeFirst(count) }
    return [UInt8](buffer.prefix(count))
  }

  private mutating func fill() -> Bool {
    let bytes = connection.receive()
    buffer += bytes
    return !bytes.isEmpty
  }
}
