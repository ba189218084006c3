import Foundation
import TestSupport
import Testing

/// Bad input gets a clear error and loses nothing.
@Suite struct BadInputTests {
  private static let secret = "never-to-be-read-4711"

  @Test func `hostile XML is refused, says why, and reads no other file`() async throws {
    let desk = try await Desk("xml")
    let secret = try desk.folder.write(Self.secret, to: "secret.txt")
    let deep = String(repeating: "<a>", count: 10_000) + String(repeating: "</a>", count: 10_000)
    let ubl = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    let cases: [(name: String, text: String, code: String)] = [
      (
        "an external entity",
        #"<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file://\#(secret)">]><Invoice xmlns="\#(ubl)">&x;</Invoice>"#,
        "dtd_refused"
      ),
      (
        "an entity that grows",
        #"<!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">"#
          + #"<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Invoice xmlns="\#(ubl)">&c;</Invoice>"#,
        "dtd_refused"
      ),
      ("depth", "<Invoice xmlns=\"\(ubl)\">\(deep)</Invoice>", "too_deep"),
      ("a cut-off document", "<Invoice xmlns=\"\(ubl)\"><ID>1</ID><Issue", "invalid_xml"),
      ("no document", "<Order/>", ""),
    ]
    for (name, text, code) in cases {
      let ending = try await desk.run(
        "submit", "-", "--source", "demo", "--output", "json", input: text)
      #expect(ending.status == 1, "\(name): \(ending.errors)")
      let document = try JSON(ending.output)["documents"][0]
      #expect(document["verdict"].string == "invalid", "\(name)")
      let codes = document["errors"].array.compactMap { $0["code"].string }
      #expect(code.isEmpty ? !codes.isEmpty : codes.contains(code), "\(name): \(ending.text)")
      #expect(document["errors"].array.allSatisfy { $0["fix"].string?.isEmpty == false }, "\(name)")
      #expect(!ending.text.contains(Self.secret) && !ending.errors.contains(Self.secret))
      #expect(ending.peakKilobytes < 200_000, "\(name): \(ending.peakKilobytes) KiB")
    }
    #expect(try await desk.json("list", "refused")["refused"].array.count == cases.count)
  }

  @Test(arguments: [" ", "<", "["])
  func `endless input is refused with bounded memory`(filler: String) async throws {
    let desk = try await Desk("endless")
    let program = try desk.start(["submit", "-", "--source", "demo"])
    let piece = Array(String(repeating: filler, count: 1 << 20).utf8)
    program.feed(Pieces(repeatElement(piece, count: 200)).next)
    let ending = await program.end()
    #expect(ending.status == 1 || ending.status == 3, "\(ending.text) \(ending.errors)")
    #expect((ending.text + ending.errors).contains("fix:"), "\(ending.text) \(ending.errors)")
    #expect(ending.peakKilobytes < 300_000, "\(ending.peakKilobytes) KiB")
  }

  @Test func `an XML document with a gigabyte of spaces is refused with bounded memory`()
    async throws
  {
    let desk = try await Desk("spaces")
    let program = try desk.start(["submit", "-", "--source", "demo"])
    let head = Array(
      "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\">".utf8)
    let spaces = [UInt8](repeating: 32, count: 1 << 20)
    program.feed(Pieces((0...1_000).lazy.map { $0 == 0 ? head : spaces }).next)
    let ending = await program.end()
    #expect(ending.status == 1)
    #expect(ending.text.contains("too_large") && ending.text.contains("fix:"), "\(ending.text)")
    #expect(ending.peakKilobytes < 300_000, "\(ending.peakKilobytes) KiB")
  }

