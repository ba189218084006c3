/// What a ``ScriptedServer`` does next on a connection.
package enum ServerStep: Sendable {
  case send([UInt8])
  /// Sends the bytes one by one, with a pause after each.
  case dribble([UInt8], everyMilliseconds: Int32)
  /// Sends the bytes again and again until the client goes or the server is stopped.
  case flood([UInt8])
  /// Waits until a test opens the gate.
  case wait(Gate)
  /// Says nothing until the client goes or the server is stopped.
  case hang
  case close
  /// Ends the connection with RST.
  case reset

  package static func send(_ text: String) -> ServerStep { .send([UInt8](text.utf8)) }

  /// A complete answer with its length; the connection stays open.
  package static func respond(
    _ status: Int, _ headers: [(String, String)] = [], _ body: String = ""
  ) -> ServerStep {
    let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
    return .send(
      "HTTP/1.1 \(status) Scripted\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  package static func json(_ status: Int, _ body: String) -> ServerStep {
    .respond(status, [("Content-Type", "application/json")], body)
  }
}

extension ServerStep: CustomStringConvertible {
  package var description: String {
    switch self {
    case .send(let bytes):
      "send \(String(decoding: bytes.prefix(60), as: UTF8.self).debugDescription)"
    case .dribble(let bytes, let pause): "dribble \(bytes.count) bytes every \(pause) ms"
    case .flood(let bytes): "flood with \(bytes.count) bytes"
    case .wait: "wait"
    case .hang: "hang"
    case .close: "close"
    case .reset: "reset"
    }
  }
}
