import AdapterConformance
import AdapterKit
import HTTPTransport
import Ledger
import NetSuiteAdapter
import Testing

@Suite struct NetSuiteAdapterTests {
  let submission: Submission
  let key: PostingKey

  init() throws {
    submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    key = submission.key
  }

  /// The stored journal of the sample, as `expandSubResources` shows it.
  static func stored(
    _ key: PostingKey, debit: String = "119.0", date: String = "2026-10-31", status: String = "2"
  ) -> String {
    """
    {"id":"64701","externalId":"\(key)","tranId":"JE1207","tranDate":"\(date)",
     "subsidiary":{"id":"4"},"currency":{"id":"4"},"exchangeRate":1.0,
     "approvalStatus":{"id":"\(status)"},
     "line":{"count":2,"items":[{"line":1,"account":{"id":"1200"},"debit":\(debit)},
                                {"line":2,"account":{"id":"4400"},"credit":\(debit)}]}}
    """
  }

  static let taken = ScriptedNetSuite.error(400, "USER_ERROR", "This record already exists")
  static let nobody = ScriptedNetSuite.error(404, "NONEXISTENT_ID", "Record does not exist")

  private func outcome(
    _ values: [String: TestValue] = [:], _ script: @escaping ScriptedNetSuite.Answer
  ) async throws -> PostingOutcome? {
    try await NetSuiteAdapter.test(ScriptedNetSuite(script), values).submit([submission])[key]
  }

  @Test func `a posting has the number that people see`() async throws {
    let outcome = try await outcome { _ in nil }
    #expect(outcome == .posted(Receipt(id: "64701", number: "JE1207")))
  }

  @Test func `what was created stays posted when its number cannot be read`() async throws {
    let outcome = try await outcome { request in
      request.method == .get ? ScriptedNetSuite.error(500, "UNEXPECTED_ERROR", "x") : nil
    }
    #expect(outcome == .posted(Receipt(id: "64701", number: "64701")))
  }

  @Test(arguments: [
    ("119.0", "2026-10-31", "alreadyPosted"), ("119.00", "2026-10-31", "alreadyPosted"),
    ("119.01", "2026-10-31", "rejected duplicateWithOtherContent"),
    ("119.0", "2026-10-30", "rejected duplicateWithOtherContent"),
  ])
  func `an external id that is taken is ours if it says the same`(
    debit: String, date: String, word: String
  ) async throws {
    let key = key
    let outcome = try await outcome { request in
      if request.method == .post, request.url.contains("/record/") { return Self.taken }
      guard request.method == .get else { return nil }
      return .json(200, Self.stored(key, debit: debit, date: date))
    }
    #expect(outcome?.fixtureText.hasPrefix(word) == true)
  }

  @Test func `an external id that is taken and not shown is unknown`() async throws {
    let outcome = try await outcome { request in
      if request.method == .post, request.url.contains("/record/") { return Self.taken }
      return request.method == .get ? Self.nobody : nil
    }
    #expect(outcome?.fixtureText.hasPrefix("unknown") == true)
  }

  @Test(arguments: [("1", "submitted"), ("3", "rejected"), ("2", "posted")])
  func `a journal that waits for approval is not posted`(
    status: String, word: String
  ) async throws {
    let key = key
    let http = ScriptedNetSuite { request in
      request.method == .get ? .json(200, Self.stored(key, status: status)) : nil
    }
    let adapter = try NetSuiteAdapter.test(http)
    let outcome = try #require(await adapter.submit([submission])[key])
    #expect(outcome.fixtureText.hasPrefix(word))
    guard case .submitted(let ticket) = outcome else { return }
    #expect(await adapter.poll([key: ticket])[key]?.fixtureText.hasPrefix(word) == true)
    guard case .cannotTell = await adapter.find(key) else {
      Issue.record("found what is not posted")
      return
    }
  }

  @Test(arguments: [(200, "found"), (404, "absent"), (0, "cannotTell")])
  func `a look-up asks by external id`(status: Int, word: String) async throws {
    let key = key
    let http = ScriptedNetSuite { _ in
      switch status {
      case 200: .json(200, Self.stored(key))
      case 404: Self.nobody
      default: ScriptedNetSuite.timeout
      }
    }
    let finding = try await NetSuiteAdapter.test(http).find(key)
    #expect("\(finding)".hasPrefix(word))
    let url = try #require(await http.requests.first).url
    #expect(url.hasSuffix("/services/rest/record/v1/journalEntry/eid:\(key)"))
  }

