import Foundation
import TestSupport
import Testing

/// Whatever the ERP does, an entry is posted once or a person is told.
@Suite struct FaultyERPTests {
  static let acts = [
    "{ delay: 3000 }", "{ status: 500 }", "{ status: 503 }", "reset", "malformed",
    "{ malformed: { booked: false } }", "bookThenDrop", "{ bookThenStatus: 500 }",
    "{ bookThenDelay: 3000 }", "{ throttle: { retryAfter: 1 } }", "duplicate",
  ]
  /// After these no acknowledgement of the file ever comes.
  static let unacknowledged: Set<String> = [
    "malformed", "{ malformed: { booked: false } }", "bookThenDrop", "{ bookThenStatus: 500 }",
  ]

  @Test(arguments: acts)
  func `an entry is posted once over REST and SOAP`(act: String) async throws {
    try await deliver(act, to: ["REST", "SOAP"], matching: "operation: PostJournalEntr*")
  }

  @Test(arguments: acts.filter { !unacknowledged.contains($0) })
  func `an entry is posted once through files`(act: String) async throws {
    try await deliver(act, to: ["FILE"], matching: "dialect: generic-file")
  }

  private func deliver(_ act: String, to entities: [String], matching match: String) async throws {
    let desk = try await Desk("act")
    let erp = try await MockERP(
      exchange: desk.folder.path(of: "exchange"),
      faults: entities.map {
        "- match: { company: \($0), \(match) }\n  act: \(act)\n  times: 1\n"
      }.joined())
    try desk.connectAll(to: erp)
    _ = try await desk.submit(
      entities.flatMap { entity in
        (1...3).map { Sample.invoice("\(entity)-\($0)", entity: entity) }
      })
    try await desk.settle()
    for entity in entities {
      let keys = try await desk.keys(entity: entity)
      #expect(
        try await erp.journal(entity).compactMap { $0["externalKey"].string }.sorted()
          == keys.sorted())
      for key in keys { #expect(try await erp.count(of: key).booked == 1) }
    }
    let faults = try await erp.admin.get("/_admin/faults").json
    let rules = faults["faults"].array + faults["rules"].array + faults.array
    #expect(!rules.isEmpty && rules.allSatisfy { $0["acted"].int == 1 }, "the fault was met")
    let postings = try await desk.json("list", "postings")["postings"].array
    #expect(postings.allSatisfy { $0["state"].string == "posted" })
    #expect(try await desk.json("exceptions")["groups"].array.isEmpty)
  }

