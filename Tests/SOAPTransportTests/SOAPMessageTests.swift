import HTTPTransport
import SOAPTransport
import Secrets
import Testing
import XMLTree

@Suite struct SOAPMessageTests {
  static let body = XMLElement(XMLName("ping", in: "urn:acme"), text: "a & b")

  @Test func `writes the envelope of SOAP 1_1 with a quoted action`() throws {
    let message = SOAPMessage(
      .soap11, action: "urn:acme#ping", body: Self.body, prefixes: ["urn:acme": "acme"])
    let request = try message.request(
      to: "https://erp.example/soap", headers: ["Authorization": "Bearer x"], timeout: .seconds(9))
    #expect(
      String(decoding: request.body, as: UTF8.self) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <soap:Envelope xmlns:acme="urn:acme" \
        xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\
        <soap:Body><acme:ping>a &amp; b</acme:ping></soap:Body></soap:Envelope>
        """)
    #expect(request.method == .post)
    #expect(request.url == "https://erp.example/soap")
    #expect(request.timeout == .seconds(9))
    #expect(request.headers["Content-Type"] == "text/xml; charset=utf-8")
    #expect(request.headers["SOAPAction"] == "\"urn:acme#ping\"")
    #expect(request.headers["Authorization"] == "Bearer x")
  }

  @Test func `sends an empty action in SOAP 1_1 all the same`() throws {
    let request = try SOAPMessage(.soap11, action: "", body: Self.body).request(to: "http://e/")
    #expect(request.headers["SOAPAction"] == "\"\"")
  }

  @Test func `puts the action of SOAP 1_2 into the content type`() throws {
    let message = SOAPMessage(.soap12, action: "urn:a\"b", body: Self.body)
    let request = try message.request(to: "http://e/")
    #expect(
      request.headers["Content-Type"]
        == "application/soap+xml; charset=utf-8; action=\"urn:a\\\"b\"")
    #expect(request.headers["SOAPAction"] == nil)
    #expect(message.envelope.name.namespace == "http://www.w3.org/2003/05/soap-envelope")
    let silent = try SOAPMessage(.soap12, action: "", body: Self.body).request(to: "http://e/")
    #expect(silent.headers["Content-Type"] == "application/soap+xml; charset=utf-8")
  }

  @Test func `puts header blocks before the body`() throws {
    let block = XMLElement(XMLName("session", in: "urn:acme"), text: "7")
    let message = SOAPMessage(.soap11, action: "", headers: [block], body: Self.body)
    let root = try XMLReader().read(message.encoded())
    let namespace = SOAPVersion.soap11.namespace
    #expect(root.elements.map(\.name.local) == ["Header", "Body"])
    #expect(root.first(XMLName("Header", in: namespace))?.elements == [block])
    #expect(root.first(XMLName("Body", in: namespace))?.elements == [Self.body])
  }

  @Test func `sends a password as text`() throws {
    let security = WSSecurity(user: "integration", password: Secret("s<cret"))
    let header = security.header(
      for: .soap11, created: "2026-10-31T22:15:00Z", nonce: Array("0123456789abcdef".utf8))
    let message = SOAPMessage(.soap11, action: "", headers: [header], body: Self.body)
    let text = String(decoding: try message.encoded(), as: UTF8.self)
    let oasis = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
    #expect(
      text.contains(
        """
        <wsse:Security soap:mustUnderstand="1"><wsse:UsernameToken>\
        <wsse:Username>integration</wsse:Username>\
        <wsse:Password Type="\(oasis)username-token-profile-1.0#PasswordText">s&lt;cret\
        </wsse:Password>\
        <wsse:Nonce EncodingType="\(oasis)soap-message-security-1.0#Base64Binary">\
        MDEyMzQ1Njc4OWFiY2RlZg==</wsse:Nonce>\
        <wsu:Created>2026-10-31T22:15:00Z</wsu:Created>\
        </wsse:UsernameToken></wsse:Security>
        """))
    #expect(!"\(security)".contains("s<cret"))
  }

  /// Expected value computed with `openssl dgst -sha1 -binary | base64` over the three parts.
  @Test func `sends a digest of nonce, time and password`() {
    let security = WSSecurity(
      user: "integration", password: Secret("taadtaadpstcsm"), kind: .digest, mustUnderstand: false)
    let header = security.header(
      for: .soap12, created: "2026-10-31T22:15:00Z", nonce: Array("0123456789abcdef".utf8))
    let wsse = WSSecurity.namespace
    let password = header.first([
      XMLName("UsernameToken", in: wsse), XMLName("Password", in: wsse),
    ])
    #expect(header.attributes.isEmpty)
    #expect(password?.attribute("Type")?.hasSuffix("#PasswordDigest") == true)
    #expect(password?.text == "5CFdY/zorTPV4p1nq8kxUXmETMg=")
  }
}
