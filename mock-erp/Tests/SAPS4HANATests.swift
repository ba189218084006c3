import Foundation
import Testing
import XMLTree

@testable import MockERP

/// Journal Entry – Post as `sap-s4hana` speaks it.
@Suite struct SAPS4HANATests {
  static let path = "/sap/bc/srt/scs_ext/sap/journalentrycreaterequestconfi"
  static let cube =
    "/sap/opu/odata/sap/API_OPLACCTGDOCITEMCUBE_SRV/A_OperationalAcctgDocItemCube"
  static let namespaces = [
    "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope",
  ]

  /// The customer invoice of the vendor's samples.
  static func entry(
    _ key: String = "K1", header: String = "", date: String = "2026-03-31",
    revenue: String = "-1000.00", sign: String = "H", debtor: String = "10100001",
    currency: String = "EUR", terms: String = ""
  ) -> String {
    """
    <JournalEntryCreateRequest><MessageHeader><ID>SUB-\(key)</ID>
    <CreationDateTime>2026-03-31T09:15:00Z</CreationDateTime></MessageHeader>
    <JournalEntry>
    <OriginalReferenceDocumentType>BKPFF</OriginalReferenceDocumentType>
    <BusinessTransactionType>RFBU</BusinessTransactionType>
    <AccountingDocumentType>DR</AccountingDocumentType>
    <DocumentReferenceID>INV-1042</DocumentReferenceID>\(header)
    <CreatedByUser>POSTING</CreatedByUser><CompanyCode>1010</CompanyCode>
    <DocumentDate>2026-03-30</DocumentDate><PostingDate>\(date)</PostingDate>\(terms)
    <Reference1InDocumentHeader>\(key)</Reference1InDocumentHeader>
    <Item><ReferenceDocumentItem>2</ReferenceDocumentItem><GLAccount>0041000000</GLAccount>
    <AmountInTransactionCurrency currencyCode="\(currency)">\(revenue)</AmountInTransactionCurrency>
    <DebitCreditCode>\(sign)</DebitCreditCode><Tax><TaxCode>A1</TaxCode></Tax>
    <AccountAssignment><ProfitCenter>YB110</ProfitCenter></AccountAssignment></Item>
    <DebtorItem><ReferenceDocumentItem>1</ReferenceDocumentItem><Debtor>\(debtor)</Debtor>
    <AmountInTransactionCurrency currencyCode="\(currency)">1190.00</AmountInTransactionCurrency>
    <DebitCreditCode>S</DebitCreditCode><AssignmentReference>INV-1042</AssignmentReference>
    </DebtorItem>
    <ProductTaxItem><TaxCode>A1</TaxCode>
    <AmountInTransactionCurrency currencyCode="\(currency)">-190.000000</AmountInTransactionCurrency>
    <DebitCreditCode>H</DebitCreditCode>
    <TaxBaseAmountInTransCrcy currencyCode="\(currency)">-1000.00</TaxBaseAmountInTransCrcy>
    </ProductTaxItem></JournalEntry></JournalEntryCreateRequest>
    """
  }

  static func message(
    _ entries: String, test: Bool = false, in namespace: String = namespaces[0]
  ) -> String {
    """
    <s:Envelope xmlns:s="\(namespace)" xmlns:n="http://sap.com/xi/SAPSCORE/SFIN"><s:Body>
    <n:JournalEntryBulkCreateRequest><MessageHeader><ID>MSG-1</ID>
    <CreationDateTime>2026-03-31T09:15:00Z</CreationDateTime>
    \(test ? "<TestDataIndicator>true</TestDataIndicator>" : "")
    </MessageHeader>\(entries)</n:JournalEntryBulkCreateRequest></s:Body></s:Envelope>
    """
  }

  /// What a confirmation says of one entry.
  struct Confirmed: Equatable {
    let reference: String?
    let number: String?
    let year: String?
    let severity: String?
    let items: [String]
  }

