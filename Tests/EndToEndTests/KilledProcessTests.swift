import Foundation
import TestSupport
import Testing

/// A process that is killed at any point loses nothing and posts nothing twice.
@Suite(.serialized) struct KilledProcessTests {
  /// What goes wrong while the engine delivers. With files only what ends by itself.
  static let faults = """
    - match: { dialect: generic-rest, operation: PostJournalEntr* }
      act: bookThenDrop
      probability: 0.08
    - match: { dialect: generic-rest }
      act: reset
      probability: 0.05
    - match: { dialect: generic-soap, operation: PostJournalEntries }
      act: malformed
      probability: 0.08
    - match: { dialect: generic-soap, operation: PostJournalEntries }
      act: bookThenDrop
      probability: 0.05
    - match: { dialect: generic-soap }
      act: { throttle: { retryAfter: 1 } }
      times: 2
    - match: { dialect: generic-file }
      act: duplicate
      probability: 0.2
    - match: { dialect: generic-file }
      act: throttle
      times: 2

    """

  @Test(arguments: Seed.chosen(by: ProcessInfo.processInfo.environment, fallback: [1]))
  func `what was accepted is posted once, whenever the process was killed`(seed: Seed) async throws
  {
    var random = SeededGenerator(seed)
    let desk = try await Desk("kill")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"), faults: Self.faults)
    try desk.connectAll(to: erp)
    for code in Desk.adapterEntities.map({ $0.lowercased() }) where code != "file" {
      try desk.replace("batchSize: 5", with: "batchSize: 20", in: "connections/\(code).yaml")
    }
    let count = 2_400
    let documents = (1...count).map {
      Sample.invoice("INV-\($0)", entity: Desk.adapterEntities[$0 % 3], net: $0)
    }
    let file = try desk.folder.write(documents.joined(separator: "\n"), to: "documents.ndjson")

    var toldAccepted: Set<String> = []
    for _ in 1...3 {
      let submission = try desk.start(["submit", file, "--output", "json"])
      await submission.printed(Int.random(in: 1...100_000, using: &random))
      submission.send(SIGKILL)
      let ending = await submission.end()
      #expect(ending.status == 128 + SIGKILL || ending.status == 0)
      for verdict in ending.text.matches(of: /"id":"(INV-\d+)","verdict":"(?:accepted|repeat)"/) {
        toldAccepted.insert(String(verdict.output.1))
      }
    }
    #expect(!toldAccepted.isEmpty)
    let resumed = try await desk.json("submit", file)
    #expect(resumed["totals"]["invalid"].int == 0 && resumed["totals"]["conflict"].int == 0)
    let taken = Set(
      resumed["documents"].array.filter { $0["verdict"].string == "repeat" }
        .compactMap { $0["id"].string })
    #expect(toldAccepted.subtracting(taken).isEmpty, "was told accepted, and is lost")

    for _ in 1...5 {
      let engine = try desk.start(["run", "--until", "idle"])
      // The random moment is the point of the test; nothing is waited for.
      try await Task.sleep(for: .milliseconds(Int.random(in: 50...1_200, using: &random)))
      engine.send(SIGKILL)
      _ = await engine.end()
    }
    let again = try await desk.json("submit", file)
    #expect(again["totals"]["repeat"].int == count)
    try await desk.settle()
    try await Self.expectEverythingOnce(desk, erp, documents: count)
  }

  /// What each company's books hold is what the journal holds, each key once.
  static func expectEverythingOnce(_ desk: Desk, _ erp: MockERP, documents: Int) async throws {
    var booked = 0
    for company in Desk.adapterEntities {
      let entries = try await erp.journal(company)
      let keys = entries.compactMap { $0["externalKey"].string }
      #expect(Set(keys).count == keys.count, "\(company) holds an entry twice")
      #expect(Set(keys) == Set(try await desk.keys(entity: company)), "\(company)")
      booked += keys.count
      for key in keys.prefix(20) { #expect(try await erp.count(of: key).booked == 1) }
    }
    #expect(booked == documents)
    let reconciled = try await desk.json("reconcile")["reconciliations"].array
    #expect(reconciled.allSatisfy { $0["tiesOut"] == .bool(true) })
    let connections = try await desk.json("connections", "list")["connections"].array
    #expect(connections.allSatisfy { $0["open"].int == 0 })
    _ = try await desk.json("audit", "verify")
  }
}
