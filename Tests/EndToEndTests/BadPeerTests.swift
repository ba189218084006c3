import Foundation
import TestSupport
import Testing

/// A peer that really streams without end, and one whose certificate is not its own: each entry is
/// posted once or waits, and people are told why.
@Suite struct BadPeerTests {
  /// Streams; with the length of the whole, or in chunks that never end.
  @Test(arguments: ["Content-Length: 5368709120", "Transfer-Encoding: chunked"])
  func `an answer of gigabytes is given up at its limit, and the entry is found, not sent again`(
    framing: String
  ) async throws {
    let megabyte = String(repeating: " ", count: 1 << 20)
    let piece = framing.hasSuffix("chunked") ? "100000\r\n\(megabyte)\r\n" : megabyte
    let server = try ScriptedServer { request in
      guard request.method == "POST" else {
        let key = request.target.components(separatedBy: "externalKey=").last ?? ""
        return [
          .json(
            200,
            #"{"entries":[{"id":"1","number":"2026-1","externalKey":"\#(key)","status":"posted"}]}"#
          )
        ]
      }
      return [
        .send("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\(framing)\r\n\r\n"),
        .flood(Array(piece.utf8)),
      ]
    }
    let desk = try await Desk("flood")
    try desk.replace("http://127.0.0.1:8081", with: server.url, in: "connections/erp.yaml")
    try desk.write(
      desk.read("connections/erp.yaml") + "quietSeconds: 0\n", to: "connections/erp.yaml")
    _ = try await desk.submit([Sample.invoice("INV-1")])
    let run = try await desk.run("run", "--until", "idle")
    #expect(run.status == 0, "\(run.errors)")
    // The limit is 16 MiB; the rest is the program itself.
    #expect(run.peakKilobytes < 200 << 10)
    let posting = try await desk.json("show", "demo/invoice/INV-1")["postings"][0]
    #expect(posting["state"].string == "posted")
    #expect(posting["erp"]["number"].string == "2026-1")
    #expect(posting["attempts"][0]["outcome"].string == "unknown")
    #expect(
      posting["attempts"][0]["message"].string?.contains("16 MiB") == true,
      "\(posting["attempts"])")
    #expect(server.requests.count { $0.method == "POST" } == 1)
  }

  @Test(.enabled(if: TLSServer.isInstalled))
  func `nothing is sent to a server whose certificate is for another name`() async throws {
    let server = try await TLSServer()
    let desk = try await Desk("certificate")
    try desk.replace(
      "http://127.0.0.1:8081", with: "https://127.0.0.1:\(server.port)", in: "connections/erp.yaml")
    try desk.write(
      desk.read("connections/erp.yaml") + "tls: { authority: \(server.certificateFile) }\n",
      to: "connections/erp.yaml")
    _ = try await desk.submit([Sample.invoice("INV-1")])
    let check = try await desk.run("connections", "check")
    #expect(check.text.contains("certificate") || check.errors.contains("certificate"))
    let engine = try desk.start(["run", "--until", "stopped"])
    let posting = try await Desk.soon {
      let posting = try await desk.json("show", "demo/invoice/INV-1")["postings"][0]
      return posting["state"].string == "waiting" ? posting : nil
    }
    engine.send(SIGTERM)
    _ = await engine.end()
    #expect(posting["attempts"][0]["outcome"].string == "retryLater")
    #expect(
      posting["attempts"][0]["message"].string?.contains("certificate") == true,
      "\(posting["attempts"])")
  }
}
