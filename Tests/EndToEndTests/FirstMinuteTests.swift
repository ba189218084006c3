import Foundation
import TestSupport
import Testing

/// What a newcomer does first, and what programs may rely on while it happens.
@Suite struct FirstMinuteTests {
  @Test func `a newcomer's invoice is explained, posted and reconciled`() async throws {
    let desk = try await Desk("newcomer")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    #expect(try await desk.json("check")["valid"] == .bool(true))

    let explained = try await desk.json("explain", "-", input: Sample.invoice("INV/1 | a"))
    let document = explained["documents"][0]
    #expect(document["verdict"].string == "accepted")
    let entry = document["entries"][0]
    for name in [
      "id", "key", "set", "entity", "ledger", "kind", "postingDate", "documentDate", "period",
      "currency", "functionalCurrency", "rate", "reference", "description", "source", "reverses",
      "rulesVersion", "lines",
    ] {
      #expect(entry.keys.contains(name), "an entry has \(name)")
    }
    let key = try #require(entry["key"].string)
    #expect(key.count == 16)
    #expect(key.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) })
    let lines = entry["lines"].array.map { line in
      [line["role"], line["side"], line["amount"]].compactMap(\.string).joined(separator: " ")
    }
    #expect(
      lines == ["receivable debit 119.00", "revenue credit 100.00", "taxPayable credit 19.00"])
    #expect(entry["lines"][1]["why"]["table"].string == "accounts/revenue.yaml")
    #expect(try await desk.json("list", "documents")["documents"].array.isEmpty, "it wrote nothing")

    let taken = try await desk.submit([Sample.invoice("INV/1 | a")])
    #expect(taken["totals"]["accepted"].int == 1)
    let again = try await desk.submit([Sample.invoice("INV/1 | a")])["documents"][0]
    #expect(again["verdict"].string == "repeat")
    #expect(again["first"].string == "accepted" && again["state"].string == "accepted")

    try await desk.settle()
    let shown = try await desk.json("show", "demo/invoice/INV/1 | a")
    #expect(shown["state"].string == "posted")
    #expect(shown["entries"][0]["key"].string == key, "the key is the one that was explained")
    #expect(shown["postings"][0]["erp"]["number"].string == "2026-000001")
    #expect(shown["postings"][0]["attempts"][0]["exchange"].string == nil)
    let told = try await desk.json("show", "demo/invoice/INV/1 | a", "--exchanges")
    let exchange = try #require(told["postings"][0]["attempts"][0]["exchange"].string)
    #expect(exchange.contains("POST ") && exchange.contains(key) && exchange.contains("\n201\n"))
    let result = try await desk.json("reconcile")["reconciliations"][0]
    #expect(result["tiesOut"] == .bool(true) && result["matched"].int == 1)
    #expect(try await erp.count(of: key) == (1, 1))
  }

  @Test func `every verb prints one JSON value and nothing else`() async throws {
    let folder = try TemporaryFolder("verbs")
    let made = try await Desk.run(["init", folder.path(of: "c"), "--output", "json"])
    #expect(made.status == 0)
    #expect(!(try JSON(made.output)["files"].array.isEmpty))

    let desk = try await Desk("verbs")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connectAll(to: erp)
    _ = try await desk.submit(
      [Sample.invoice("INV-1"), Sample.invoice("BAD", entity: "NOWHERE"), "{"], status: 1)
    try await desk.settle()
    let backup = desk.folder.path(of: "backup.sqlite")
    let verbs: [[String]] = [
      ["check"], ["status"], ["show", "demo/invoice/INV-1"], ["reconcile"],
      ["list", "documents"], ["list", "entries"], ["list", "postings"], ["list", "exceptions"],
      ["list", "refused"], ["exceptions"], ["exceptions", "retry", "--dry-run"],
      ["exceptions", "retry"], ["connections", "list"], ["connections", "check"],
      ["connections", "pause", "erp"], ["connections", "resume", "erp"], ["keys", "create"],
      ["keys", "list"], ["audit", "verify"], ["backup", backup], ["restore", backup, "--force"],
    ]
    for verb in verbs {
      let ending = try await Desk.run(
        verb + ["--output", "json", "--config", desk.configuration])
      #expect(ending.status == 0, "\(verb): \(ending.errors)")
      #expect(throws: Never.self, "\(verb)") { try JSON(ending.output) }
    }
  }

  @Test func `messages go to standard error, and the exit status says what kind`() async throws {
    let desk = try await Desk("status")
    let cases: [(arguments: [String], status: Int32, says: String)] = [
      (["show", "demo/invoice/NONE"], 3, "not_found"),
      (["show", "nonsense"], 3, "postern list documents"),
      (["submit", desk.folder.path(of: "absent.json")], 3, "file_unreadable"),
      (["submit", "-", "--source", "nobody"], 1, ""),
      (["nonsense"], 2, ""),
      (["list", "nonsense"], 2, ""),
      (["list", "entries", "--since", "2026-02-30"], 2, "2026-02-30"),
      (["connections", "pause", "nobody"], 2, "unknown_connection"),
      (["keys", "create", "--entity", "NOBODY"], 2, "unknown_entity"),
      (["keys", "create", "--rights", "everything"], 2, "unknown right"),
    ]
    for (arguments, status, says) in cases {
      let ending = try await Desk.run(
        arguments + ["--config", desk.configuration], input: Array(Sample.invoice("X").utf8))
      #expect(ending.status == status, "\(arguments): \(ending.text) \(ending.errors)")
      if !says.isEmpty {
        #expect(ending.errors.contains(says), "\(arguments): \(ending.errors)")
        #expect(ending.output.isEmpty, "\(arguments): \(ending.text)")
      }
    }
  }

  @Test func `refuses a folder that is not empty, and says where a configuration is missing`()
    async throws
  {
    let folder = try TemporaryFolder("init")
    try folder.write("mine", to: "notes.txt")
    let refused = try await Desk.run(["init", folder.path])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("folder_not_empty") && refused.errors.contains("fix:"))
    #expect(try folder.names() == ["notes.txt"])
    let missing = try await Desk.run(["check", "--config", folder.path])
    #expect(missing.status == 2)
    #expect((missing.errors + missing.text).contains("postern.yaml"))
  }
}
