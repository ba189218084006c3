import AdapterConformance
import AdapterKit
import GenericSOAPAdapter
import HTTPTransport
import Ledger
import Testing

@Suite struct GenericSOAPAdapterTests {
  typealias Fixture = GenericSOAPFixtureTests

  let batch: [Submission]

  init() throws {
    let currency = try #require(Currency("EUR"))
    batch = (1...4).map { SampleEntry.plain($0, currency) }
  }

  static func results(_ results: [String]) -> String {
    "<j:PostJournalEntriesResponse>\(results.joined())</j:PostJournalEntriesResponse>"
  }

  static func posted(_ key: some StringProtocol) -> String {
    "<j:Result><j:ExternalKey>\(key)</j:ExternalKey><j:Status>posted</j:Status>"
      + "<j:Number>N-\(key)</j:Number></j:Result>"
  }

  @Test(arguments: ["https://erp.example/soap", "https://erp.example/soap/"])
  func `the service is reached at its address as it is`(url: String) async throws {
    let http = ScriptedHTTPClient(always: { _ in .soap(200, Self.results([])) })
    _ = try await Fixture.adapter(http, ["url": .text(url)]).submit([batch[0]])
    #expect(try #require(await http.requests.first).url == url)
  }

  @Test func `a key that the answer does not name stays without outcome`() async throws {
    let keys = batch.map(\.key)
    let body = Self.results([Self.posted(keys[2].text), Self.posted(keys[0].text)])
    let http = ScriptedHTTPClient([.answer(.soap(200, body))])
    let outcomes = try await Fixture.adapter(http).submit(batch)
    #expect(Set(outcomes.keys) == [keys[0], keys[2]])
    #expect(await http.requests.count == 1)
  }

  @Test func `one malformed entry does not hold up its batch`() async throws {
    let poison = batch[1].key.text
    let http = ScriptedHTTPClient(always: { request in
      let text = String(decoding: request.body, as: UTF8.self)
      guard !text.contains(poison) else {
        return .soap(
          500,
          "<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring><detail>"
            + "<j:Problem><j:Code>malformed</j:Code></j:Problem></detail></s:Fault>")
      }
      let keys = text.split(separator: "<j:ExternalKey>").dropFirst().map { $0.prefix(16) }
      return .soap(200, Self.results(keys.map { Self.posted($0) }))
    })
    let outcomes = try await Fixture.adapter(http).submit(batch)
    #expect(outcomes.count == 4)
    for submission in batch where submission.key.text != poison {
      #expect(
        outcomes[submission.key]
          == .posted(Receipt(id: "N-\(submission.key)", number: "N-\(submission.key)")))
    }
    #expect(outcomes[batch[1].key]?.fixtureText.hasPrefix("rejected validation") == true)
  }

  @Test func `a batch that is refused is looked up where the ERP notices no repeat`() async throws {
    let http = ScriptedHTTPClient(always: { _ in
      .soap(
        500,
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring><detail>"
          + "<j:Problem><j:Code>malformed</j:Code></j:Problem></detail></s:Fault>")
    })
    let outcomes = try await Fixture.adapter(http, ["idempotency": .text("lookUpOnly")])
      .submit(batch)
    #expect(await http.requests.count == 1)
    for submission in batch {
      #expect(
        outcomes[submission.key]?.fixtureText.hasPrefix("unknown\nbatch_refused") == true)
    }
  }

  @Test func `a code that XML cannot carry is refused, and the others go`() async throws {
    let head = batch[0].entry.head
    var broken = head
    broken.reference = "INV\u{1}"
    let bad = Submission(
      key: batch[0].key, entry: try JournalEntry(broken, lines: batch[0].entry.lines))
    var cleaned = head
    cleaned.description = "Bell\u{7}"
    let good = Submission(
      key: batch[1].key, entry: try JournalEntry(cleaned, lines: batch[1].entry.lines))
    let http = ScriptedHTTPClient(always: { _ in .soap(200, Self.results([])) })
    let outcomes = try await Fixture.adapter(http).submit([bad, good])
    #expect(outcomes[bad.key]?.fixtureText.hasPrefix("rejected validation") == true)
    let sent = String(decoding: try #require(await http.requests.first).body, as: UTF8.self)
    #expect(!sent.contains(bad.key.text))
    #expect(sent.contains("<j:Description>Bell\u{FFFD}</j:Description>"))
  }

  static func entry(_ key: String) -> String {
    "<j:JournalEntry><j:Id>7</j:Id><j:Number>N7</j:Number><j:PostedAt>2026-11-01T08:00:00Z"
      + "</j:PostedAt><j:ExternalKey>\(key)</j:ExternalKey></j:JournalEntry>"
  }

  @Test(arguments: [
    (0, "absent"), (1, "found N7"), (2, "cannotTell"),
  ])
  func `a look-up tells by the number of documents`(count: Int, expected: String) async throws {
    let key = batch[0].key
    let documents = String(repeating: Self.entry(key.text), count: count)
    let body = "<j:FindJournalEntryResponse>\(documents)</j:FindJournalEntryResponse>"
    let finding = try await Fixture.adapter(ScriptedHTTPClient([.answer(.soap(200, body))]))
      .find(key)
    #expect(Self.word(finding) == expected)
  }

  @Test(arguments: [
    HTTPResponse.soap(
      200, "<j:FindJournalEntryResponse>\(entry("OTHER"))</j:FindJournalEntryResponse>"),
    .soap(200, "<j:GetCompanyResponse/>"), .soap(500, "<s:Fault/>"), .soap(200, ""),
    HTTPResponse(status: 200, body: [UInt8]("<html/>".utf8)),
    .soap(500, "<j:FindJournalEntryResponse/>"),
  ])
  func `a look-up that is not sure cannot tell`(response: HTTPResponse) async throws {
    let finding = try await Fixture.adapter(ScriptedHTTPClient([.answer(response)]))
      .find(batch[0].key)
    #expect(Self.word(finding) == "cannotTell")
  }

  static func word(_ finding: Finding) -> String {
    switch finding {
    case .found(let receipt): "found \(receipt.number)"
    case .absent: "absent"
    case .cannotTell: "cannotTell"
    }
  }

  @Test func `tells everything that is wrong in the settings at once`() {
    do throws(SettingsFault) {
      _ = try GenericSOAPAdapter(
        settings: .test([
          "url": "erp.example", "version": "2.0", "soapActoin": "x",
          "auth": ["type": "usernameToken", "password": "hunter2", "realm": "x"],
        ]), http: ScriptedHTTPClient([]), now: { Fixture.start })
      Issue.record("accepted")
    } catch {
      #expect(
        error.problems.map(\.code) == [
          "invalid_url", "missing_key", "wrong_type", "missing_key", "secret_inline",
          "unknown_key", "unknown_key",
        ])
      #expect(!"\(error)".contains("hunter2"))
    }
  }

  @Test(arguments: [("DE01", [String]()), ("FR01", ["connection_misconfigured"])])
  func `checks the company`(code: String, problems: [String]) async throws {
    let body = "<j:GetCompanyResponse><j:Code>\(code)</j:Code></j:GetCompanyResponse>"
    let adapter = try Fixture.adapter(ScriptedHTTPClient([.answer(.soap(200, body))]))
    #expect(await adapter.check().map(\.code) == problems)
  }
}
