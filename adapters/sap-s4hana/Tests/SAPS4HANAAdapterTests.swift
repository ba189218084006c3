import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import SAPS4HANAAdapter
import Testing

@Suite struct SAPS4HANAAdapterTests {
  typealias Fixture = SAPS4HANAFixtureTests

  let euro: Currency
  let batch: [Submission]

  init() throws {
    let euro = try #require(Currency("EUR"))
    self.euro = euro
    batch = (1...4).map { SampleEntry.plain($0, euro) }
  }

  // MARK: Posting

  /// The confirmation of some keys.
  static func confirmation(_ keys: [String], text: (Int) -> String) -> HTTPResponse {
    let entries = keys.enumerated().map { index, key in
      "<JournalEntryCreateConfirmation><MessageHeader><ReferenceID>SUB-\(key)</ReferenceID>"
        + "</MessageHeader>\(text(index))</JournalEntryCreateConfirmation>"
    }
    return .soap(
      200,
      "<n:JournalEntryBulkCreateConfirmation xmlns:n=\"http://sap.com/xi/SAPSCORE/SFIN\">"
        + entries.joined() + "<Log/></n:JournalEntryBulkCreateConfirmation>")
  }

  static func posted(_ keys: [String]) -> HTTPResponse {
    confirmation(keys) { index in
      "<JournalEntryCreateConfirmation><AccountingDocument>010000000\(index)</AccountingDocument>"
        + "<CompanyCode>1010</CompanyCode><FiscalYear>2026</FiscalYear>"
        + "</JournalEntryCreateConfirmation><Log/>"
    }
  }

  static func keys(in request: HTTPRequest) -> [String] {
    String(decoding: request.body, as: UTF8.self)
      .components(separatedBy: "<ID>SUB-").dropFirst().map { String($0.prefix(16)) }
  }

