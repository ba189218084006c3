import AdapterConformance
import AdapterKit
import DeclarativeAdapter
import Foundation
import HTTPTransport
import Ledger
import TestSupport
import Testing

/// What legal and odd answers come to, through an adapter in YAML.
@Suite struct OddAnswerTests {
  /// Answers each request the same.
  private struct OneAnswer: HTTPClient {
    let response: HTTPResponse
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse { response }
  }

  static let json = """
    kind: declarative
    format: json
    submit:
      request: { path: /j, body: '{ "key": "{{key}}" }' }
      key: /key
      number: header:Location
      code: /error
    find:
      request: { path: '/j?key={{key}}' }
      items: /entries
      key: /key
      number: /number
      more: /more
      absent: 404
    """

  static let xml = """
    kind: declarative
    format: xml
    submit:
      request: { path: /j, body: '<J>{{key}}</J>' }
      posted: { /Answer/Status: OK }
      rejected: { /Answer/Status: ERROR }
      number: /Answer/Number
      code: /Answer/Code
    find:
      request: { path: '/j?key={{key}}' }
      where: { /Answer/Status: OK }
      items: /Answer/Entry
      key: /Key
      number: /Number
    readBack:
      request: { path: '/j?month={{period}}' }
      items: /Answer/Entry
      number: /Number
      key: /Key
      date: /Date
      dateFormat: dotted
      currency: /Currency
      lines: /Line
      account: /Account
      debit: /Debit
      credit: /Credit
      amountFormat: comma
    errors:
      - { match: { code: E1 }, outcome: rejected, class: unknownAccount }
    """

  let euro: Currency
  let submission: Submission

  init() throws {
    let euro = try #require(Currency("EUR"))
    self.euro = euro
    submission = SampleEntry.plain(1, euro)
  }

  private func adapter(
    _ definition: String, _ status: Int, _ body: [UInt8], _ headers: HTTPHeaders = [:]
  ) throws -> DeclarativeAdapter {
    let folder = try TemporaryFolder("odd")
    let own = folder.url.appendingPathComponent("adapters/odd")
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    try definition.write(
      to: own.appendingPathComponent("adapter.yaml"), atomically: true, encoding: .utf8)
    return try DeclarativeAdapter(
      Examples.declaration(Examples.load("odd", in: folder.url)),
      settings: .test(["url": "https://erp.example"]),
      http: OneAnswer(response: HTTPResponse(status: status, headers: headers, body: body)),
      now: { Moment(milliseconds: 0) })
  }

  private func find(
    _ definition: String, _ body: String, status: Int = 200
  ) async throws -> Finding {
    let text = body.replacing("KEY", with: submission.key.text)
    return try await adapter(definition, status, Array(text.utf8)).find(submission.key)
  }

  // MARK: Look-ups

