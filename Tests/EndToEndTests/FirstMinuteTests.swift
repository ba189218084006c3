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
      (["submit", desk.folder.path], 3, "This is a folder"),
      (["rates", "import", desk.folder.path], 3, "This is a folder"),
      (["submit", "-", "--source", "nobody"], 1, ""),
      (["nonsense"], 2, ""),
      (["list", "nonsense"], 2, ""),
      (["list", "entries", "--since", "2026-02-30"], 2, "2026-02-30"),
      (["reconcile", "--entity", "NOBODY"], 2, "unknown_entity"),
      (["reconcile", "--period", "2026-13"], 2, "2026-13"),
      (["ageing", "--entity", "NOBODY"], 2, "unknown_entity"),
      (["ageing", "--as-of", "2026-02-30"], 2, "2026-02-30"),
      (["schedules", "--entity", "NOBODY"], 2, "unknown_entity"),
      (["rules", "diff", "--entity", "NOBODY"], 2, "unknown_entity"),
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

  @Test func `what waits, what is held, and what is no document is said in tables`() async throws {
    let desk = try await Desk("tables")
    let pdf = try desk.folder.write("%PDF-1.7", to: "invoice.pdf")
    let cut = try desk.folder.write("<Invoice><ID>1</ID>", to: "cut.xml")
    let refused = try await desk.run("submit", pdf, cut)
    #expect(refused.text.contains("\(pdf): invalid\n  / not_a_document: This is a PDF file"))
    #expect(refused.text.contains("\(cut): invalid\n  line 1 invalid_xml: the document ends"))

    let unknown = Sample.payment("PAY-2", amount: "5.00").replacing("BANK", with: "NONE")
    _ = try await desk.submit(
      [Sample.payment("PAY-1", amount: "5.00", invoice: "INV-9"), unknown], status: 1)
    let documents = try await desk.run("list", "documents")
    #expect(documents.text.contains("accepted   Waits for demo/invoice/INV-9"), "\(documents.text)")
    let status = try await desk.run("status")
    #expect(status.text.contains("1 document waits for another or for a period"), "\(status.text)")
    let tried = try await desk.run("exceptions", "retry", "--dry-run")
    #expect(
      tried.text.contains("would stay: Payment PAY-2 names the account NONE"), "\(tried.text)")
    _ = try await desk.run(
      "exceptions", "hold", "--until", "2099-01-01", "--class", "unknown_money_account")
    let groups = try await desk.run("exceptions").text.split(separator: "\n")
    #expect(groups.first?.hasPrefix("Count  Held") == true && groups[2].hasPrefix("    1     1"))
    let exceptions = try await desk.run("list", "exceptions")
    #expect(exceptions.text.contains("held until 2099-01-01"), "\(exceptions.text)")
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
