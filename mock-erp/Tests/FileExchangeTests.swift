import Digest
import Foundation
import Synchronization
import Testing

@testable import MockERP

@Suite struct FileExchangeTests {
  /// An exchange in a folder of its own, which is removed afterwards.
  private func withExchange(
    _ configure: (inout MockERPConfiguration) -> Void = { _ in },
    _ test: (MockERPServer, FileExchange, URL) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mock-erp-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Samples.withServer {
      $0.exchange = folder
      configure(&$0)
    } _: { server, _ in
      try await test(server, try #require(server.exchange), folder)
    }
  }

  private func answer(_ file: String, in folder: URL) -> [String: Any]? {
    guard let data = try? Data(contentsOf: folder.appending(path: "DE01/out/\(file).ack.json"))
    else { return nil }
    return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
  }

  private func names(_ path: String, in folder: URL) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: path).path)
    return (names ?? []).sorted()
  }

  // MARK: Good files

  @Test(arguments: ExchangeFile.Format.allCases)
  func `takes a released file, books it and says so`(format: ExchangeFile.Format) async throws {
    try await withExchange { server, exchange, folder in
      var file = ExchangeFile(name: "GL_1.\(format.rawValue)")
      file.drafts = [Samples.draft("K1"), Samples.draft("K2", amount: "5.00")]
      try file.handOver(to: folder)
      #expect(await exchange.pickUp() == 1)
      let acknowledgement = try #require(answer(file.name, in: folder))
      #expect(acknowledgement["result"] as? String == "accepted")
      #expect(acknowledgement["batch"] as? String == "batch-0007")
      #expect(acknowledgement["file"] as? String == file.name)
      #expect(acknowledgement["sha256"] as? String == SHA256.hash(file.bytes).hex)
      #expect(acknowledgement["duplicate"] == nil)
      let entries = try #require(acknowledgement["entries"] as? [[String: Any]])
      #expect(entries.map { $0["key"] as? String } == ["K1", "K2"])
      #expect(entries.map { $0["status"] as? String } == ["posted", "posted"])
      #expect(entries.map { $0["document"] as? String } == ["2026-000001", "2026-000002"])
      #expect(names("DE01/in", in: folder).isEmpty)
      #expect(names("DE01/archive", in: folder) == [file.name, file.name + ".done"])
      #expect(names("DE01/out", in: folder) == [file.name + ".ack.json"])
      #expect(await server.books.count(ofKey: "K1") == .init(booked: 1, received: 1))
      #expect(await exchange.pickUp() == 0)
    }
  }

  static let texts = [
    "=1+1", "+4", "-4", "@x", "'quoted", "''", "a;b", "say \"so\"", "\"", "two\nlines", "a\r\nb",
    "\ttab", "\rcr", "back\\slash\\n", " blanks ", "end  ", "\\s", "Ärger 💶 e\u{301}", ";", "'",
  ]

  @Test(arguments: ExchangeFile.Format.allCases)
  func `carries every text exactly`(format: ExchangeFile.Format) async throws {
    try await withExchange { server, exchange, folder in
      var file = ExchangeFile(name: "GL_1.\(format.rawValue)")
      file.drafts = Self.texts.enumerated().map { index, text in
        var draft = Samples.draft("K\(index)")
        draft.reference = text
        draft.description = text
        draft.lines[0].description = text
        draft.lines[0].party = text
        draft.lines[1].dimensions = [text: text]
        return draft
      }
      try file.handOver(to: folder)
      await exchange.pickUp()
      for (index, text) in Self.texts.enumerated() {
        let found = await server.books.entries(forKey: "K\(index)", company: "DE01")
        let content = try #require(found.first?.content, "\(text)")
        #expect(content.reference == text)
        #expect(content.description == text)
        #expect(content.lines[0].description == text)
        #expect(content.lines[0].party == text)
        #expect(content.lines[1].dimensions == [text: text])
      }
    }
  }

  @Test(arguments: ExchangeFile.Format.allCases)
  func `carries amounts in functional currency alone, tax and several currencies`(
    format: ExchangeFile.Format
  ) async throws {
    try await withExchange { server, exchange, folder in
      var draft = Samples.draft("K1", currency: "USD")
      draft.functionalCurrency = "EUR"
      draft.documentDate = "2026-10-30"
      draft.lines[0].functionalAmount = "110.00"
      draft.lines[1].functionalAmount = "109.50"
      draft.lines[1].tax?.base = "-100.00"
      draft.lines.append(
        LineDraft(account: "2660", side: "credit", amount: "0.00", functionalAmount: "0.50"))
      var file = ExchangeFile(name: "GL_1.\(format.rawValue)")
      file.drafts = [draft, Samples.draft("K2")]
      try file.handOver(to: folder)
      await exchange.pickUp()
      let entry = try #require(await server.books.entries(forKey: "K1", company: "DE01").first)
      #expect(entry.content.documentDate == "2026-10-30")
      #expect(entry.content.lines.map(\.functionalAmount) == [11_000, 10_950, 50])
      #expect(entry.content.lines[2].amount == 0)
      #expect(entry.content.lines[1].tax == TaxDraft(code: "DE-19", rate: "19", base: "-100.00"))
      #expect(await server.books.count(of: "DE01") == 2)
    }
  }

  @Test func `what is refused is listed beside what is posted`() async throws {
    try await withExchange { server, exchange, folder in
      #expect(await server.books.set(period: "2026-09", of: "DE01", to: .closed))
      var file = ExchangeFile()
      file.drafts = [Samples.draft("K1"), Samples.draft("K2", date: "2026-09-30")]
      try file.handOver(to: folder)
      await exchange.pickUp()
      let acknowledgement = try #require(answer(file.name, in: folder))
      #expect(acknowledgement["result"] as? String == "partial")
      let entries = try #require(acknowledgement["entries"] as? [[String: Any]])
      #expect(entries[1]["status"] as? String == "rejected")
      #expect(entries[1]["code"] as? String == "closed_period")
      #expect(
        entries[1]["text"] as? String == "Period 2026-09 of company DE01 is closed")
    }
  }

  // MARK: Release

  @Test func `leaves what is not released, unfinished or hidden`() async throws {
    try await withExchange { server, exchange, folder in
      let file = ExchangeFile()
      try file.handOver(to: folder, done: nil)
      for name in [".hidden.csv", "GL_2.csv.tmp", "GL_3.xml", "bad name.csv"] {
        var other = file
        other.name = name
        try other.handOver(to: folder, bytes: file.bytes)
      }
      #expect(await exchange.pickUp() == 0)
      #expect(await server.books.count(of: "DE01") == 0)
      try Data().write(to: folder.appending(path: "DE01/in/\(file.name).done"))
      #expect(await exchange.pickUp() == 1)
    }
  }

  @Test func `takes a file that a manifest releases, if all of it is right`() async throws {
    try await withExchange { server, exchange, folder in
      let file = ExchangeFile()
      try file.handOver(to: folder, done: nil, manifest: file.manifest)
      #expect(await exchange.pickUp() == 1)
      #expect(answer(file.name, in: folder)?["result"] as? String == "accepted")
      var next = ExchangeFile(name: "GL_2.csv", batch: "batch-0008")
      next.drafts = [Samples.draft("K2")]
      let wrong = [
        next.manifest.replacing("batch-0008", with: "batch-0009"),
        next.manifest.replacing("\"lines\":2", with: "\"lines\":3"),
        next.manifest.replacing("\"size\":", with: "\"size\":1"), "{}",
      ]
      for manifest in wrong {
        try next.handOver(to: folder, done: nil, manifest: manifest)
        #expect(await exchange.pickUp() == 1)
        let given = answer(next.name, in: folder)
        #expect(given?["code"] as? String == "manifest_mismatch")
      }
      try next.handOver(to: folder, done: "0123", manifest: next.manifest)
      await exchange.pickUp()
      #expect(answer(next.name, in: folder)?["code"] as? String == "marker_mismatch")
      try next.handOver(to: folder, done: SHA256.hash(next.bytes).hex, manifest: next.manifest)
      await exchange.pickUp()
      #expect(answer(next.name, in: folder)?["result"] as? String == "accepted")
      #expect(await server.books.count(of: "DE01") == 2)
    }
  }

  // MARK: Wrong files

  static let good = String(decoding: ExchangeFile().bytes, as: UTF8.self)

  static let wrongFiles: [(String, String)] = [
    ("", "cut_off"), (String(good.dropLast(1)), "cut_off"),
    (good.components(separatedBy: "\nT;")[0] + "\n", "cut_off"),
    (String(good.prefix(100)), "cut_off"), (good + "x", "cut_off"),
    (good.replacing("119.00;119.00;C-1007", with: "118.00;119.00;C-1007"), "wrong_hash"),
    (good.replacing("INV-1042", with: "INV-1043"), "wrong_hash"),
  ]

  @Test(arguments: wrongFiles)
  func `refuses a file that is cut off or changed, whole`(
    text: String, code: String
  ) async throws {
    try await withExchange { server, exchange, folder in
      let file = ExchangeFile()
      try file.handOver(to: folder, bytes: Array(text.utf8))
      #expect(await exchange.pickUp() == 1)
      let refusal = try #require(answer(file.name, in: folder))
      #expect(refusal["result"] as? String == "rejected")
      #expect(refusal["code"] as? String == code)
      #expect(refusal["text"] is String)
      #expect(refusal["entries"] == nil)
      #expect(names("DE01/error", in: folder) == [file.name, file.name + ".done"])
      #expect(await server.books.count(of: "DE01") == 0)
      try file.handOver(to: folder)
      await exchange.pickUp()
      #expect(answer(file.name, in: folder)?["result"] as? String == "accepted")
    }
  }

  @Test func `refuses totals, counts, companies and structures that are wrong`() async throws {
    var cases: [(ExchangeFile, [UInt8]?, String)] = []
    var file = ExchangeFile()
    file.controls = [["T", "EUR", "119.00", "119.01"], ["F", "EUR", "119.00", "119.00"]]
    cases.append((file, nil, "wrong_total"))
    file.controls = [["T", "EUR", "119.00", "119.00"]]
    cases.append((file, nil, "wrong_total"))
    file.controls = [
      ["T", "EUR", "119", "119"], ["F", "EUR", "119", "119"], ["T", "USD", "0", "0"],
    ]
    cases.append((file, nil, "wrong_total"))
    let changes: [(String, String, String)] = [
      (";INV-1042;;2\n", ";INV-1042;;3\n", "wrong_count"), ("H;1;", "H;2;", "malformed"),
      ("H;1;DE01", "H;1;DE02", "wrong_company"), ("J;K1;", "J;K2;", "malformed"),
      ("L;K1;2;", "L;K1;3;", "malformed"), ("D;K1;2;", "D;K1;1;", "malformed"),
      ("C;T;EUR", "X;T;EUR", "malformed"), (";INV-1042;", ";INV\"1042;", "malformed"),
      (";INV-1042;", ";\"INV\"1042;", "malformed"), (";INV-1042;", ";;INV-1042;", "malformed"),
      ("119.00;119.00;C-1007", "a;119.00;C-1007", "malformed"),
    ]
    for (old, new, code) in changes {
      cases.append((ExchangeFile(), Self.rehashed(Self.good.replacing(old, with: new)), code))
    }
    try await withExchange { server, exchange, folder in
      for (index, (file, bytes, code)) in cases.enumerated() {
        try file.handOver(to: folder, bytes: bytes)
        await exchange.pickUp()
        let refusal = answer(file.name, in: folder)
        #expect(refusal?["code"] as? String == code, "case \(index)")
      }
      #expect(await server.books.count(of: "DE01") == 0)
    }
  }

  /// Gives a changed file the right hash.
  private static func rehashed(_ text: String) -> [UInt8] {
    let body = text.components(separatedBy: "\nT;")[0] + "\n"
    return Array((body + "T;42;1;2;\(SHA256.hash(body.utf8).hex)\n").utf8)
  }

  // MARK: Repeats

  @Test func `answers repeats of name, bytes and batch with the first result`() async throws {
    try await withExchange { server, exchange, folder in
      var file = ExchangeFile()
      try file.handOver(to: folder)
      await exchange.pickUp()
      try file.handOver(to: folder)
      await exchange.pickUp()
      let again = try #require(answer(file.name, in: folder))
      #expect(again["duplicate"] as? Bool == true)
      #expect(again["firstFile"] == nil)
      #expect(again["result"] as? String == "accepted")
      let bytes = file.bytes
      file.name = "GL_renamed.csv"
      try file.handOver(to: folder, bytes: bytes)
      await exchange.pickUp()
      let renamed = try #require(answer(file.name, in: folder))
      #expect(renamed["duplicate"] as? Bool == true)
      #expect(renamed["firstFile"] as? String == "GL_DE01_000042.csv")
      file.name = "GL_rebuilt.csv"
      file.created = "2026-10-31T09:00:00Z"
      try file.handOver(to: folder)
      await exchange.pickUp()
      let rebuilt = try #require(answer(file.name, in: folder))
      #expect(rebuilt["duplicate"] as? Bool == true)
      let entries = rebuilt["entries"] as? [[String: Any]]
      #expect(entries?.first?["document"] as? String == "2026-000001")
      #expect(await server.books.count(of: "DE01") == 1)
    }
  }

  @Test func `refuses a name or batch that comes again with something else`() async throws {
    try await withExchange { server, exchange, folder in
      var file = ExchangeFile()
      try file.handOver(to: folder)
      await exchange.pickUp()
      file.drafts = [Samples.draft("K2")]
      try file.handOver(to: folder)
      await exchange.pickUp()
      #expect(answer(file.name, in: folder)?["code"] as? String == "duplicate_file")
      file.name = "GL_2.csv"
      try file.handOver(to: folder)
      await exchange.pickUp()
      #expect(answer(file.name, in: folder)?["code"] as? String == "duplicate_batch")
      #expect(await server.books.count(of: "DE01") == 1)
    }
  }

  @Test func `a key that comes in another batch is booked once`() async throws {
    try await withExchange { server, exchange, folder in
      try ExchangeFile().handOver(to: folder)
      await exchange.pickUp()
      var next = ExchangeFile(name: "GL_2.csv", batch: "batch-0008")
      next.drafts.append(Samples.draft("K2"))
      try next.handOver(to: folder)
      await exchange.pickUp()
      let entries = answer(next.name, in: folder)?["entries"] as? [[String: Any]] ?? []
      #expect(entries.map { $0["duplicate"] as? Bool } == [true, nil])
      #expect(entries.map { $0["document"] as? String } == ["2026-000001", "2026-000002"])
    }
  }

  // MARK: Faults

  private func meet(
    _ act: FaultRule.Act, delay: Int = 0,
    _ test: (MockERPServer, FileExchange, URL, Clock) async throws -> Void
  ) async throws {
    let clock = Clock()
    try await withExchange {
      $0.faults = [FaultRule(act: act, delayMilliseconds: delay, times: 1)]
      $0.now = { clock.now }
    } _: { server, exchange, folder in
      try ExchangeFile().handOver(to: folder)
      try await test(server, exchange, folder, clock)
    }
  }

  private final class Clock: Sendable {
    private let moment = Mutex(Samples.moment)
    var now: Date { moment.withLock { $0 } }
    func advance(by seconds: Double) { moment.withLock { $0 += seconds } }
  }

  private let name = ExchangeFile().name

  @Test(arguments: [FaultRule.Act.reset, .status(503), .throttle(retryAfter: 1)])
  func `a file that meets trouble stays until the next look`(act: FaultRule.Act) async throws {
    try await meet(act) { server, exchange, folder, _ in
      #expect(await exchange.pickUp() == 0)
      #expect(await server.books.count(ofKey: "K1") == .init(booked: 0, received: 0))
      #expect(await exchange.pickUp() == 1)
      #expect(answer(name, in: folder)?["result"] as? String == "accepted")
    }
  }

  @Test func `a delayed file is taken when its time has come`() async throws {
    try await meet(.wait, delay: 5000) { server, exchange, folder, clock in
      #expect(await exchange.pickUp() == 0)
      clock.advance(by: 4)
      #expect(await exchange.pickUp() == 0)
      clock.advance(by: 1)
      #expect(await exchange.pickUp() == 1)
      #expect(await server.books.count(of: "DE01") == 1)
    }
  }

  @Test func `an acknowledgement may be lost, and a repeat brings it`() async throws {
    try await meet(.bookThenDrop) { server, exchange, folder, _ in
      #expect(await exchange.pickUp() == 1)
      #expect(await server.books.count(of: "DE01") == 1)
      #expect(names("DE01/out", in: folder).isEmpty)
      try ExchangeFile().handOver(to: folder)
      await exchange.pickUp()
      let given = answer(name, in: folder)
      #expect(given?["duplicate"] as? Bool == true)
      #expect(given?["result"] as? String == "accepted")
    }
  }

  @Test func `an acknowledgement may come late`() async throws {
    try await meet(.bookThenDelay(60_000)) { server, exchange, folder, clock in
      #expect(await exchange.pickUp() == 1)
      #expect(await server.books.count(of: "DE01") == 1)
      clock.advance(by: 59)
      await exchange.pickUp()
      #expect(answer(name, in: folder) == nil)
      clock.advance(by: 1)
      await exchange.pickUp()
      #expect(answer(name, in: folder)?["result"] as? String == "accepted")
    }
  }

  @Test(arguments: [true, false])
  func `an acknowledgement may be malformed`(booked: Bool) async throws {
    try await meet(.malformed(booked: booked)) { server, exchange, folder, _ in
      #expect(await exchange.pickUp() == 1)
      #expect(answer(name, in: folder)?.isEmpty == true)
      #expect(await server.books.count(of: "DE01") == (booked ? 1 : 0))
    }
  }

  @Test func `all or some entries of a file may be refused on demand`() async throws {
    let refusal = Refusal(code: "closed_period", message: "Closed")
    try await meet(.refuse(refusal)) { server, exchange, folder, _ in
      await exchange.pickUp()
      #expect(answer(name, in: folder)?["result"] as? String == "rejected")
      #expect(answer(name, in: folder)?["entries"] is [Any])
      #expect(await server.books.count(of: "DE01") == 0)
    }
    try await meet(.refusePart(.keys(["K1"]), refusal)) { server, exchange, folder, _ in
      var file = ExchangeFile()
      file.drafts.append(Samples.draft("K2"))
      try file.handOver(to: folder)
      await exchange.pickUp()
      #expect(answer(name, in: folder)?["result"] as? String == "partial")
      #expect(await server.books.count(ofKey: "K2").booked == 1)
    }
  }

  @Test func `a file that is processed twice is booked once`() async throws {
    try await meet(.duplicate) { server, exchange, folder, _ in
      await exchange.pickUp()
      #expect(await server.books.count(of: "DE01") == 1)
      #expect(answer(name, in: folder)?["result"] as? String == "accepted")
    }
  }
}