  @Test(arguments: unacknowledged.sorted())
  func `a file without acknowledgement is a person's to decide, and is not sent again`(act: String)
    async throws
  {
    let desk = try await Desk("silent")
    let erp = try await MockERP(
      exchange: desk.folder.path(of: "exchange"),
      faults: "- match: { company: FILE }\n  act: \(act)\n  times: 1\n")
    try desk.connectAll(to: erp)
    try desk.replace(
      "pollEvery: 500ms", with: "pollEvery: 500ms\nacknowledgeWithin: 2s",
      in: "connections/file.yaml")
    _ = try await desk.submit([Sample.invoice("F-1", entity: "FILE")])
    let key = try #require(try await desk.keys().first)
    let service = try desk.start(["run", "--until", "stopped"])
    let exception = try await desk.firstException()
    service.send(SIGTERM)
    #expect(await service.end().status <= 1)
    let isBooked = act != "{ malformed: { booked: false } }"
    #expect(try await erp.count(of: key) == (isBooked ? 1 : 0, isBooked ? 1 : 0))
    #expect(!(exception["fix"].string ?? "").isEmpty)
    let number = try #require(exception["id"].string ?? exception["id"].int.map { "\($0)" })
    _ = try await desk.json("exceptions", "resolve", number, "--erp-number", "2026-000001")
    #expect(
      try await desk.json("show", "demo/invoice/F-1")["postings"][0]["state"].string == "posted")
    #expect(try await desk.json("exceptions")["groups"].array.isEmpty)
  }

  @Test func `a closed period stops three entries, and a retry posts them once it is open`()
    async throws
  {
    let desk = try await Desk("closed")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connectAll(to: erp)
    for company in Desk.adapterEntities {
      try desk.replace(
        "closedPeriod: hold", with: "closedPeriod: ask", in: "entities/\(company).yaml")
      try await erp.period("2026-10", of: company, "close")
    }
    _ = try await desk.submit(Desk.adapterEntities.map { Sample.invoice("C-\($0)", entity: $0) })
    try await desk.settle(status: 1)
    let postings = try await desk.json("list", "postings")["postings"].array
    #expect(postings.map { $0["state"].string } == ["rejected", "rejected", "rejected"])
    let groups = try await desk.json("exceptions", status: 1)["groups"].array
    #expect(groups.reduce(0) { $0 + ($1["count"].int ?? 0) } == 3)
    #expect(groups.allSatisfy { $0["fix"].string?.isEmpty == false })
    for exception in try await desk.json("list", "exceptions")["exceptions"].array {
      for name in [
        "id", "class", "cause", "fingerprint", "document", "posting", "entity", "connection",
        "amount", "currency", "since", "fix", "runbook", "state",
      ] {
        #expect(exception.keys.contains(name), "an exception has \(name)")
      }
    }
    // A retry while it is still closed changes nothing.
    _ = try await desk.json("exceptions", "retry")
    try await desk.settle(status: 1)
    for company in Desk.adapterEntities { try await erp.period("2026-10", of: company, "open") }
    _ = try await desk.json("exceptions", "retry")
    try await desk.settle()
    #expect(try await desk.json("exceptions")["groups"].array.isEmpty)
    try await KilledProcessTests.expectEverythingOnce(desk, erp, documents: 3)
  }

  @Test func `of a batch only what was refused is sent again`() async throws {
    let desk = try await Desk("part")
    let erp = try await MockERP(
      exchange: desk.folder.path(of: "exchange"),
      faults: Desk.adapterEntities.map {
        "- match: { company: \($0) }\n  act: { refusePart: { every: 2, code: unknown_account } }\n"
          + "  times: 1\n"
      }.joined())
    try desk.connectAll(to: erp)
    _ = try await desk.submit(
      Desk.adapterEntities.flatMap { entity in
        (1...4).map { Sample.invoice("P-\(entity)-\($0)", entity: entity) }
      })
    try await desk.settle(status: 1)
    let rejected = try await desk.json("list", "postings", "--state", "rejected")["postings"].array
    #expect(rejected.count == 6)
    _ = try await desk.json("exceptions", "retry", "--class", "rejected_unknown_account")
    try await desk.settle()
    try await KilledProcessTests.expectEverythingOnce(desk, erp, documents: 12)
  }

  @Test func `an ERP that is away keeps its postings waiting, and gets them when it is back`()
    async throws
  {
    let desk = try await Desk("away")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    try desk.replace(erp.address, with: "http://127.0.0.1:1", in: "connections/erp.yaml")
    _ = try await desk.submit([Sample.invoice("AWAY-1")])
    let engine = try desk.start(["run", "--until", "stopped"])
    // An ERP that is away keeps its postings waiting, and says why.
    _ = try await Desk.soon {
      try await desk.json("list", "postings")["postings"][0]["attempts"].array.first
    }
    engine.send(SIGTERM)
    #expect(await engine.end().status == 0)
    let posting = try await desk.json("list", "postings")["postings"][0]
    #expect(posting["state"].string == "waiting")
    #expect(posting["attempts"][0]["outcome"].string == "retryLater")
    try desk.replace("http://127.0.0.1:1", with: erp.address, in: "connections/erp.yaml")
    try await desk.settle()
    #expect(try await erp.journal("DEMO").count == 1)
  }
}