  @Test func `a bulk message has a verdict for each entry that it is answered for`() async throws {
    let silent = batch[1].key.text
    let http = ScriptedHTTPClient(always: { request in
      Self.posted(Self.keys(in: request).filter { $0 != silent })
    })
    let outcomes = try await Fixture.adapter(http, ["batchSize": 10]).submit(batch)
    #expect(await http.requests.count == 1)
    #expect(
      outcomes[batch[0].key]
        == .posted(Receipt(id: "010000000010102026", number: "100000000")))
    #expect(outcomes[batch[1].key]?.fixtureText.hasPrefix("unknown") == true)
    #expect(outcomes.count == 4)
  }

  @Test func `a message that is too large goes again in halves`() async throws {
    let http = ScriptedHTTPClient(always: { request in
      let keys = Self.keys(in: request)
      return keys.count > 1 ? HTTPResponse(status: 413) : Self.posted(keys)
    })
    let outcomes = try await Fixture.adapter(http, ["batchSize": 10]).submit(batch)
    #expect(outcomes.values.allSatisfy { $0.fixtureText.hasPrefix("posted") })
    #expect(await http.requests.count == 7)
  }

  @Test func `bytes that are not UTF-8 are no answer`() async throws {
    var response = Self.posted([batch[0].key.text])
    response.body.insert(0xFC, at: response.body.count - 60)
    let outcomes = try await Fixture.adapter(ScriptedHTTPClient([.answer(response)]))
      .submit([batch[0]])
    #expect(outcomes[batch[0].key]?.fixtureText.hasPrefix("unknown") == true)
  }

  @Test(arguments: [
    (HTTPFailure.Progress.nothingSent, HTTPFailure.Code.tlsRefused, "retryLater connection"),
    (.outcomeUnknown, .responseTooLarge, "unknown"), (.outcomeUnknown, .timeout, "unknown"),
    (.nothingSent, .tokenRefused, "retryLater connection"),
  ])
  func `a request without an answer is unknown only where something left`(
    progress: HTTPFailure.Progress, code: HTTPFailure.Code, expected: String
  ) async throws {
    let failure = HTTPFailure(progress: progress, code: code, detail: "the certificate is for x")
    let outcomes = try await Fixture.adapter(ScriptedHTTPClient([.failure(failure)]))
      .submit([batch[0]])
    #expect(outcomes[batch[0].key]?.fixtureText.hasPrefix(expected) == true)
  }

  private func sent(
    _ submission: Submission, _ values: [String: TestValue] = [:]
  ) async throws -> String {
    let http = ScriptedHTTPClient(always: { _ in HTTPResponse(status: 500) })
    _ = try await Fixture.adapter(http, values).submit([submission])
    return await http.requests.first.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
  }

  @Test func `the key goes into the field that the connection names`() async throws {
    let key = batch[0].key.text
    let usual = try await sent(batch[0])
    #expect(usual.contains("<Reference1InDocumentHeader>\(key)</Reference1InDocumentHeader>"))
    #expect(usual.contains("<DocumentReferenceID>INV-1</DocumentReferenceID>"))
    let second = try await sent(
      batch[0], ["keyField": "Reference2InDocumentHeader", "keyPrefix": "P1"])
    #expect(second.contains("<Reference2InDocumentHeader>P1\(key)</Reference2InDocumentHeader>"))
    let third = try await sent(batch[0], ["keyField": "DocumentReferenceID"])
    #expect(third.contains("<DocumentReferenceID>\(key)</DocumentReferenceID>"))
    #expect(!third.contains("INV-1</DocumentReferenceID>"))
  }

  @Test func `an invoice says when it is due, and who the customer is`() async throws {
    let entry = batch[0].entry
    let document = Document(
      identity: entry.head.source.document, entity: entry.head.legalEntity, reference: "INV-1",
      documentDate: entry.head.documentDate, currency: euro, customer: nil,
      approval: Approval(by: "test", at: nil),
      body: .invoice(
        Invoice(
          dueDate: entry.head.documentDate.adding(days: 30),
          content: BilledContent(
            lines: [],
            totals: DocumentTotals(
              net: Money(minorUnits: 11_900, euro), tax: Money.zero(euro),
              gross: Money(minorUnits: 11_900, euro), rounding: Money.zero(euro),
              prepaid: Money.zero(euro))))))
    let text = try await sent(
      Submission(key: batch[0].key, entry: entry, document: SourceDocument(document)),
      ["reconciliationAccount": "master"])
    #expect(text.contains("<Debtor>C-1007</Debtor>"))
    #expect(!text.contains("AltvRecnclnAccts"))
    #expect(
      text.contains(
        "<DueCalculationBaseDate>2026-10-31</DueCalculationBaseDate>"
          + "<NetPaymentDays>P30D</NetPaymentDays>"))
  }

  @Test func `what a field of SAP cannot hold is refused before it is sent, and the others go`()
    async throws
  {
    var head = batch[0].entry.head
    head.ledger = "ifrs"
    let parallel = Submission(
      key: batch[0].key, entry: try JournalEntry(head, lines: batch[0].entry.lines))
    let lines = batch[1].entry.lines.map { line in
      JournalLine(
        role: line.role, account: line.account, side: line.side, amount: line.amount,
        functionalAmount: line.functionalAmount, party: line.party.map { $0 + "-AND-MORE" },
        description: line.description, reason: line.reason)
    }
    let long = Submission(
      key: batch[1].key, entry: try JournalEntry(batch[1].entry.head, lines: lines))
    let http = ScriptedHTTPClient(always: { Self.posted(Self.keys(in: $0)) })
    let outcomes = try await Fixture.adapter(http).submit([parallel, long, batch[2]])
    #expect(outcomes[parallel.key]?.fixtureText.contains("not_expressible /ledger") == true)
    #expect(outcomes[long.key]?.fixtureText.contains("not_expressible /lines/0/party") == true)
    #expect(outcomes[batch[2].key]?.fixtureText.hasPrefix("posted") == true)
    #expect(await http.requests.count == 1)
  }

  // MARK: Reversal

  @Test func `a native reversal names reason and document, and has no lines`() async throws {
    let order = ReversalOrder(
      batch[1],
      of: PostedDocument(
        key: batch[0].key, receipt: Receipt(id: "010000000810102026", number: "100000008")))
    let other = Self.rows([Self.row("7", key: "SOMETHING")])
    let http = ScriptedHTTPClient([
      .answer(Self.rows([])), .answer(other), .answer(Self.posted([batch[1].key.text])),
    ])
    let adapter = try Fixture.adapter(http, ["reversal": "native"])
    #expect(adapter.capabilities.contains(.reversesPostings))
    #expect(await adapter.reverse(order).fixtureText.hasPrefix("posted"))
    let text = String(decoding: try #require(await http.requests.last).body, as: UTF8.self)
    #expect(
      text.contains(
        "<ReversalReason>01</ReversalReason><ReversalReferenceDocument>"
          + "010000000810102026</ReversalReferenceDocument><ReversalDate>2026-10-31</ReversalDate>")
    )
    #expect(!text.contains("<Item>"))
    let again = ScriptedHTTPClient([
      .answer(Self.rows([Self.row("9", key: batch[1].key.text)]))
    ])
    #expect(
      try await Fixture.adapter(again, ["reversal": "native"]).reverse(order).fixtureText
        .hasPrefix("alreadyPosted"))
  }

  // MARK: Look-up

  static func row(
    _ number: String, item: Int = 1, key: String, more: String = ""
  ) -> String {
    """
    {"CompanyCode":"1010","FiscalYear":"2026","AccountingDocument":"\(number)",
     "AccountingDocumentItem":"\(item)","Reference1InDocumentHeader":"\(key)"\(more)}
    """
  }

  static func rows(_ rows: [String]) -> HTTPResponse {
    HTTPResponse(
      status: 200, body: [UInt8]("{\"d\":{\"results\":[\(rows.joined(separator: ","))]}}".utf8))
  }

  private func find(_ responses: [HTTPResponse]) async throws -> Finding {
    try await Fixture.adapter(ScriptedHTTPClient(responses.map { .answer($0) }))
      .find(batch[0].key)
  }

  @Test func `several rows of one document are one document`() async throws {
    let key = batch[0].key.text
    let finding = try await find([
      Self.rows([Self.row("0100000008", key: key), Self.row("100000008", item: 2, key: key)])
    ])
    #expect(
      finding == .found(Receipt(id: "010000000810102026", number: "100000008")))
  }

  @Test func `no row is absent only for who sees other rows of the company`() async throws {
    #expect(
      try await find([Self.rows([]), Self.rows([Self.row("1", key: "X")])]) == .absent)
    guard case .cannotTell = try await find([Self.rows([]), Self.rows([])]) else {
      Issue.record("an answer that shows nothing at all proves nothing")
      return
    }
  }

  @Test func `two documents under a key are told, a reversal's copy is none`() async throws {
    let key = batch[0].key.text
    guard
      case .cannotTell(let problem) = try await find([
        Self.rows([Self.row("8", key: key), Self.row("9", key: key)])
      ])
    else {
      Issue.record("two documents are one")
      return
    }
    #expect(problem.code == Problem.bookedTwiceCode)
    let copy = Self.row("9", key: key, more: #","IsReversal":true,"ReverseDocument":"0000000008""#)
    let finding = try await find([Self.rows([Self.row("8", key: key), copy])])
    #expect(finding == .found(Receipt(id: "000000000810102026", number: "8")))
  }

  @Test(arguments: [
    HTTPResponse(status: 200, body: [UInt8]("<html>Logon</html>".utf8)),
    HTTPResponse(status: 200, body: [UInt8](#"{"d":{"results":[{"CompanyCode":"10"#.utf8)),
    HTTPResponse(status: 200, body: [UInt8](#"{"d":{"results":{"a":1}}}"#.utf8)),
    HTTPResponse(status: 200, body: [UInt8](#"{"error":{"code":"005056A509B11EE1"}}"#.utf8)),
    HTTPResponse(status: 200), HTTPResponse(status: 404), HTTPResponse(status: 403),
    HTTPResponse(status: 500, body: [UInt8](#"{"error":{"message":{"value":"x"}}}"#.utf8)),
    rows([row("8", key: "ANOTHERKEY")]),
    rows([#"{"CompanyCode":"1010","AccountingDocument":8}"#]),
  ])
  func `a look-up that is not sure cannot tell`(response: HTTPResponse) async throws {
    guard case .cannotTell = try await find([response, Self.rows([Self.row("1", key: "X")])])
    else {
      Issue.record("it took \(response.text) for an answer")
      return
    }
  }

  @Test func `a look-up asks for company and key, with the parameters of the connection`()
    async throws
  {
    let http = ScriptedHTTPClient(always: { _ in Self.rows([]) })
    let adapter = try Fixture.adapter(
      http, ["parameters": ["sap-client": "100"], "ledger": "0L"])
    _ = await adapter.find(batch[0].key)
    let url = try #require(await http.requests.first).url
    #expect(url.hasPrefix("https://erp.example/sap/opu/odata/sap/API_OPLACCTGDOCITEMCUBE_SRV/"))
    #expect(
      url.removingPercentEncoding?.contains(
        "$filter=CompanyCode eq '1010' and Ledger eq '0L' and Reference1InDocumentHeader eq "
          + "'\(batch[0].key)'") == true)
    #expect(url.hasSuffix("&sap-client=100"))
  }

  @Test func `without a look-up nothing is promised`() async throws {
    let http = ScriptedHTTPClient([])
    let adapter = try Fixture.adapter(http, ["lookUp": false])
    #expect(adapter.capabilities.isEmpty)
    #expect(adapter.descriptor.idempotency == .none)
    guard case .cannotTell = await adapter.find(batch[0].key) else {
      Issue.record("nobody was asked")
      return
    }
    #expect(await http.requests.isEmpty)
  }

  // MARK: Reading books

  @Test func `reads documents whole, once for each ledger`() async throws {
    let key = batch[0].key.text
    func line(_ number: String, _ item: Int, _ side: String, _ ledger: String) -> String {
      Self.row(
        number, item: item, key: key,
        more: """
          ,"Ledger":"\(ledger)","PostingDate":"/Date(1793404800000)/","GLAccount":"4400",
          "DebitCreditCode":"\(side)","AmountInTransactionCurrency":"\(side == "H" ? "-" : "")1.50",
          "TransactionCurrency":"EUR"
          """)
    }
    let answer = Self.rows([
      line("8", 1, "S", "0L"), line("8", 2, "H", "0L"), line("8", 1, "S", "2L"),
      line("8", 2, "H", "2L"), line("9", 1, "S", "0L"), line("9", 2, "H", "0L"),
    ])
    let http = ScriptedHTTPClient([.answer(answer)])
    var postings: [BookedPosting] = []
    try await Fixture.adapter(http).readPostings(of: SampleEntry.period) { postings += $0 }
    #expect(postings.map(\.number) == ["8", "9"])
    #expect(postings.map(\.externalKey) == [key, key])
    #expect(postings.map(\.lines.count) == [2, 2])
    #expect(postings.first?.date == CalendarDate("2026-10-31"))
    #expect(postings.first?.lines.last?.amount == Money(minorUnits: 150, euro))
  }

  // MARK: CSRF

  @Test func `a token that has ended is fetched again, and the write goes once more`() async throws
  {
    let refused = HTTPResponse(status: 403, headers: ["x-csrf-token": "Required"])
    func token(_ text: String) -> HTTPResponse {
      var headers: HTTPHeaders = ["x-csrf-token": text]
      headers.add("set-cookie", "SAP_SESSION=\(text); path=/; HttpOnly")
      headers.add("set-cookie", "other=1")
      return HTTPResponse(status: 200, headers: headers)
    }
    let http = ScriptedHTTPClient([
      .answer(token("one")), .answer(Self.posted([batch[0].key.text])), .answer(refused),
      .answer(token("two")), .answer(Self.posted([batch[1].key.text])),
    ])
    let adapter = try Fixture.adapter(http, ["csrf": true])
    for submission in batch.prefix(2) {
      let outcome = await adapter.submit([submission])[submission.key]
      #expect(outcome?.fixtureText.hasPrefix("posted") == true)
    }
    let requests = await http.requests
    #expect(requests.map(\.method) == [.get, .post, .post, .get, .post])
    #expect(requests.map { $0.headers["X-CSRF-Token"] } == ["Fetch", "one", "one", "Fetch", "two"])
    #expect(requests.last?.headers["Cookie"] == "SAP_SESSION=two; other=1")
  }

  @Test func `without a token nothing is sent`() async throws {
    let http = ScriptedHTTPClient([.answer(HTTPResponse(status: 404))])
    let outcome = try await Fixture.adapter(http, ["csrf": true]).submit([batch[0]])[batch[0].key]
    #expect(outcome?.fixtureText.hasPrefix("retryLater") == true)
  }

  @Test func `a token that is refused twice is a refusal of the credentials`() async throws {
    let refused = HTTPResponse(status: 403, headers: ["x-csrf-token": "Required"])
    let http = ScriptedHTTPClient(always: { request in
      request.method == .get ? HTTPResponse(status: 200, headers: ["x-csrf-token": "t"]) : refused
    })
    let outcome = try await Fixture.adapter(http, ["csrf": true]).submit([batch[0]])[batch[0].key]
    #expect(outcome?.fixtureText.contains("credentials_refused") == true)
    #expect(await http.requests.count == 4)
  }

  // MARK: Settings

  @Test func `tells everything that is wrong in the settings at once`() {
    do throws(SettingsFault) {
      _ = try SAPS4HANAAdapter(
        settings: .test([
          "url": "erp.example", "company": "TOOLONG", "release": "2020", "reversal": "native",
          "keyPrefix": "TOOLONG", "dimensions": ["costCenter": "KOSTL"],
          "documentTypes": ["bill": "RV"], "servicePath": "x",
          "auth": ["type": "basic", "user": "postern", "password": "hunter2"], "clinet": "100",
        ]), http: ScriptedHTTPClient([]), now: { Fixture.start })
      Issue.record("accepted")
    } catch {
      #expect(
        error.problems.map(\.code) == [
          "invalid_url", "wrong_type", "invalid_path", "secret_inline", "wrong_type", "wrong_type",
          "wrong_type", "release_too_old", "unknown_key",
        ])
      #expect(!"\(error)".contains("hunter2"))
    }
  }

  @Test func `a row of the connection decides before ours`() async throws {
    let response = Self.confirmation([batch[0].key.text]) { _ in
      "<Log><Item><TypeID>015(M3)</TypeID><SeverityCode>3</SeverityCode>"
        + "<Note>Account is locked by user X</Note></Item></Log>"
    }
    let row: TestValue = [
      "match": ["code": "015(M3)"], "outcome": "retryLater", "scope": "entry",
    ]
    let outcome = try await Fixture.adapter(
      ScriptedHTTPClient([.answer(response)]), ["errors": .list([row])]
    ).submit([batch[0]])[batch[0].key]
    #expect(outcome?.fixtureText.hasPrefix("retryLater entry") == true)
  }
}
