import Digest
import Foundation
import Testing
import XMLTree

@testable import MockERP

@Suite struct GenericSOAPTests {
  static let versions = [
    "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope",
  ]

  static func entry(_ key: String, amount: String = "119.00", extra: String = "") -> String {
    """
    <JournalEntry><ExternalKey>\(key)</ExternalKey><PostingDate>2026-10-31</PostingDate>
    <Currency>EUR</Currency><FunctionalCurrency>EUR</FunctionalCurrency>\(extra)
    <Line><Account>1200</Account><Side>debit</Side><Amount>\(amount)</Amount>
    <FunctionalAmount>119.00</FunctionalAmount><Party>C-1</Party></Line>
    <Line><Account>4400</Account><Side>credit</Side><Amount>119.00</Amount>
    <FunctionalAmount>119.00</FunctionalAmount><Tax><Code>DE-19</Code><Rate>19</Rate></Tax>
    <Dimension><Name>costCenter</Name><Value> a&lt;b </Value></Dimension></Line></JournalEntry>
    """
  }

  static func envelope(_ body: String, in namespace: String, header: String = "") -> String {
    """
    <?xml version="1.0"?><s:Envelope xmlns:s="\(namespace)"><s:Header>\(header)</s:Header>
    <s:Body>\(body)</s:Body></s:Envelope>
    """
  }

  static func posting(_ entries: String) -> String {
    "<PostJournalEntries xmlns=\"urn:generic-erp:journal:1\"><Company>DE01</Company>\(entries)"
      + "</PostJournalEntries>"
  }

  /// The one element inside the body of an answer.
  static func content(of answer: RawHTTP.Answer) throws -> XMLElement {
    let root = try XMLReader().read(answer.body)
    let body = try #require(root.first(XMLName("Body", in: root.name.namespace)))
    return try #require(body.elements.first)
  }

  static func own(_ local: String) -> XMLName { XMLName(local, in: "urn:generic-erp:journal:1") }

