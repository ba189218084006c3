import AdapterConformance
import AdapterKit
import Foundation
import GenericRESTAdapter
import HTTPTransport
import Ledger
import Testing

@Suite struct GenericRESTAdapterTests {
  typealias Fixture = GenericRESTFixtureTests

  let batch: [Submission]

  init() throws {
    let currency = try #require(Currency("EUR"))
    batch = (1...5).map { SampleEntry.plain($0, currency) }
  }

  func result(_ key: PostingKey, _ rest: String) -> String {
    #"{"externalKey":"\#(key)",\#(rest)}"#
  }

  @Test func `an entry alone carries its key as idempotency key`() async throws {
    let http = ScriptedHTTPClient(always: { _ in .json(500, "") })
    _ = try await Fixture.adapter(http).submit([batch[0]])
    let request = try #require(await http.requests.first)
    #expect(request.method == .post)
    #expect(request.url == "https://erp.example/api/companies/DE%2F01/journal-entries")
    #expect(request.headers["Idempotency-Key"] == batch[0].key.text)
    #expect(request.headers["Content-Type"] == "application/json")
  }

  @Test func `each entry of a batch gets its own verdict, and one without stays without`()
    async throws
  {
    let keys = batch.map(\.key)
    let body =
      #"{"results":["#
      + [
        result(keys[1], #""status":"rejected","code":"closed_period","message":"closed""#),
        result(keys[0], #""status":"posted","id":"A","number":"2026-000001""#),
        result(keys[2], #""status":"rejected","code":"never_heard","message":"odd""#),
        result(keys[3], #""status":"pending""#),
        #"{"externalKey":"SOMEBODYELSES000","status":"posted","number":"9"}"#,
      ].joined(separator: ",") + "]}"
    let http = ScriptedHTTPClient([.answer(.json(200, body))])
    let outcomes = try await Fixture.adapter(http).submit(batch)
    #expect(outcomes.count == 4)
    #expect(outcomes[keys[0]] == .posted(Receipt(id: "A", number: "2026-000001")))
    guard case .rejected(let closed)? = outcomes[keys[1]],
      case .rejected(let odd)? = outcomes[keys[2]], case .unknown? = outcomes[keys[3]]
    else {
      Issue.record("other verdicts: \(outcomes)")
      return
    }
    #expect(closed.rejectionClass == .periodClosed)
    #expect(odd.rejectionClass == .validation)
    #expect(odd.erpCode == "never_heard")
    #expect(await http.requests.count == 1)
  }

  @Test func `two verdicts on one key are none`() async throws {
    let keys = batch.map(\.key)
    let body =
      #"{"results":["# + result(keys[0], #""status":"posted","number":"1""#) + ","
      + result(keys[0], #""status":"posted","number":"2""#) + "]}"
    let outcomes = try await Fixture.adapter(ScriptedHTTPClient([.answer(.json(200, body))]))
      .submit(batch)
    guard case .unknown? = outcomes[keys[0]] else {
      Issue.record("it was \(outcomes)")
      return
    }
  }

  @Test func `one malformed entry does not hold up its batch`() async throws {
    let poison = batch[2].key.text
    let http = ScriptedHTTPClient(always: { request in
      let text = String(decoding: request.body, as: UTF8.self)
      guard !text.contains(poison) else {
        return .json(400, #"{"code":"malformed","message":"unknown member","field":"/x"}"#)
      }
      let keys = text.components(separatedBy: #""externalKey":""#).dropFirst().map { $0.prefix(16) }
      let results = keys.map { #"{"externalKey":"\#($0)","status":"posted","number":"N-\#($0)"}"# }
      return text.contains("entries")
        ? .json(200, #"{"results":[\#(results.joined(separator: ","))]}"#)
        : .json(201, results[0])
    })
    let outcomes = try await Fixture.adapter(http).submit(batch)
    #expect(outcomes.count == 5)
    for submission in batch where submission.key.text != poison {
      #expect(
        outcomes[submission.key]
          == .posted(Receipt(id: "N-\(submission.key)", number: "N-\(submission.key)")))
    }
    guard case .rejected(let rejection)? = outcomes[batch[2].key] else {
      Issue.record("the malformed entry was not rejected")
      return
    }
    #expect(rejection.erpCode == "malformed")
  }

  @Test(arguments: [
    ("native", 9), ("overwriting", 9), ("refusing", 1), ("uniqueKey", 1), ("lookUpOnly", 1),
    ("none", 1),
  ])
  func `a batch that is refused goes again only where a repeat is harmless`(
    idempotency: String, sends: Int
  ) async throws {
    let http = ScriptedHTTPClient(always: { _ in .json(422, #"{"code":"unbalanced"}"#) })
    let outcomes = try await Fixture.adapter(http, ["idempotency": .text(idempotency)])
      .submit(batch)
    #expect(await http.requests.count == sends)
    #expect(outcomes.count == 5)
    for outcome in outcomes.values {
      switch outcome {
      case .rejected: #expect(sends > 1)
      case .unknown(let problem): #expect(sends == 1 && problem.code == "batch_refused")
      default: Issue.record("it was \(outcome)")
      }
    }
  }

  @Test(arguments: [
    (HTTPFailure.Progress.nothingSent, "retryLater"), (.outcomeUnknown, "unknown"),
  ])
  func `a batch without an answer shares one outcome`(
    progress: HTTPFailure.Progress, word: String
  ) async throws {
    let http = ScriptedHTTPClient([
      .failure(HTTPFailure(progress: progress, code: .timeout, detail: "30 seconds passed"))
    ])
    let outcomes = try await Fixture.adapter(http).submit(batch)
    #expect(outcomes.count == 5)
    #expect(outcomes.values.allSatisfy { $0.fixtureText.hasPrefix(word) })
    #expect(await http.requests.count == 1)
  }

  @Test(arguments: [
    (200, #"{"entries":[]}"#, "absent"),
    (200, #"{"entries":[{"externalKey":"{key}","id":"7","number":"N7"}]}"#, "found N7"),
    (200, #"{"entries":[{"externalKey":"OTHER","id":"7","number":"N7"}]}"#, "cannotTell"),
    (
      200,
      #"{"entries":[{"externalKey":"{key}","number":"1"},{"externalKey":"{key}","number":"2"}]}"#,
      "cannotTell"
    ),
    (
      200, #"{"entries":[{"externalKey":"{key}","number":"1","status":"draft"}]}"#, "cannotTell"
    ),
    (200, #"{"entries":[],"nextCursor":"x"}"#, "cannotTell"),
    (200, #"{"entries":[],"code":"unavailable"}"#, "cannotTell"),
    (200, #"{"entries":[{"externalKey":"{key}","id":7,"number":20260007}]}"#, "found 20260007"),
    (200, "{}", "cannotTell"), (200, "<html>", "cannotTell"), (204, "", "cannotTell"),
    (404, #"{"code":"unknown_company"}"#, "cannotTell"), (500, "", "cannotTell"),
  ])
  func `a look-up answers absent only when it is sure`(
    status: Int, body: String, expected: String
  ) async throws {
    let key = batch[0].key
    let text = body.replacingOccurrences(of: "{key}", with: key.text)
    let finding = try await Fixture.adapter(ScriptedHTTPClient([.answer(.json(status, text))]))
      .find(key)
    let word =
      switch finding {
      case .found(let receipt): "found \(receipt.number)"
      case .absent: "absent"
      case .cannotTell: "cannotTell"
      }
    #expect(word == expected)
  }

  static let page = #"""
    {"entries":[{"number":"1","externalKey":"K","postingDate":"2026-10-31","currency":"EUR",
    "lines":[{"account":"1200","side":"debit","amount":"1.00"},
    {"account":"4400","side":"credit","amount":"1.00"}]}],"nextCursor":"C"}
    """#

  @Test func `reads the books page by page`() async throws {
    let http = ScriptedHTTPClient([
      .answer(.json(200, Self.page)), .answer(.json(200, #"{"entries":[]}"#)),
    ])
    let period = try #require(FiscalPeriod("2026-10"))
    var read: [BookedPosting] = []
    try await Fixture.adapter(http).readPostings(of: period) { read += $0 }
    #expect(read.map(\.number) == ["1"])
    #expect(read.first?.lines.map(\.amount.text) == ["1.00", "1.00"])
    let urls = await http.requests.map(\.url)
    #expect(urls[1] == urls[0] + "&cursor=C")
  }

  @Test(arguments: [
    [page, page],
    [page.replacingOccurrences(of: "1.00", with: "1.005")],
    [page.replacingOccurrences(of: "10-31", with: "10-32")],
    [#"{"entries":[{"number":"1"}]}"#],
  ])
  func `books that cannot be read to their end are a problem`(pages: [String]) async throws {
    let http = ScriptedHTTPClient(pages.map { .answer(.json(200, $0)) })
    let adapter = try Fixture.adapter(http)
    let period = try #require(FiscalPeriod("2026-10"))
    await #expect(throws: Problem.self) {
      try await adapter.readPostings(of: period) { _ in }
    }
  }

  @Test(arguments: [
    (200, #"{"code":"DE/01"}"#, [String]()),
    (200, #"{"code":"FR01"}"#, ["connection_misconfigured"]),
    (401, "", ["credentials_refused"]), (404, "", ["connection_misconfigured"]),
    (500, "", ["erp_refused"]),
  ])
  func `checks address, credentials and company`(
    status: Int, body: String, codes: [String]
  ) async throws {
    let http = ScriptedHTTPClient([.answer(.json(status, body))])
    #expect(try await Fixture.adapter(http).check().map(\.code) == codes)
  }
}
