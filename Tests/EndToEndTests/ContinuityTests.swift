import Foundation
import TestSupport
import Testing

/// Documents that concern each other, second processes, copies, and windows that are sent again.
@Suite struct ContinuityTests {
  @Test func `a second engine on one store is refused, and reading goes on`() async throws {
    let desk = try await Desk("second")
    _ = try await desk.submit([Sample.invoice("E-1")])
    let (service, http) = try await desk.serve()
    for verb in [["run", "--until", "idle"], ["serve", "--port", "0"]] {
      let second = try await Desk.run(verb + ["--config", desk.configuration])
      #expect(second.status == 3, "\(verb): \(second.text)")
      #expect(
        second.errors.contains("engine") && second.errors.contains("fix:"), "\(second.errors)")
      #expect(second.output.isEmpty, "\(second.text)")
    }
    #expect(try await desk.json("list", "documents")["documents"].array.count == 1)
    #expect(try await desk.json("status")["entities"][0]["documents"].int == 1)
    #expect(try await desk.submit([Sample.invoice("E-2")])["totals"]["accepted"].int == 1)
    #expect(try await http.get("/v1/documents").json["documents"].array.count == 2)
    service.send(SIGKILL)
    _ = await service.end()
    let (third, _) = try await desk.serve()
    third.send(SIGTERM)
    #expect(await third.end().status == 0, "a killed engine leaves no lock behind")
  }

  @Test func `a copy made under load continues where it was taken, and posts nothing twice`()
    async throws
  {
    let desk = try await Desk("backup")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    let documents = (1...300).map { Sample.invoice("B-\($0)") }
    let (service, http) = try await desk.serve()
    async let taken = http.post(
      "/v1/documents", documents.joined(separator: "\n"), type: "application/x-ndjson")
    let copy = desk.folder.path(of: "copy.sqlite")
    _ = try await Desk.soon {
      try await desk.json("list", "documents")["documents"].array.first
    }
    _ = try await desk.json("backup", copy)
    #expect(try await taken.status == 202)
    let again = try await desk.run("backup", copy)
    #expect(again.status != 0, "a copy is not overwritten")
    service.send(SIGTERM)
    #expect(await service.end().status == 0)

    let refused = try await desk.run("restore", copy)
    #expect(refused.status != 0 && refused.errors.contains("--force"), "\(refused.errors)")
    let other = try await Desk("restored")
    try other.write(desk.read("postern.yaml"), to: "postern.yaml")
    try other.write(desk.read("connections/erp.yaml"), to: "connections/erp.yaml")
    _ = try await other.json("restore", copy)
    _ = try await other.json("audit", "verify")
    let resubmitted = try await other.submit(documents)
    #expect(resubmitted["totals"]["conflict"].int == 0 && resubmitted["totals"]["invalid"].int == 0)
    try await other.settle()
    let keys = try await erp.journal("DEMO").compactMap { $0["externalKey"].string }
    #expect(keys.count == 300 && Set(keys).count == 300)
    #expect(try await other.json("reconcile")["reconciliations"][0]["tiesOut"] == .bool(true))
  }

  @Test func `a higher revision reverses what was posted and posts anew`() async throws {
    let desk = try await Desk("revision")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    _ = try await desk.submit([Sample.invoice("R-1")])
    try await desk.settle()
    let revised = try await desk.submit([Sample.invoice("R-1", net: 200, revision: 2)])
    #expect(revised["totals"]["accepted"].int == 1)
    try await desk.settle()
    let balance = try await erp.admin.get("/_admin/trial-balance?company=DEMO").json
    let receivable = balance["accounts"].array.first { $0["account"].string == "1100" }
    #expect(receivable?["balance"].string == "238.00")
    #expect(try await erp.journal("DEMO").count == 3)
    let entries = try await desk.json("list", "entries")["entries"].array
    #expect(entries.count { $0["kind"].string == "reversal" } == 1)
    let reversal = try #require(entries.first { $0["kind"].string == "reversal" })
    #expect(reversal["reverses"].string != nil)
    let old = try await desk.submit([Sample.invoice("R-1")])["documents"][0]
    #expect(old["verdict"].string == "repeat", "the first revision is still known")
    let conflict = try await desk.submit(
      [Sample.invoice("R-1", net: 300, revision: 2)], status: 1)["documents"][0]
    #expect(conflict["verdict"].string == "conflict")
    #expect(try await desk.json("reconcile")["reconciliations"][0]["tiesOut"] == .bool(true))
  }

  @Test func `a revision before the first posting posts the new content alone or net of it`()
    async throws
  {
    let desk = try await Desk("early")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    _ = try await desk.submit([Sample.invoice("R-1"), Sample.invoice("R-1", net: 200, revision: 2)])
    try await desk.settle()
    let balance = try await erp.admin.get("/_admin/trial-balance?company=DEMO").json
    let receivable = balance["accounts"].array.first { $0["account"].string == "1100" }
    #expect(receivable?["balance"].string == "238.00")
    #expect(try await desk.json("reconcile")["reconciliations"][0]["tiesOut"] == .bool(true))
  }

  @Test func `a payment that comes before its invoice waits, and is posted after it`() async throws
  {
    let desk = try await Desk("order")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    let payment = Sample.payment("PAY-1", amount: "119.00", invoice: "I-1")
    let waiting = try await desk.submit([payment])["documents"][0]
    #expect(waiting["verdict"].string == "accepted")
    #expect(waiting["waiting"].string?.contains("I-1") == true, "\(waiting)")
    try await desk.settle()
    #expect(try await erp.journal("DEMO").isEmpty)
    #expect(try await desk.json("show", "demo/payment/PAY-1")["state"].string == "accepted")
    _ = try await desk.submit([Sample.invoice("I-1")])
    try await desk.settle()
    let posted = try await erp.journal("DEMO").compactMap { $0["reference"].string }
    #expect(posted == ["I-1", "PAY-1"])
    #expect(try await desk.json("show", "demo/invoice/I-1")["open"].string == "0.00")
  }

  @Test func `a credit memo does not overtake the invoice that it settles`() async throws {
    let desk = try await Desk("overtake")
    // The first two deliveries of the invoice fail without being booked.
    let erp = try await MockERP(
      exchange: desk.folder.path(of: "exchange"),
      faults: "- match: { call: [1, 2] }\n  act: { throttle: { retryAfter: 1 } }\n")
    try desk.connect(to: erp)
    _ = try await desk.submit([
      Sample.invoice("I-1"), Sample.creditMemo("CM-1", net: 50, invoice: "I-1"),
      Sample.invoice("I-2", customer: "C-2"),
    ])
    try await desk.settle()
    let order = try await erp.journal("DEMO").compactMap { $0["reference"].string }
    let invoice = try #require(order.firstIndex(of: "I-1"))
    let memo = try #require(order.firstIndex(of: "CM-1"))
    #expect(invoice < memo && order.count == 3)
    #expect(try await desk.json("show", "demo/invoice/I-1")["open"].string == "59.50")
  }

  @Test func `a conflict is answered, listed, and changes nothing`() async throws {
    let desk = try await Desk("conflict")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    _ = try await desk.submit([Sample.invoice("X-1")])
    let answered = try await desk.submit([Sample.invoice("X-1", net: 200)], status: 1)
    #expect(answered["totals"]["conflict"].int == 1)
    try await desk.settle(status: 1)
    let listed = try await desk.json("list", "exceptions")["exceptions"].array
    #expect(listed.count == 1 && listed[0]["class"].string == "identity_conflict")
    #expect(listed[0]["fix"].string?.isEmpty == false)
    let shown = try await desk.json("show", "demo/invoice/X-1")
    #expect(shown["entries"].array.count == 1)
    #expect(shown["entries"][0]["lines"][0]["amount"].string == "119.00")
    #expect(try await erp.journal("DEMO").count == 1)
  }

  @Test func `a window that is sent again is all repeats, in any layout`() async throws {
    let desk = try await Desk("window")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    var documents = (1...50).map { Sample.invoice("W-\($0)") }
    documents += (1...20).map { Sample.payment("P-\($0)", amount: "119.00", invoice: "W-\($0)") }
    documents.append(Sample.creditMemo("CM-1", net: 10, invoice: "W-30"))
    _ = try await desk.submit(documents)
    try await desk.settle()
    let booked = try await erp.journal("DEMO").count
    #expect(booked == 71)
    let array = "[\n" + documents.reversed().joined(separator: " ,\n\n") + "\n]"
    let again = try await desk.json("submit", "-", input: array)
    #expect(again["totals"]["repeat"].int == 71)
    #expect(again["documents"].array.allSatisfy { $0["state"].string == "posted" })
    try await desk.settle()
    #expect(try await erp.journal("DEMO").count == booked)
    #expect(try await desk.json("reconcile")["reconciliations"][0]["tiesOut"] == .bool(true))
  }

  @Test func `a document of a hundred thousand lines is taken, converted and posted`() async throws
  {
    let desk = try await Desk("large")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    let count = 100_000
    let lines = (1...count).map { #"{"id":"\#($0)","product":"P","net":"1.00"}"# }
    let document =
      #"{"type":"invoice","source":"demo","id":"LARGE","entity":"DEMO","documentDate":"2026-10-31","#
      + #""currency":"EUR","customer":{"id":"C-1"},"lines":[\#(lines.joined(separator: ","))],"#
      + #""totals":{"net":"100000.00","tax":"0.00","gross":"100000.00"}}"#
    let file = try desk.folder.write(document, to: "large.json")
    #expect(try await desk.json("submit", file)["totals"]["accepted"].int == 1)
    try await desk.settle()
    let balance = try await erp.admin.get("/_admin/trial-balance?company=DEMO").json
    #expect(
      balance["accounts"].array.first { $0["account"].string == "1100" }?["debit"].string
        == "100000.00")
    #expect(try await desk.json("submit", file)["totals"]["repeat"].int == 1)
  }
}