  @Test(arguments: versions)
  func `posts a batch with a verdict per entry, in the version asked in`(
    namespace: String
  ) async throws {
    try await Samples.withServer { server, http in
      let body = Self.posting(
        Self.entry("A") + Self.entry("B", amount: "1.00") + Self.entry("A"))
      let answer = try #require(
        await http.send("POST", "/generic/soap", body: Self.envelope(body, in: namespace)).answer)
      #expect(answer.status == 200)
      let root = try XMLReader().read(answer.body)
      #expect(root.name.namespace == namespace)
      let response = try Self.content(of: answer)
      #expect(response.name == Self.own("PostJournalEntriesResponse"))
      let results = response.all(Self.own("Result"))
      #expect(
        results.map { $0.first(Self.own("Status"))?.text } == ["posted", "rejected", "posted"])
      #expect(results[0].first(Self.own("Number"))?.text == "2026-000001")
      #expect(results[1].first(Self.own("Code"))?.text == "unbalanced")
      #expect(results[1].first(Self.own("Field"))?.text == "/lines")
      #expect(results[2].first(Self.own("Duplicate"))?.text == "true")
      #expect(await server.books.count(ofKey: "A") == .init(booked: 1, received: 2))
    }
  }

  @Test(arguments: versions)
  func `finds what it booked, whole, and says when there is nothing`(
    namespace: String
  ) async throws {
    try await Samples.withServer { _, http in
      let posting = Self.posting(Self.entry("A", extra: "<Description> x </Description>"))
      _ = await http.send("POST", "/generic/soap", body: Self.envelope(posting, in: namespace))
      func find(_ key: String) async throws -> XMLElement {
        let body =
          "<q:FindJournalEntry xmlns:q=\"urn:generic-erp:journal:1\"><q:Company>DE01</q:Company>"
          + "<q:ExternalKey>\(key)</q:ExternalKey></q:FindJournalEntry>"
        let answer = try #require(
          await http.send("POST", "/generic/soap", body: Self.envelope(body, in: namespace))
            .answer)
        return try Self.content(of: answer)
      }
      let entry = try #require(try await find("A").first(Self.own("JournalEntry")))
      #expect(entry.first(Self.own("Description"))?.text == " x ")
      let line = entry.all(Self.own("Line"))[1]
      #expect(line.first([Self.own("Dimension"), Self.own("Value")])?.text == " a<b ")
      #expect(line.first([Self.own("Tax"), Self.own("Rate")])?.text == "19")
      #expect(try await find("B").elements.isEmpty)
    }
  }

  @Test func `serves its description, which is the file shipped beside it`() async throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "generic-journal.wsdl")
    let shipped = try String(contentsOf: file, encoding: .utf8)
    try await Samples.withServer { server, http in
      let answer = try #require(await http.send("GET", "/generic/soap?wsdl").answer)
      #expect(answer.status == 200)
      #expect(
        answer.text.replacing("127.0.0.1:\(server.port)", with: "127.0.0.1:8081") == shipped)
      let wsdl = "http://schemas.xmlsoap.org/wsdl/"
      let root = try XMLReader().read(answer.body)
      #expect(root.name == XMLName("definitions", in: wsdl))
      let bindings = root.all(XMLName("binding", in: wsdl))
      #expect(
        bindings.compactMap { $0.elements.first?.name.namespace } == [
          "http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/",
        ])
      let operations = root.all(XMLName("portType", in: wsdl)).flatMap {
        $0.all(XMLName("operation", in: wsdl)).compactMap { $0.attribute("name") }
      }
      #expect(operations == ["PostJournalEntries", "FindJournalEntry", "GetCompany"])
    }
  }

  static let wrongBodies: [(String, String)] = [
    ("<Nonsense xmlns=\"urn:generic-erp:journal:1\"/>", "unknown_operation"),
    (posting(""), "malformed"),
    (posting(entry("A").replacing("<Currency>EUR</Currency>", with: "")), "malformed"),
    (posting(entry("A", extra: "<Unknown/>")), "malformed"),
    (posting(entry("A", extra: "<ExternalKey>B</ExternalKey>")), "malformed"),
  ]

  @Test(arguments: wrongBodies)
  func `a malformed request is the sender's fault, in both versions`(
    body: String, code: String
  ) async throws {
    try await Samples.withServer { server, http in
      for (namespace, status, faultCode) in [
        (Self.versions[0], 500, "soap:Client"), (Self.versions[1], 400, "env:Sender"),
      ] {
        let answer = try #require(
          await http.send("POST", "/generic/soap", body: Self.envelope(body, in: namespace))
            .answer)
        #expect(answer.status == status)
        let fault = try Self.content(of: answer)
        #expect(fault.name == XMLName("Fault", in: namespace))
        let given =
          fault.first(XMLName("faultcode"))
          ?? fault.first([XMLName("Code", in: namespace), XMLName("Value", in: namespace)])
        #expect(given?.text == faultCode)
        let detail = fault.first(XMLName("detail")) ?? fault.first(XMLName("Detail", in: namespace))
        #expect(detail?.first([Self.own("Problem"), Self.own("Code")])?.text == code)
      }
      #expect(await server.books.count(of: "DE01") == 0)
    }
  }

  @Test(arguments: [
    "no xml", "<a/>", "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
    "<Envelope xmlns=\"urn:other\"><Body><a/></Body></Envelope>",
  ])
  func `what is no envelope gets a fault`(body: String) async throws {
    try await Samples.withServer { _, http in
      let answer = try #require(await http.send("POST", "/generic/soap", body: body).answer)
      #expect(answer.status == 500)
      #expect(try Self.content(of: answer).name.local == "Fault")
    }
  }

  @Test func `an unknown company is a fault`() async throws {
    try await Samples.withServer {
      $0.strict = true
    } _: { _, http in
      let answer = try #require(
        await http.send(
          "POST", "/generic/soap",
          body: Self.envelope(Self.posting(Self.entry("A")), in: Self.versions[0])
        ).answer)
      #expect(answer.status == 500)
      #expect(answer.text.contains("unknown_company"))
    }
  }

  @Test func `a header that must be understood and is not is a fault`() async throws {
    try await Samples.withServer { server, http in
      let header = "<x:Odd xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/>"
      let answer = try #require(
        await http.send(
          "POST", "/generic/soap",
          body: Self.envelope(
            Self.posting(Self.entry("A")), in: Self.versions[0], header: header)
        ).answer)
      #expect(answer.text.contains("soap:MustUnderstand"))
      #expect(await server.books.count(of: "DE01") == 0)
    }
  }

  private func security(_ token: String) -> String {
    """
    <w:Security xmlns:w="\(SOAPUser.namespace)" s:mustUnderstand="1"
    xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">
    <w:UsernameToken><w:Username>erp</w:Username>\(token)</w:UsernameToken></w:Security>
    """
  }

  @Test func `asks for a UsernameToken: password in clear or as a digest`() async throws {
    let user = SOAPUser(name: "erp", password: "secret")
    let digest = SHA1.hash(
      Array("nonce".utf8) + Array("2026-11-01T08:00:00Z".utf8) + Array("secret".utf8))
    let digestType =
      "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
    let tokens = [
      ("<w:Password>secret</w:Password>", true), ("<w:Password>other</w:Password>", false),
      (
        """
        <w:Password Type="\(digestType)">\(Data(digest).base64EncodedString())</w:Password>
        <w:Nonce>\(Data("nonce".utf8).base64EncodedString())</w:Nonce>
        <u:Created>2026-11-01T08:00:00Z</u:Created>
        """, true
      ),
      (
        """
        <w:Password Type="\(digestType)">\(Data(digest).base64EncodedString())</w:Password>
        <w:Nonce>\(Data("other".utf8).base64EncodedString())</w:Nonce>
        <u:Created>2026-11-01T08:00:00Z</u:Created>
        """, false
      ),
    ]
    try await Samples.withServer {
      $0.soapUser = user
    } _: { _, http in
      for (token, isRight) in tokens {
        let body = Self.envelope(
          Self.posting(Self.entry("A")), in: Self.versions[0], header: security(token))
        let answer = try #require(await http.send("POST", "/generic/soap", body: body).answer)
        #expect(answer.status == (isRight ? 200 : 500))
        #expect(answer.text.contains("wsse:FailedAuthentication") == !isRight)
      }
      let without = try #require(
        await http.send(
          "POST", "/generic/soap",
          body: Self.envelope(Self.posting(Self.entry("A")), in: Self.versions[1])
        ).answer)
      #expect(without.status == 400)
      #expect(without.text.contains("wsse:FailedAuthentication"))
    }
  }
}
