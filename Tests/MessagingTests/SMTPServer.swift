import Foundation
import Glibc
import Synchronization
import TestSupport

/// A mail server on a loopback port that keeps what it is given. It speaks as little of RFC 5321 as
/// a client needs, and may refuse a recipient.
final class SMTPServer: Sendable {
  struct Message: Sendable {
    var login: String?
    var from = ""
    var to: [String] = []
    /// Lines as sent, joined by newlines.
    var text = ""
  }

  let port: Int
  private let listener: Int32
  private let state = Mutex<[Message]>([])
  private let refusesRecipients: Bool

  struct CannotListen: Error {}

  init(refusesRecipients: Bool = false) throws {
    self.refusesRecipients = refusesRecipients
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(socket, pointer, length) == 0 && listen(socket, 16) == 0
          && getsockname(socket, pointer, &length) == 0
      }
    }
    guard isListening else { throw CannotListen() }
    listener = socket
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(listener) }

  var url: String { "smtp://127.0.0.1:\(port)" }
  var messages: [Message] { state.withLock { $0 } }

  /// Serves one connection on a thread of its own.
  func serveOne() {
    let thread = Thread { [self] in
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      serve(connection)
      close(connection)
    }
    thread.start()
  }

  private func serve(_ socket: Int32) {
    var message = Message()
    var buffer: [UInt8] = []
    func say(_ text: String) {
      let bytes = Array((text + "\r\n").utf8)
      _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
    func line() -> String? {
      while true {
        if let end = buffer.firstIndex(of: 0x0A) {
          defer { buffer.removeFirst(end + 1) }
          return String(decoding: buffer[..<end].filter { $0 != 0x0D }, as: UTF8.self)
        }
        var chunk = [UInt8](repeating: 0, count: 4_096)
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { return nil }
        buffer += chunk[..<count]
      }
    }
    say("220 test ESMTP")
    while let command = line() {
      let word = command.prefix { $0 != " " }.uppercased()
      switch word {
      case "EHLO":
        say("250-test")
        say("250 AUTH PLAIN")
      case "AUTH":
        // The client may send its words with the command, or wait to be asked.
        var words = command.split(separator: " ").dropFirst(2).first.map { String($0) }
        if words == nil {
          say("334 ")
          words = line()
        }
        message.login = words.flatMap { Data(base64Encoded: $0) }
          .map { String(decoding: $0, as: UTF8.self) }
        say("235 ok")
      case "MAIL":
        message.from = command
        say("250 ok")
      case "RCPT":
        message.to.append(command)
        say(refusesRecipients ? "550 no such user" : "250 ok")
      case "DATA":
        say("354 go on")
        var lines: [String] = []
        while let text = line(), text != "." { lines.append(text) }
        message.text = lines.joined(separator: "\n")
        let kept = message
        state.withLock { $0.append(kept) }
        say("250 taken")
      case "QUIT":
        say("221 bye")
        return
      default: say("250 ok")
      }
    }
  }
}