  @Test(arguments: [
    (json, #"{ "entries": [] }"#, 200, "absent"),
    (json, "\u{FEFF}{ \"entries\": [] }", 200, "absent"),
    (json, #"{ "entries": [], "more": false }"#, 200, "absent"),
    (json, #"{ "entries": [], "more": 0 }"#, 200, "absent"),
    (json, #"{ "entries": [], "more": true }"#, 200, "cannotTell"),
    (json, #"{ "entries": [], "more": "c2" }"#, 200, "cannotTell"),
    (json, #"{ "error": "no database" }"#, 200, "cannotTell"),
    (json, #"{ "error": "no database", "entries": [] }"#, 200, "cannotTell"),
    (json, #"{ "error": null, "entries": [] }"#, 200, "absent"),
    (json, "<html><body>Sign in</body></html>", 200, "cannotTell"),
    (json, "<entries/>", 200, "cannotTell"),
    (json, "", 404, "absent"),
    (json, #"{ "error": "not found" }"#, 404, "absent"),
    (json, "<html><body>No such page</body></html>", 404, "cannotTell"),
    (json, "<!doctype html><p>No such page", 404, "cannotTell"),
    (xml, "<Answer><Status>OK</Status></Answer>", 200, "absent"),
    (xml, "<Answer><Status>ERROR</Status></Answer>", 200, "cannotTell"),
    (
      xml, "<Answer><Status>OK</Status><Entry><Key>KEY</Key><Number>7</Number></Entry></Answer>",
      200, "found"
    ),
  ])
  func `only an answer that would show the entry says absent`(
    definition: String, body: String, status: Int, word: String
  ) async throws {
    let finding = try await find(definition, body, status: status)
    #expect("\(finding)".hasPrefix(word), "\(finding)")
  }

  @Test func `a list of XML under the root is refused without 'where'`() throws {
    let text = Self.xml.replacing("  where: { /Answer/Status: OK }\n", with: "")
    let fault = #expect(throws: SettingsFault.self) { try adapter(text, 200, []) }
    #expect(fault?.problems.contains { $0.detail.contains("'where'") } == true)
  }

  // MARK: Postings

  @Test func `an error inside a success is a refusal, in another encoding too`() async throws {
    let body =
      #"<?xml version="1.0" encoding="ISO-8859-1"?><Answer><Status>ERROR</Status><Code>E1</Code>"#
      .utf8 + [UInt8]("<Text>f".utf8) + [0xFC] + [UInt8]("r</Text></Answer>".utf8)
    let outcome = try await adapter(Self.xml, 200, Array(body)).submit([submission])
    guard case .rejected(let rejection)? = outcome[submission.key] else {
      Issue.record("\(outcome)")
      return
    }
    #expect(rejection.rejectionClass == .unknownAccount)
  }

  @Test func `the last part of an address is a number, without its query`() async throws {
    let outcome = try await adapter(
      Self.json, 201, Array("{}".utf8), ["location": "https://erp.example/j/B-17?lang=de#top"]
    ).submit([submission])
    #expect(outcome[submission.key] == .posted(Receipt(id: "B-17", number: "B-17")))
  }

  @Test func `a redirection is not followed, and told`() async throws {
    let outcome = try await adapter(
      Self.json, 308, [], ["Location": "https://new.example/j"]
    ).submit([submission])
    guard case .unknown(let problem)? = outcome[submission.key] else {
      Issue.record("\(outcome)")
      return
    }
    #expect(problem.detail.contains("https://new.example/j"))
  }

  @Test func `without a check of its own the look-up tells whether the ERP is there`() async throws
  {
    #expect(try await adapter(Self.json, 200, Array(#"{"entries":[]}"#.utf8)).check().isEmpty)
    #expect(try await adapter(Self.json, 401, []).check().count == 1)
  }

  // MARK: Books

  private func read(_ debit: String, _ credit: String, date: String = "31.10.2026") async throws
    -> [BookedPosting]
  {
    let body = """
      <Answer><Status>OK</Status><Entry><Key>KEY</Key><Number>7</Number><Date>\(date)</Date>
      <Currency>EUR</Currency>
      <Line><Account>1200</Account><Debit>\(debit)</Debit><Credit>0,00</Credit></Line>
      <Line><Account>4400</Account><Debit>0,00</Debit><Credit>\(credit)</Credit></Line>
      </Entry></Answer>
      """
    let adapter = try adapter(
      Self.xml, 200, Array(body.replacing("KEY", with: submission.key.text).utf8))
    var postings: [BookedPosting] = []
    let period = FiscalPeriod(containing: submission.entry.head.postingDate)
    try await adapter.readPostings(of: period) { postings += $0 }
    return postings
  }

  @Test(arguments: ["1234,50", "1.234,50", "1234,5", "1234,5000"])
  func `amounts and days are read as the ERP writes them`(amount: String) async throws {
    let posting = try #require(try await read(amount, amount).first)
    #expect(posting.date.text == "2026-10-31")
    #expect(posting.externalKey == submission.key.text)
    let money = Money(minorUnits: 123_450, euro)
    #expect(posting.lines.map(\.amount) == [money, money])
    #expect(posting.lines.map(\.side) == [.debit, .credit])
  }

  @Test(arguments: [
    ("1234.50", "31.10.2026", "amount"), ("12.34,50", "31.10.2026", "amount"),
    ("1234,505", "31.10.2026", "amount"), ("eleven", "31.10.2026", "amount"),
    ("1234,50", "2026-10-31", "date"), ("1234,50", "31.02.2026", "date"),
  ])
  func `what is written otherwise is never guessed`(
    amount: String, date: String, word: String
  ) async throws {
    let problem = await #expect(throws: Problem.self) { try await read(amount, amount, date: date) }
    #expect(problem?.detail.contains(word) == true)
    #expect(problem?.detail.contains(word == "date" ? "'dotted'" : "'comma'") == true)
  }
}
