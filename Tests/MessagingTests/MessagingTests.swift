import Digest
import Foundation
import HTTPTransport
import Ledger
import Messaging
import Secrets
import TestSupport
import Testing

@Suite struct MessagingTests {
  // MARK: Mail

  private func mail(_ subject: String, _ text: String) -> Mail {
    Mail(
      subject: subject, text: text, id: "notice-7",
      date: Moment(milliseconds: 1_772_524_800_000))
  }

  private func body(of message: SMTPServer.Message) -> String {
    let parts = message.text.components(separatedBy: "\n\n")
    let encoded = parts.dropFirst().joined().filter { !$0.isWhitespace }
    return Data(base64Encoded: encoded).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  @Test func `mail arrives with its headers and its text`() async throws {
    let server = try SMTPServer()
    server.serveOne()
    let text = "38 documents: no account for API-CALLS, 41200.00 EUR\nÄhnliches folgt."
    let failure = await MailServer(
      url: server.url, sender: "postern@example.com", user: "postern",
      password: Secret("s3cret-word"), requiresTLS: false
    ).send(mail("Stopped: API-CALLS", text), to: "desk@example.com")
    #expect(failure == nil)
    let message = try #require(server.messages.first)
    #expect(message.from.contains("<postern@example.com>"))
    #expect(message.to.count == 1 && message.to[0].contains("<desk@example.com>"))
    #expect(message.login == "\u{0}postern\u{0}s3cret-word")
    let headers = message.text.components(separatedBy: "\n\n")[0]
    for line in [
      "From: postern@example.com", "To: desk@example.com", "Subject: Stopped: API-CALLS",
      "Date: Tue, 03 Mar 2026 08:00:00 +0000", "Message-ID: <notice-7@example.com>",
      "Content-Type: text/plain; charset=utf-8",
    ] {
      #expect(headers.contains(line), "\(headers)")
    }
    #expect(body(of: message) == text)
  }

  @Test func `a subject cannot begin a header of its own, and any letter arrives`() async throws {
    let server = try SMTPServer()
    server.serveOne()
    _ = await MailServer(
      url: server.url, sender: "a@example.com", user: nil, password: nil, requiresTLS: false
    ).send(mail("Größe\r\nBcc: evil@example.com", "x"), to: "b@example.com")
    let headers = try #require(server.messages.first).text.components(separatedBy: "\n\n")[0]
    #expect(!headers.contains("\nBcc:"))
    #expect(headers.contains("Subject: =?utf-8?B?"))
  }

  @Test func `a refusal, a silent port and a server without TLS are failures in words`()
    async throws
  {
    let refusing = try SMTPServer(refusesRecipients: true)
    refusing.serveOne()
    let closed = "smtp://127.0.0.1:\(try ScriptedServer.unusedPort())"
    let plain = try SMTPServer()
    plain.serveOne()
    for (url, requiresTLS) in [(refusing.url, false), (closed, false), (plain.url, true)] {
      let failure = await MailServer(
        url: url, sender: "a@example.com", user: nil, password: nil, requiresTLS: requiresTLS
      ).send(mail("x", "y"), to: "b@example.com")
      #expect(failure?.isEmpty == false)
    }
    #expect(refusing.messages.isEmpty && plain.messages.isEmpty)
  }

  // MARK: Webhooks

  @Test func `a message is signed over its moment and its body`() async throws {
    let server = try ScriptedServer { _ in [.respond(204)] }
    let webhook = Webhook(CurlHTTPClient(), url: server.url + "/hook", secret: Secret("shared-key"))
    #expect(await webhook.post(#"{"a":1}"#, id: "e-1", at: 1_772_524_800) == nil)
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request.target == "/hook")
    #expect(request.header("Postern-Event-Id") == "e-1")
    #expect(request.header("Content-Type") == "application/json")
    let expected = HMAC(key: Array("shared-key".utf8)).code(
      of: Array(#"1772524800.{"a":1}"#.utf8))
    #expect(request.header("Postern-Signature") == "t=1772524800,v1=\(expected.hex)")
  }

  @Test func `a status past 299 and a lost connection are failures`() async throws {
    let server = try ScriptedServer { request in
      request.number == 1 ? [.respond(500)] : [.close]
    }
    let webhook = Webhook(CurlHTTPClient(), url: server.url, secret: Secret("shared-key"))
    #expect(await webhook.post("{}", id: "1", at: 1) == "The receiver answered 500")
    #expect(await webhook.post("{}", id: "1", at: 1)?.isEmpty == false)
  }
}