  static func confirmed(_ answer: RawHTTP.Answer) throws -> [Confirmed] {
    let root = try XMLReader().read(answer.body)
    let body = try #require(root.first(XMLName("Body", in: root.name.namespace)))
    let bulk = try #require(body.elements.first)
    #expect(
      bulk.name
        == XMLName("JournalEntryBulkCreateConfirmation", in: "http://sap.com/xi/SAPSCORE/SFIN"))
    #expect(bulk.first([XMLName("MessageHeader"), XMLName("ReferenceID")])?.text == "MSG-1")
    return bulk.all(XMLName("JournalEntryCreateConfirmation")).map { outer in
      let inner = outer.first(XMLName("JournalEntryCreateConfirmation"))
      let log = outer.first(XMLName("Log"))
      return Confirmed(
        reference: outer.first([XMLName("MessageHeader"), XMLName("ReferenceID")])?.text,
        number: inner?.first(XMLName("AccountingDocument"))?.text,
        year: inner?.first(XMLName("FiscalYear"))?.text,
        severity: log?.first(XMLName("MaximumLogItemSeverityCode"))?.text,
        items: (log?.all(XMLName("Item")) ?? []).map {
          ($0.first(XMLName("TypeID"))?.text ?? "") + " " + ($0.first(XMLName("Note"))?.text ?? "")
        })
    }
  }

  static func post(_ http: RawHTTP, _ body: String) async throws -> RawHTTP.Answer {
    try #require(await http.send("POST", path, body: body).answer)
  }

  static func rows(_ http: RawHTTP, _ filter: String) async throws -> [[String: Any]] {
    let escaped = filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    let answer = try #require(
      await http.send("GET", "\(cube)?$filter=\(escaped)&$format=json").answer)
    #expect(answer.status == 200)
    return (answer.json["d"] as? [String: Any])?["results"] as? [[String: Any]] ?? []
  }

  @Test(arguments: namespaces)
  func `confirms each entry of a message on its own, all within HTTP 200`(
    namespace: String
  ) async throws {
    try await Samples.withServer { server, http in
      let entries = Self.entry("K1") + Self.entry("K2", revenue: "-999.00") + Self.entry("K3")
      let answer = try await Self.post(http, Self.message(entries, in: namespace))
      #expect(answer.status == 200)
      #expect(
        try Self.confirmed(answer) == [
          Confirmed(
            reference: "SUB-K1", number: "0100000001", year: "2026", severity: "1",
            items: ["605(RW) Document posted successfully: BKPFF 010000000110102026 0M4SMVI"]),
          Confirmed(
            reference: "SUB-K2", number: "0000000000", year: "0000", severity: "3",
            items: [
              "609(RW) Error in document: BKPFF $ 0M4SMVI",
              "022(RW) FI/CO interface: Balance in transaction currency",
            ]),
          Confirmed(
            reference: "SUB-K3", number: "0100000002", year: "2026", severity: "1",
            items: ["605(RW) Document posted successfully: BKPFF 010000000210102026 0M4SMVI"]),
        ])
      #expect(await server.books.count(of: "1010") == 2)
    }
  }

  @Test func `books the same key again: nothing here knows a repeat`() async throws {
    try await Samples.withServer { server, http in
      for _ in 0..<2 { _ = try await Self.post(http, Self.message(Self.entry("K1"))) }
      #expect(await server.books.count(ofKey: "K1") == .init(booked: 2, received: 2))
    }
  }

  @Test func `a message with the test indicator is checked and not booked`() async throws {
    try await Samples.withServer { server, http in
      let entries = Self.entry("K1") + Self.entry("K2", revenue: "-1.00")
      let found = try Self.confirmed(
        await Self.post(http, Self.message(entries, test: true)))
      #expect(found.map(\.number) == ["0000000000", "0000000000"])
      #expect(found.map(\.severity) == ["1", "3"])
      #expect(await server.books.count(of: "1010") == 0)
    }
  }

  static let seed = CompanySeed(
    code: "1010", functionalCurrency: "EUR",
    accounts: [
      .init(number: "41000000", requires: ["ProfitCenter"]), .init(number: "12200000"),
      .init(number: "22000000"), .init(number: "42000000"),
    ],
    parties: [.init(code: "10100001", account: "12200000")],
    periods: [
      .init(period: "2026-01", state: .closed),
      .init(period: "2026-02", state: .closed, accountTypes: ["D"]),
    ], taxAccounts: ["A1": "22000000"])

  static let refusals: [(String, String)] = [
    (entry(debtor: "777"), "102(F5) Customer 777 is not defined in company code 1010"),
    (
      entry().replacing("0041000000", with: "49"),
      "507(F5) G/L account 49 is not defined in chart of accounts YCOA"
    ),
    (
      entry().replacing("<ProfitCenter>YB110</ProfitCenter>", with: "<Segment>A</Segment>"),
      "808(F5) Field Profit Ctr is a required field for G/L account 1010 41000000"
    ),
    (entry(date: "2026-01-31"), "201(F5) Posting period 001 2026 is not open"),
    (
      entry(date: "2026-02-28"),
      "201(F5) Posting period 002 2026 is not open for account type D"
    ),
    (
      entry(sign: "S"),
      "000(RW) Sign of amount -1000 and debit/credit code disagree"
    ),
    (
      entry(currency: "USD"),
      "105(SG) Enter rate USD / EUR rate type M for 2026-03-31 in the system settings"
    ),
    (
      entry().replacing("<CompanyCode>1010<", with: "<CompanyCode>9999<"),
      "165(F5) Company code 9999 does not exist"
    ),
  ]

  @Test(arguments: refusals)
  func `a refusal is a log with severity 3 within HTTP 200`(
    entry: String, cause: String
  ) async throws {
    try await Samples.withServer {
      $0.strict = true
      $0.companies = [Self.seed]
    } _: { server, http in
      let answer = try await Self.post(http, Self.message(entry))
      #expect(answer.status == 200)
      let found = try #require(try Self.confirmed(answer).first)
      #expect(found.items.last == cause)
      #expect(found.severity == "3")
      #expect(await server.books.count(of: "1010") == 0)
    }
  }

  @Test func `control accounts come from the customer and the tax code`() async throws {
    try await Samples.withServer {
      $0.companies = [Self.seed]
    } _: { server, http in
      _ = try await Self.post(http, Self.message(Self.entry()))
      let balances = await server.books.trialBalance(of: "1010").functional
      #expect(balances["12200000"]?.debit == 119_000)
      #expect(balances["22000000"]?.credit == 19_000)
      #expect(balances["41000000"]?.credit == 100_000)
    }
  }

  @Test func `the rate makes the company's amounts, and they balance`() async throws {
    try await Samples.withServer {
      $0.companies = [Self.seed]
    } _: { server, http in
      let terms = "<ExchangeRate>0.923456</ExchangeRate>"
      let answer = try await Self.post(
        http, Self.message(Self.entry(currency: "USD", terms: terms)))
      #expect(try Self.confirmed(answer).first?.severity == "1")
      let balances = await server.books.trialBalance(of: "1010").functional
      #expect(balances["12200000"]?.debit == 109_892)
      #expect(balances.values.reduce(0) { $0 + $1.debit - $1.credit } == 0)
    }
  }

  static let wrong: [String] = [
    message(entry()).replacing("<MessageHeader>", with: "<MessageHeader xmlns=\"urn:x\">"),
    message(entry()).replacing("09:15:00Z", with: "09:15:00+02:00"),
    message(entry(terms: "<CompanyCode>1010</CompanyCode>")),
    message(
      entry(header: "<DocumentHeaderText>\(String(repeating: "x", count: 26))</DocumentHeaderText>")
    ),
    message(entry()).replacing("<GLAccount>0041000000</GLAccount>", with: ""),
    message(entry(terms: "<ExchangeRate>one</ExchangeRate>")),
    message(""), "no xml",
    message(entry()).replacing("n:JournalEntryBulkCreateRequest", with: "n:Other"),
  ]

  @Test(arguments: wrong)
  func `what the description does not allow is a fault`(body: String) async throws {
    try await Samples.withServer { server, http in
      let answer = try await Self.post(http, body)
      #expect(answer.status == 500)
      #expect(answer.text.contains("soap-env:Fault"))
      #expect(await server.books.count(of: "1010") == 0)
    }
  }

  @Test func `a reversal books the opposite and both documents say so`() async throws {
    try await Samples.withServer { server, http in
      _ = try await Self.post(http, Self.message(Self.entry("K1")))
      let reversal =
        "<ReversalReason>01</ReversalReason>"
        + "<ReversalReferenceDocument>010000000110102026</ReversalReferenceDocument>"
        + "<ReversalDate>2026-04-01</ReversalDate>"
      let whole = Self.entry("R1", header: reversal, date: "2026-04-01")
      let start = try #require(whole.range(of: "<Item>"))
      let end = try #require(whole.range(of: "</ProductTaxItem>"))
      let bare = whole.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "")
      let found = try Self.confirmed(await Self.post(http, Self.message(bare)))
      #expect(found.first?.number == "0100000002")
      let balances = await server.books.trialBalance(of: "1010").functional
      #expect(balances.values.allSatisfy { $0.debit == $0.credit })
      let original = try await Self.rows(http, "Reference1InDocumentHeader eq 'K1'")
      #expect(original.allSatisfy { $0["IsReversed"] as? Bool == true })
      #expect(original.first?["ReverseDocument"] as? String == "0100000002")
      let opposite = try await Self.rows(http, "Reference1InDocumentHeader eq 'R1'")
      #expect(opposite.first?["IsReversal"] as? Bool == true)
      let again = try Self.confirmed(
        await Self.post(http, Self.message(bare.replacing("R1", with: "R2"))))
      #expect(again.first?.items.last == "361(F5) Document has already been reversed")
    }
  }

  // MARK: The cube

  @Test func `the cube finds lines by reference, number, period and day`() async throws {
    try await Samples.withServer { _, http in
      _ = try await Self.post(
        http, Self.message(Self.entry("K1") + Self.entry("K2", date: "2026-04-30")))
      let rows = try await Self.rows(
        http,
        "CompanyCode eq '1010' and FiscalYear eq '2026' and Reference1InDocumentHeader eq 'K1'")
      #expect(rows.map { $0["AccountingDocumentItem"] as? String } == ["1", "2", "3"])
      let debtor = try #require(rows.first { $0["Customer"] as? String == "10100001" })
      #expect(debtor["PostingDate"] as? String == "/Date(1774915200000)/")
      #expect(debtor["AmountInTransactionCurrency"] as? String == "1190.00")
      #expect(debtor["FiscalPeriod"] as? String == "003")
      #expect(rows.first?["AmountInCompanyCodeCurrency"] as? String == "-1000.00")
      #expect(try await Self.rows(http, "AccountingDocument eq '100000002'").count == 3)
      #expect(try await Self.rows(http, "AccountingDocument eq '0100000002'").count == 3)
      let period = "CompanyCode eq '1010' and FiscalYear eq '2026' and FiscalPeriod eq '004'"
      #expect(
        try await Self.rows(http, period).first?["Reference1InDocumentHeader"] as? String == "K2")
      #expect(
        try await Self.rows(http, "PostingDate ge datetime'2026-04-01T00:00:00'").count == 3)
      #expect(try await Self.rows(http, "CompanyCode eq 'O''Neil'").isEmpty)
    }
  }

  @Test func `every ledger has its own rows, and fields can be chosen`() async throws {
    try await Samples.withServer {
      $0.sap.ledgers = ["0L", "2L"]
    } _: { _, http in
      _ = try await Self.post(http, Self.message(Self.entry()))
      let answer = try #require(
        await http.send("GET", "\(Self.cube)?$select=Ledger&$top=4&$format=json").answer)
      let rows = (answer.json["d"] as? [String: Any])?["results"] as? [[String: String]]
      #expect(rows == [["Ledger": "0L"], ["Ledger": "0L"], ["Ledger": "0L"], ["Ledger": "2L"]])
    }
  }

  @Test func `more rows than a page are there page by page`() async throws {
    try await Samples.withServer { _, http in
      _ = try await Self.post(http, Self.message((1...400).map { Self.entry("K\($0)") }.joined()))
      func page(_ query: String) async throws -> (rows: Int, next: String?) {
        let answer = try #require(
          await http.send("GET", "\(Self.cube)?$format=json&\(query)").answer)
        let content = try #require(answer.json["d"] as? [String: Any])
        return (
          try #require(content["results"] as? [Any]).count, content["__next"] as? String
        )
      }
      let first = try await page("$top=5000")
      #expect(first.rows == 1000 && first.next?.hasSuffix("$skip=1000") == true)
      let last = try await page("$top=5000&$skip=1000")
      #expect(last.rows == 200 && last.next == nil)
      let single = try await page("$top=1&$skip=1199")
      #expect(single.rows == 1 && single.next == nil)
      #expect(try await page("$skip=1200").rows == 0)
    }
  }

  @Test(arguments: [
    "$filter=Nonsense%20eq%20'1'", "$filter=CompanyCode%20has%20'1'", "$filter=CompanyCode%20eq",
    "$filter=CompanyCode%20eq%20'1'%20or%20CompanyCode%20eq%20'2'", "$top=x", "$select=Nonsense",
  ])
  func `a query that cannot be read is an OData error`(query: String) async throws {
    try await Samples.withServer { _, http in
      let answer = try #require(
        await http.send("GET", "\(Self.cube)?\(query)&$format=json").answer)
      #expect(answer.status == 400)
      let error = answer.json["error"] as? [String: Any]
      #expect((error?["message"] as? [String: String])?["value"]?.isEmpty == false)
    }
  }

  @Test func `a write wants a CSRF token, and then is refused as a write`() async throws {
    try await Samples.withServer { _, http in
      let bare = try #require(await http.send("POST", Self.cube, body: "{}").answer)
      #expect(bare.status == 403)
      #expect(bare.headers["x-csrf-token"] == "Required")
      let fetched = try #require(
        await http.send(
          "GET", "\(Self.cube)?$format=json&$top=0", headers: ["X-CSRF-Token": "Fetch"]
        ).answer)
      let cookie = try #require(fetched.headers["set-cookie"]?.split(separator: ";").first)
      let token = try #require(fetched.headers["x-csrf-token"])
      let headers = ["X-CSRF-Token": token, "Cookie": String(cookie)]
      let written = try #require(
        await http.send("POST", Self.cube, headers: headers, body: "{}").answer)
      #expect(written.status == 405)
    }
  }

  // MARK: Who is let in

  @Test func `asks for the user, or for a token that lives`() async throws {
    let clock = AdjustableClock(Samples.moment)
    try await Samples.withServer {
      $0.sap.user = .init(name: "COMM", secret: "pass:word")
      $0.sap.client = .init(name: "client", secret: "secret")
      $0.now = { clock.now }
    } _: { server, http in
      func status(_ authorization: String?) async throws -> Int {
        let headers = authorization.map { ["Authorization": $0] } ?? [:]
        return try #require(
          await http.send(
            "POST", Self.path, headers: headers, body: Self.message(Self.entry())
          ).answer
        ).status
      }
      let basic = Data("COMM:pass:word".utf8).base64EncodedString()
      #expect(try await status(nil) == 401)
      #expect(try await status("Basic \(basic)") == 200)
      #expect(try await status("Basic " + Data("COMM:other".utf8).base64EncodedString()) == 401)
      let client = Data("client:secret".utf8).base64EncodedString()
      let issued = try #require(
        await http.send(
          "POST", "/sap/bc/sec/oauth2/token", headers: ["Authorization": "Basic \(client)"],
          body: "grant_type=client_credentials"
        ).answer)
      let token = try #require(issued.json["access_token"] as? String)
      #expect(try await status("Bearer \(token)") == 200)
      #expect(try await status("Bearer other") == 401)
      clock.advance(by: 3600)
      #expect(try await status("Bearer \(token)") == 401)
      let wrong = try #require(
        await http.send(
          "POST", "/sap/bc/sec/oauth2/token",
          body: "grant_type=client_credentials&client_id=client&client_secret=x"
        ).answer)
      #expect(wrong.status == 401)
      #expect(await server.books.count(of: "1010") == 2)
    }
  }

  // MARK: As vendors do

  @Test(arguments: [(429, ""), (503, "<html>"), (500, "soap-env:Fault")])
  func `troubles come from the layer they arise in`(status: Int, start: String) async throws {
    try await Samples.withServer {
      $0.faults = [FaultRule(match: .init(dialect: "sap-s4hana"), act: .status(status), times: 1)]
    } _: { _, http in
      let answer = try await Self.post(http, Self.message(Self.entry()))
      #expect(answer.status == status)
      #expect(start.isEmpty ? answer.body.isEmpty : answer.text.contains(start))
    }
  }

  @Test func `books after the sender has gone`() async throws {
    try await Samples.withServer {
      $0.faults = [FaultRule(match: .init(externalKey: "K1"), act: .bookThenDrop, times: 1)]
    } _: { _, http in
      guard case .closed = await http.send("POST", Self.path, body: Self.message(Self.entry()))
      else {
        Issue.record("an answer came")
        return
      }
      let rows = try await Self.rows(http, "Reference1InDocumentHeader eq 'K1'")
      #expect(rows.count == 3)
    }
  }

  @Test func `describes itself as it checks`() async throws {
    try await Samples.withServer { server, http in
      let answer = try #require(await http.send("GET", "\(Self.path)?wsdl").answer)
      let root = try XMLReader().read(answer.body)
      let wsdl = "http://schemas.xmlsoap.org/wsdl/"
      #expect(root.all(XMLName("binding", in: wsdl)).count == 2)
      #expect(answer.text.contains("http://127.0.0.1:\(server.port)\(Self.path)"))
      #expect(!answer.text.contains("elementFormDefault"))
    }
  }
}