  /// What is put in place of a part of a good invoice, and the code of the fault.
  static let faults: [(old: String, new: String, code: String)] = [
    (#""net":"100.00","taxes""#, #""net":"NaN","taxes""#, "invalid_amount"),
    (#""net":"100.00","taxes""#, #""net":"1e2","taxes""#, "invalid_amount"),
    (#""net":"100.00","taxes""#, #""net":100,"taxes""#, "amount_not_string"),
    (#""net":"100.00","taxes""#, #""net":"100.001","taxes""#, "too_many_decimals"),
    (#""currency":"EUR""#, #""currency":"EUX""#, "unknown_currency"),
    (#""documentDate":"2026-10-31""#, #""documentDate":"2026-02-30""#, "invalid_date"),
    (#""entity":"DEMO""#, #""entity":"NOWHERE""#, "unknown_entity"),
    (#""source":"demo""#, #""source":"nowhere""#, "unknown_source"),
    (#""id":"BAD""#, #""id":"BAD","id":"BAD""#, "duplicate_key"),
    (#""id":"BAD""#, #""id":"BAD","discount":"1""#, "unknown_field"),
    (#""gross":"119.00""#, #""gross":"120.00""#, ""),
    (#""type":"invoice""#, #""type":"bill""#, ""),
  ]

  @Test func `each fault has its code, its place and what to do`() async throws {
    let desk = try await Desk("faults")
    for (old, new, code) in Self.faults {
      let good = Sample.invoice("BAD")
      try #require(good.contains(old), "\(old)")
      let text = good.replacingOccurrences(of: old, with: new)
      let document = try await desk.json("submit", "-", input: text, status: 1)["documents"][0]
      #expect(document["verdict"].string == "invalid", "\(new)")
      let errors = document["errors"].array
      if !code.isEmpty {
        #expect(errors.contains { $0["code"].string == code }, "\(new): \(errors)")
      }
      for error in errors {
        #expect(
          error["pointer"].string?.isEmpty == false || code == "duplicate_key", "\(new): \(error)")
        #expect(
          error["detail"].string?.isEmpty == false && error["fix"].string?.isEmpty == false,
          "\(new): \(error)")
      }
    }
    let refused = try await desk.json("list", "refused")["refused"].array
    #expect(refused.count == Self.faults.count)
    let good = try await desk.submit([Sample.invoice("BAD")])
    #expect(good["totals"]["accepted"].int == 1, "the same identity is taken once it is right")
  }

  @Test func `all faults of a document are told at once`() async throws {
    let desk = try await Desk("all")
    let text = Sample.invoice("ALL", entity: "NOWHERE", date: "2026-13-01")
      .replacingOccurrences(of: #""gross":"119.00""#, with: #""gross":"120.00""#)
      .replacingOccurrences(of: #""tax":"19.00""#, with: #""tax":"18.00""#)
      .replacingOccurrences(of: #""customer":{"id":"C-1"},"#, with: "")
    let errors = try await desk.json("submit", "-", input: text, status: 1)["documents"][0][
      "errors"]
    let pointers = Set(errors.array.compactMap { $0["pointer"].string })
    for place in ["/entity", "/documentDate", "/customer", "/totals/tax", "/totals/gross"] {
      #expect(pointers.contains(place), "\(place) in \(errors)")
    }
  }

  @Test func `invalid UTF-8 and long texts are refused, and the lines around them taken`()
    async throws
  {
    let desk = try await Desk("bytes")
    let wrong = Sample.invoice("X").replacingOccurrences(of: "PLAN", with: "PL\u{1}N")
    var bytes = Array((Sample.invoice("FIRST") + "\n" + wrong + "\n").utf8)
    bytes = bytes.map { $0 == 1 ? 0xFF : $0 }
    let long = Sample.invoice("LONG", product: String(repeating: "x", count: 10 << 20))
    bytes += Array((long + "\n" + Sample.invoice("LAST") + "\n").utf8)
    let ending = try await Desk.run(
      ["submit", "-", "--output", "json", "--config", desk.configuration], input: bytes)
    #expect(ending.status == 1)
    let documents = try JSON(ending.output)["documents"].array
    #expect(
      documents.map { $0["verdict"].string } == ["accepted", "invalid", "invalid", "accepted"])
    #expect(documents[1]["errors"][0]["code"].string == "invalid_utf8")
    #expect(
      documents[2]["errors"].array.contains { $0["code"].string == "too_large" },
      "\(documents[2]["errors"])")
    #expect(ending.output.count < 100_000, "a fault does not repeat what was wrong at length")
  }

  @Test func `a hole in an account table stops a document until it is filled`() async throws {
    let desk = try await Desk("hole")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    let table = try desk.read("accounts/revenue.yaml")
    try desk.write("- when: { product: OTHER }\n  account: 4000\n", to: "accounts/revenue.yaml")
    let stopped = try await desk.submit([Sample.invoice("HOLE")], status: 1)["documents"][0]
    #expect(stopped["verdict"].string == "exception")
    #expect(stopped["exceptions"][0]["fix"].string?.isEmpty == false)
    try await desk.settle(status: 1)
    let exception = try await desk.json("list", "exceptions")["exceptions"][0]
    #expect(exception["class"].string == "missing_mapping")
    #expect(exception["cause"].string?.contains("revenue") == true)
    _ = try await desk.json("exceptions", "retry", status: 1)
    try desk.write(table, to: "accounts/revenue.yaml")
    _ = try await desk.json("exceptions", "retry")
    try await desk.settle()
    #expect(try await erp.journal("DEMO").count == 1)
    #expect(try await desk.json("show", "demo/invoice/HOLE")["state"].string == "posted")
  }

  @Test func `a typo in the configuration is shown with file, line and the right word`()
    async throws
  {
    let desk = try await Desk("typo")
    try desk.replace("currency: EUR", with: "curency: EUR", in: "entities/DEMO.yaml")
    try desk.replace(
      "adapter: generic-rest", with: "adapter: generic-rset", in: "connections/erp.yaml")
    let line =
      try #require(
        try desk.read("entities/DEMO.yaml").split(separator: "\n", omittingEmptySubsequences: false)
          .firstIndex { $0.hasPrefix("curency") }) + 1
    for verb in [
      ["check"], ["run", "--until", "idle"], ["submit", "-"], ["serve", "--port", "0"],
    ] {
      let ending = try await Desk.run(verb + ["--config", desk.configuration])
      #expect(ending.status == 2, "\(verb)")
      let said = verb == ["check"] ? ending.text : ending.errors
      #expect(said.contains("entities/DEMO.yaml:\(line)"), "\(verb): \(said)")
      #expect(said.contains("currency") && said.contains("fix:"), "\(verb): \(said)")
      #expect(said.contains("generic-rest"), "\(verb): \(said)")
    }
    #expect(!desk.folder.exists("configuration/data/postern.sqlite"))
  }

  @Test func `a store of a newer version is left alone`() async throws {
    let desk = try await Desk("newer")
    _ = try await desk.submit([Sample.invoice("OLD")])
    let file = desk.folder.path(of: "configuration/data/postern.sqlite")
    try SQLite.execute("INSERT INTO migrations (name) VALUES ('9999-from-the-future')", in: file)
    for verb in [["submit", "-"], ["run", "--until", "idle"], ["list", "documents"]] {
      let ending = try await Desk.run(
        verb + ["--config", desk.configuration], input: Array(Sample.invoice("NEW").utf8))
      #expect(ending.status == 3, "\(verb)")
      #expect(ending.errors.contains("store_newer_version") && ending.errors.contains("fix:"))
      #expect(ending.errors.contains(file), "\(ending.errors)")
    }
    try SQLite.execute("DELETE FROM migrations WHERE name LIKE '9999%'", in: file)
    #expect(try await desk.json("list", "documents")["documents"].array.count == 1)
  }

  @Test func `a file that is no store is left alone`() async throws {
    let desk = try await Desk("nostore")
    try desk.write("my letters", to: "data/postern.sqlite")
    let ending = try await desk.run("list", "documents")
    #expect(ending.status == 3)
    #expect(ending.errors.contains("store_not_a_database") && ending.errors.contains("fix:"))
    #expect(try desk.read("data/postern.sqlite") == "my letters")
  }

  @Test func `a full disk loses nothing that was accepted`() async throws {
    let desk = try await Desk("full")
    let data = desk.folder.path(of: "configuration/data")
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let mounted = try await ToolRun.status(
      "/bin/mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", data])
    guard mounted == 0 else {
      print("the test of a full disk is skipped: no file system can be mounted here")
      return
    }
    let documents = (1...3_000).map { Sample.invoice("F-\($0)") }
    let ending = try await desk.run(
      "submit", "-", "--output", "json", input: documents.joined(separator: "\n"))
    #expect(ending.status == 3, "\(ending.text.prefix(300))")
    #expect(ending.errors.contains("full") && ending.errors.contains("fix:"), "\(ending.errors)")
    let accepted = ending.text.matches(of: /"id":"(F-\d+)","verdict":"accepted"/).map {
      String($0.output.1)
    }
    let remounted = try await ToolRun.status("/bin/mount", ["-o", "remount,size=200m", data])
    #expect(remounted == 0)
    let listed = Set(
      try await desk.json("list", "documents", "--limit", "100000")["documents"].array
        .compactMap { $0["id"].string })
    #expect(Set(accepted).subtracting(listed).isEmpty, "was told accepted, and is lost")
    let again = try await desk.submit(documents)
    #expect(again["totals"]["repeat"].int == listed.count)
    #expect(again["totals"]["accepted"].int == 3_000 - listed.count)
    _ = try await ToolRun.status("/bin/umount", ["-l", data])
  }

  @Test func `a folder that cannot be written is said clearly`() async throws {
    let desk = try await Desk("readonly")
    _ = try await desk.submit([Sample.invoice("R-1")])
    let data = desk.folder.path(of: "configuration/data")
    let bound = try await ToolRun.status("/bin/mount", ["--bind", data, data])
    guard bound == 0,
      try await ToolRun.status("/bin/mount", ["-o", "remount,bind,ro", data]) == 0
    else {
      print("the test of a read-only folder is skipped: no file system can be mounted here")
      return
    }
    let ending = try await desk.run("submit", "-", input: Sample.invoice("R-2"))
    _ = try await ToolRun.status("/bin/umount", ["-l", data])
    #expect(ending.status == 3)
    #expect(
      ending.errors.contains("store_not_writable") && ending.errors.contains("fix:"),
      "\(ending.errors)")
    #expect(ending.errors.contains(data), "\(ending.errors)")
    #expect(try await desk.submit([Sample.invoice("R-2")])["totals"]["accepted"].int == 1)
  }

  @Test func `a document of other format than said is refused`() async throws {
    let desk = try await Desk("format")
    let ending = try await desk.run(
      "submit", "-", "--format", "ubl", "--source", "demo", "--output", "json",
      input: Sample.invoice("J"))
    #expect(ending.status == 1)
    #expect(try JSON(ending.output)["documents"][0]["verdict"].string == "invalid")
    let empty = try await desk.json("submit", "-", status: 1)
    #expect(empty["documents"][0]["errors"][0]["code"].string == "empty")
  }
}
