import HTTPTransport
import SOAPTransport
import Testing
import XMLTree

@Suite struct SOAPClientTests {
  /// Answers every request alike.
  private struct Scripted: HTTPClient {
    let result: Result<HTTPResponse, HTTPFailure>
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
      try result.get()
    }
  }

  static let message = SOAPMessage(.soap12, action: "", body: XMLElement(XMLName("a")))

  @Test func `hands over the answer`() async throws {
    let client = client(
      .success(HTTPResponse(status: 500, body: Array(SOAPAnswerTests.fault12.utf8))))
    guard case .fault(let fault) = try await client.send(Self.message).content else {
      Issue.record("no fault")
      return
    }
    #expect(fault.code == "Sender")
  }

  @Test(arguments: [HTTPFailure.Progress.nothingSent, .outcomeUnknown])
  func `lets a failure of HTTP through`(progress: HTTPFailure.Progress) async {
    let failure = HTTPFailure(progress: progress, code: .timeout, detail: "no answer after 30 s")
    await #expect(throws: SOAPFailure.http(failure)) {
      try await client(.failure(failure)).send(Self.message)
    }
  }

  @Test func `sends nothing that XML cannot carry`() async {
    let message = SOAPMessage(.soap11, action: "", body: XMLElement(XMLName("a"), text: "\u{1}"))
    let failure = HTTPFailure(progress: .outcomeUnknown, code: .timeout, detail: "was sent")
    await #expect {
      try await client(.failure(failure)).send(message)
    } throws: { error in
      if case .notWritten(let fault)? = error as? SOAPFailure {
        fault.code == .cannotWrite
      } else {
        false
      }
    }
  }

  private func client(_ result: Result<HTTPResponse, HTTPFailure>) -> SOAPClient {
    SOAPClient(http: Scripted(result: result), url: "https://erp.example/soap")
  }
}