  @Test(arguments: [
    HTTPResponse.json(404, "<html>Not found</html>"), .json(200, "<html>"), .json(200, "{}"),
    .json(200, #"{"id":"1","externalId":"OTHER"}"#),
    ScriptedNetSuite.error(403, "INSUFFICIENT_PERMISSION", "no"),
  ])
  func `a look-up that is not answered properly cannot tell`(response: HTTPResponse) async throws {
    let http = ScriptedNetSuite { _ in response }
    guard case .cannotTell = try await NetSuiteAdapter.test(http).find(key) else {
      Issue.record("it was sure")
      return
    }
  }

  @Test func `a look-up asks for every record that a posting may be`() async throws {
    let http = ScriptedNetSuite { _ in Self.nobody }
    let finding = try await NetSuiteAdapter.test(http, DocumentSample.settings).find(key)
    #expect(finding == .absent)
    let records = await http.requests.map { $0.url.split(separator: "/").dropLast().last ?? "" }
    #expect(records == ["journalEntry", "invoice", "creditMemo", "customerPayment"])
  }

  @Test func `a lost answer is unknown`() async throws {
    let outcome = try await outcome { request in
      request.url.contains("/record/") ? ScriptedNetSuite.timeout : nil
    }
    #expect(outcome?.fixtureText.hasPrefix("unknown") == true)
  }

  @Test func `nothing is sent when what it needs cannot be read`() async throws {
    let http = ScriptedNetSuite { request in
      request.url.contains("/suiteql") ? ScriptedNetSuite.timeout : nil
    }
    let outcome = try await NetSuiteAdapter.test(http).submit([submission])[key]
    #expect(outcome?.fixtureText.hasPrefix("retryLater") == true)
    #expect(await http.posts.isEmpty)
  }

  @Test(arguments: [
    ("accountingperiod", "rejected periodClosed"), ("currency", "rejected validation"),
    ("account ", "rejected unknownAccount"), ("customer", "rejected unknownParty"),
  ])
  func `what NetSuite does not know is refused unsent`(
    table: String, word: String
  ) async throws {
    let http = ScriptedNetSuite { request in
      let text = String(decoding: request.body, as: UTF8.self)
      return text.contains("FROM \(table)") ? .json(200, #"{"items":[]}"#) : nil
    }
    let adapter = try NetSuiteAdapter.test(
      http, ["references": ["accounts": "number", "customers": "number"]])
    let outcome = await adapter.submit([submission])[key]
    #expect(outcome?.fixtureText.hasPrefix(word) == true)
    #expect(await http.posts.isEmpty)
  }

  @Test func `ids are asked for once, and quotes are doubled`() async throws {
    let http = ScriptedNetSuite()
    let adapter = try NetSuiteAdapter.test(http, ["references": ["customers": "number"]])
    let difficult = SampleEntry.cases(try #require(Currency("EUR"))).last?.1
    let entry = try #require(difficult)
    _ = await adapter.submit([entry, entry])
    let asked = await http.requests.map { String(decoding: $0.body, as: UTF8.self) }
      .filter { $0.contains("FROM customer") }
    #expect(asked.count == 1)
    #expect(asked.first?.contains("C;1''007") == true)
  }

  @Test func `a dimension without a field is refused, or left out on demand`() async throws {
    let sample = SampleEntry.cases(try #require(Currency("EUR")))[0].1
    let strict = try await NetSuiteAdapter.test(
      ScriptedNetSuite(), ["dimensions": ["costCenter": "department"]]
    ).submit([sample])[sample.key]
    #expect(strict?.fixtureText.contains("'project'") == true)
    let http = ScriptedNetSuite()
    let loose = try NetSuiteAdapter.test(
      http, ["dimensions": ["costCenter": "department"], "otherDimensions": "leaveOut"])
    _ = await loose.submit([sample])
    let body = String(decoding: try #require(await http.posts.first).body, as: UTF8.self)
    #expect(body.contains(#""department":{"id":"CC-10"}"#))
    #expect(!body.contains("P-7"))
  }

  @Test func `heads, references and prefixes are as the connection says`() async throws {
    let http = ScriptedNetSuite()
    let adapter = try NetSuiteAdapter.test(
      http,
      [
        "references": ["accounts": "externalId"], "keyPrefix": "PN-", "approvalStatus": 2,
        "customForm": "77", "customFields": ["custbody_source": "document"],
        "periods": ["2026-10": "900"], "currencies": ["EUR": "12"],
      ])
    _ = await adapter.submit([submission])
    let body = String(decoding: try #require(await http.posts.first).body, as: UTF8.self)
    for part in [
      #""externalId":"PN-\#(key)""#, #""account":{"externalId":"1200"}"#,
      #""approvalStatus":{"id":"2"}"#, #""customForm":{"id":"77"}"#,
      #""custbody_source":"INV-1""#, #""postingPeriod":{"id":"900"}"#, #""currency":{"id":"12"}"#,
    ] {
      #expect(body.contains(part))
    }
    _ = await adapter.find(key)
    #expect(await http.requests.last?.url.hasSuffix("/eid:PN-\(key)") == true)
  }

  @Test func `lines with a partner become an advanced intercompany journal on demand`()
    async throws
  {
    let plain = submission.entry
    let lines = plain.lines.enumerated().map { index, line in
      JournalLine(
        role: line.role, account: line.account, side: line.side, amount: line.amount,
        functionalAmount: line.functionalAmount,
        partner: index == 0 ? LegalEntityID("US01") : nil, description: line.description,
        reason: line.reason)
    }
    let entry = Submission(key: key, entry: try JournalEntry(plain.head, lines: lines))
    let http = ScriptedNetSuite()
    let settings: [String: TestValue] = ["intercompany": "advanced", "partners": ["US01": "5"]]
    _ = try await NetSuiteAdapter.test(http, settings).submit([entry])
    let request = try #require(await http.posts.first)
    #expect(request.url.hasSuffix("/advIntercompanyJournalEntry"))
    let body = String(decoding: request.body, as: UTF8.self)
    #expect(body.contains(#""dueToFromSubsidiary":{"id":"5"}"#))
    #expect(body.contains(#""eliminate":true"#))
    let unknown = try await NetSuiteAdapter.test(
      ScriptedNetSuite(), ["intercompany": "advanced"]
    ).submit([entry])[key]
    #expect(unknown?.fixtureText.contains("US01") == true)
  }

  @Test(arguments: [DocumentSample.creditMemo, .payment])
  func `an invoice that is not in NetSuite cannot be settled`(
    sample: DocumentSample
  ) async throws {
    let submission = try sample.submission
    let document = try #require(submission.document)
    let http = ScriptedNetSuite()
    let outcome = try await NetSuiteAdapter.test(http, DocumentSample.settings).submit([
      Submission(
        key: submission.key, entry: submission.entry, document: SourceDocument(document.document))
    ])[submission.key]
    #expect(outcome?.fixtureText.hasPrefix("rejected validation") == true)
    #expect(await http.posts.isEmpty)
  }
}
