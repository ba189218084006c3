import AdapterConformance
import AdapterKit
import GenericFileAdapter
import Ledger
import Testing

@Suite struct GenericFileFormatTests {
  typealias Fixture = GenericFileFixtureTests

  let sample: Submission

  init() throws { sample = SampleEntry.plain(1, try #require(Currency("EUR"))) }

  func changed(_ change: (inout EntryHead) -> Void) throws -> Submission {
    var head = sample.entry.head
    change(&head)
    return Submission(key: sample.key, entry: try JournalEntry(head, lines: sample.entry.lines))
  }

  func handOver(
    _ submission: Submission, _ format: String
  ) async throws -> (outcome: PostingOutcome?, lines: [String]) {
    let files = MemoryExchange()
    let outcomes = try await Fixture.adapter(files, ["format": .text(format)])
      .submit([submission])
    let name = await files.names(in: "DE01/in").first ?? ""
    let text = await files.text(name, in: "DE01/in") ?? ""
    return (outcomes[submission.key], text.split(separator: "\n").map(String.init))
  }

  @Test func `a long description is cut in fixed width, and says so`() async throws {
    let long = try changed { $0.description = String(repeating: "ü ", count: 150) }
    let (_, lines) = try await handOver(long, "fixedWidth")
    let entry = try #require(lines.first { $0.hasPrefix("J") })
    let description = entry.unicodeScalars.dropFirst(157).prefix(200)
    #expect(entry.unicodeScalars.count == 364)
    #expect(String(String.UnicodeScalarView(description)).hasSuffix("…"))
  }

  @Test func `a long description stays whole in csv`() async throws {
    let long = try changed { $0.description = String(repeating: "ü ", count: 1_500) + "." }
    let (_, lines) = try await handOver(long, "csv")
    #expect(lines.contains { $0.contains(String(repeating: "ü ", count: 1_500) + ".") })
  }

  @Test func `a long reference is refused in fixed width`() async throws {
    let long = try changed { $0.reference = String(repeating: "R", count: 61) }
    let (outcome, lines) = try await handOver(long, "fixedWidth")
    guard case .rejected(let rejection)? = outcome else {
      Issue.record("\(String(describing: outcome))")
      return
    }
    #expect(rejection.problem.code == "text_too_long")
    #expect(rejection.problem.pointer == "/reference")
    #expect(lines.isEmpty)
  }

  @Test(arguments: ["csv", "fixedWidth"])
  func `a control character is refused in a code and replaced in a text`(
    format: String
  ) async throws {
    let refused = try await handOver(try changed { $0.reference = "INV\u{0}" }, format)
    #expect(refused.outcome?.fixtureText.contains("text_not_writable /reference") == true)
    let cleaned = try await handOver(try changed { $0.description = "Bell\u{7}!" }, format)
    #expect(cleaned.lines.contains { $0.contains("Bell\u{FFFD}!") })
  }

  @Test(arguments: ["csv", "fixedWidth"])
  func `writes 100,000 lines with their totals`(format: String) async throws {
    let (_, lines) = try await handOver(
      SampleEntry.long(100_000, sample.entry.head.currency), format)
    #expect(lines.count == 100_005)
    #expect(lines.filter { $0.hasPrefix("C") }.allSatisfy { $0.contains("12500250.00") })
  }

  @Test func `one refused entry does not hold up its file`() async throws {
    let files = MemoryExchange()
    let bad = try changed { $0.reference = "INV\u{0}" }
    let good = SampleEntry.plain(2, sample.entry.head.currency)
    let outcomes = try await Fixture.adapter(files).submit([bad, good])
    #expect(outcomes[bad.key]?.fixtureText.hasPrefix("rejected validation") == true)
    #expect(outcomes[good.key]?.fixtureText.hasPrefix("submitted") == true)
  }

  @Test func `tells everything that is wrong in the settings at once`() {
    do throws(SettingsFault) {
      _ = try GenericFileAdapter(
        settings: .test([
          "url": "sftp://erp.example/gl", "company": "DE/01", "format": "xml", "maniest": true,
          "auth": ["user": "postern", "password": "hunter2"], "folders": ["inn": "x"],
        ]))
      Issue.record("accepted")
    } catch {
      #expect(
        Set(error.problems.map(\.code)) == [
          "secret_inline", "missing_key", "invalid_company", "wrong_type", "unknown_key",
        ])
      #expect(error.problems.filter { $0.code == "unknown_key" }.count == 2)
      #expect(!"\(error)".contains("hunter2"))
    }
  }

  @Test(arguments: ["ftp://erp.example", "sftp://user:pw@erp.example/x", "/var/exchange", ""])
  func `refuses a place for files that is none`(url: String) {
    #expect(throws: SettingsFault.self) {
      try GenericFileAdapter.exchange(for: .test(["url": .text(url), "company": "DE01"]))
    }
  }

  @Test func `an SFTP place needs a pinned host key and a login`() throws {
    let complete: [String: TestValue] = [
      "user": "postern", "password": "env:PASSWORD",
      "hostKey": "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ]
    func exchange(_ auth: [String: TestValue]) throws(SettingsFault) {
      _ = try GenericFileAdapter.exchange(
        for: .test(
          ["url": "sftp://erp.example:2222/gl", "company": "DE01", "auth": .table(auth)],
          secrets: ["env:PASSWORD": "hunter2"]))
    }
    try exchange(complete)
    for key in complete.keys {
      #expect(throws: SettingsFault.self) { try exchange(complete.filter { $0.key != key }) }
    }
  }
}
