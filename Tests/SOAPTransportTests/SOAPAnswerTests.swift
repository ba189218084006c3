import HTTPTransport
import SOAPTransport
import Testing
import XMLTree

@Suite struct SOAPAnswerTests {
  static let fault11 = """
    <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
      <faultcode>s:Server.userException</faultcode><faultstring> Session ended </faultstring>
      <faultactor>urn:gate</faultactor>
      <detail><e:code xmlns:e="urn:acme">TIMED_OUT</e:code></detail>
    </s:Fault></s:Body></s:Envelope>
    """
  static let fault12 = """
    <env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault>
      <env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>m:Period</env:Value>
        <env:Subcode><env:Value>m:Closed</env:Value></env:Subcode></env:Subcode></env:Code>
      <env:Reason><env:Text xml:lang="de">Periode geschlossen</env:Text>
        <env:Text xml:lang="en-US">Period closed</env:Text></env:Reason>
      <env:Role>urn:gate</env:Role><env:Detail><m:period xmlns:m="urn:m">2026-03</m:period>
      </env:Detail></env:Fault></env:Body></env:Envelope>
    """

  @Test(arguments: SOAPVersion.allCases)
  func `takes the body and the header blocks`(version: SOAPVersion) {
    let answer = answer(
      """
      <x:Envelope xmlns:x="\(version.namespace)"><x:Header><a xmlns="urn:a">1</a></x:Header>
      <x:Body><done xmlns="urn:acme">yes</done></x:Body></x:Envelope>
      """)
    #expect(answer.headers == [XMLElement(XMLName("a", in: "urn:a"), text: "1")])
    #expect(answer.content == .body(XMLElement(XMLName("done", in: "urn:acme"), text: "yes")))
  }

  @Test func `takes an empty body for what it is`() {
    let namespace = SOAPVersion.soap11.namespace
    #expect(answer("<Envelope xmlns='\(namespace)'><Body/></Envelope>").content == .body(nil))
  }

  @Test(arguments: [200, 400, 500])
  func `finds a fault of SOAP 1_1 under any status`(status: Int) throws {
    let answer = answer(Self.fault11, status: status)
    guard case .fault(let fault) = answer.content else {
      Issue.record("no fault in \(answer)")
      return
    }
    #expect(answer.status == status)
    #expect(fault.version == .soap11)
    #expect(fault.code == "Server.userException")
    #expect(fault.subcodes.isEmpty)
    #expect(fault.reason == "Session ended")
    #expect(fault.actor == "urn:gate")
    #expect(fault.detail?.first(XMLName("code", in: "urn:acme"))?.text == "TIMED_OUT")
    #expect(fault.description == "Server.userException: Session ended")
  }

  @Test func `finds a fault of SOAP 1_2 with its subcodes and the English reason`() {
    guard case .fault(let fault) = answer(Self.fault12, status: 400).content else {
      Issue.record("no fault")
      return
    }
    #expect(fault.version == .soap12)
    #expect(fault.code == "Sender")
    #expect(fault.subcodes == ["Period", "Closed"])
    #expect(fault.reason == "Period closed")
    #expect(fault.actor == "urn:gate")
    #expect(fault.detail?.elements.first?.text == "2026-03")
  }

  @Test func `reads the parts of a fault that a service qualified by mistake`() {
    let namespace = SOAPVersion.soap11.namespace
    let text = """
      <Envelope xmlns="\(namespace)"><Body><Fault><faultcode>Client</faultcode>
      <faultstring>no</faultstring></Fault></Body></Envelope>
      """
    #expect(
      answer(text).content
        == .fault(SOAPFault(version: .soap11, code: "Client", reason: "no")))
  }

  @Test(arguments: [
    ("<html><body>Bad gateway</body></html>", true), ("<Envelope/>", true),
    ("<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'/>", true), ("", false),
    ("{\"error\":\"quota\"}", false), ("<html><br></html>", false),
    ("<!DOCTYPE html><html/>", false),
  ])
  func `says when an answer is no SOAP at all`(text: String, isXML: Bool) {
    let answer = answer(text, status: 502)
    guard case .notSOAP(let answered) = answer.content else {
      Issue.record("taken for SOAP")
      return
    }
    #expect(answer.status == 502)
    #expect(answered.text == text)
    #expect((answered.fault == nil) == isXML)
  }

  @Test func `keeps only the first bytes of what is no SOAP`() {
    let page = String(repeating: "x", count: 10_000)
    guard case .notSOAP(let answered) = answer(page).content else {
      Issue.record("taken for SOAP")
      return
    }
    #expect(answered.excerpt.count == 512)
  }

  private func answer(_ text: String, status: Int = 200) -> SOAPAnswer {
    SOAPAnswer(HTTPResponse(status: status, body: Array(text.utf8)))
  }
}
