import Foundation
import TestSupport
import Testing

/// The service and the ERP are killed again and again, on a real disk. The ERP books whatever it is
/// sent, as often as it is sent, and keeps its books over a kill: what was sent twice shows.
@Suite(.serialized) struct CrashTests {
  /// Kills; `CRASH_ROUNDS=1000` for more.
  static let rounds =
    ProcessInfo.processInfo.environment["CRASH_ROUNDS"].flatMap { Int($0) } ?? 20
  static let seed =
    ProcessInfo.processInfo.environment["PROPERTY_SEED"].flatMap { UInt64($0) } ?? 1

  static let companies = ["REST", "SOAP"]
  private static let batch = 8

  /// What runs, and what is kept while nothing does.
  private struct Site {
    let desk: Desk
    let books: String
    let seeds: String
    /// The ERP's, at which it comes back.
    let port: Int
    var erp: MockERP
    var service: RunningProgram
    var http: HTTP

    init() async throws {
      desk = try await Desk("crash")
      books = desk.folder.path(of: "books.ndjson")
      seeds = try desk.folder.write(
        #"{"companies":[{"code":"REST","duplicateCheck":false},"#
          + #"{"code":"SOAP","duplicateCheck":false}]}"#, to: "seeds.json")
      port = try ScriptedServer.unusedPort()
      erp = try await MockERP(
        exchange: desk.folder.path(of: "exchange"), port: port,
        arguments: ["--state", books, "--seed-books", seeds])
      try desk.connectAll(to: erp)
      for code in CrashTests.companies.map({ $0.lowercased() }) {
        let name = "connections/\(code).yaml"
        try desk.replace("quietSeconds: 0", with: "quietSeconds: 1", in: name)
        try desk.write(desk.read(name) + "idempotency: lookUpOnly\n", to: name)
      }
      (service, http) = try await desk.serve()
    }

    mutating func killService() async throws {
      service.send(SIGKILL)
      _ = await service.end()
      (service, http) = try await desk.serve()
    }

    mutating func killERP() async throws {
      await erp.kill()
      erp = try await MockERP(
        exchange: erp.exchange, port: port, arguments: ["--state", books, "--seed-books", seeds])
    }
  }

  @Test func `whoever is killed whenever, what was accepted is booked once`() async throws {
    var random = SeededGenerator(Seed(Self.seed))
    var site = try await Site()
    var accepted: Set<String> = []
    var unanswered: [String] = []
    var handedOver = 0
    for _ in 1...Self.rounds {
      var bodies = unanswered
      unanswered = []
      for _ in 0..<Self.batch {
        handedOver += 1
        bodies.append(
          Sample.invoice(
            "INV-\(handedOver)", entity: Self.companies[handedOver % 2], net: handedOver))
      }
      // The random moment is the point of the test; nothing is waited for.
      let pause = Duration.milliseconds(Int.random(in: 0...400, using: &random))
      let http = site.http
      async let answer = Self.handOver(bodies, to: http)
      try await Task.sleep(for: pause)
      let victim = Int.random(in: 0..<3, using: &random)
      if victim != 0 { try await site.killERP() }
      if victim != 1 { try await site.killService() }
      if let ids = await answer {
        accepted.formUnion(ids)
      } else {
        unanswered = bodies
      }
    }
    if !unanswered.isEmpty {
      accepted.formUnion(try #require(await Self.handOver(unanswered, to: site.http)))
    }
    #expect(accepted.count == handedOver)
    site.service.send(SIGTERM)
    _ = await site.service.end()
    try await site.desk.settle()
    var booked = 0
    for company in Self.companies {
      let keys = try await site.erp.journal(company).compactMap { $0["externalKey"].string }
      #expect(Set(keys).count == keys.count, "\(company) holds an entry twice")
      #expect(Set(keys) == Set(try await site.desk.keys(entity: company)), "\(company)")
      booked += keys.count
    }
    #expect(booked == handedOver, "something is lost")
    _ = try await site.desk.json("audit", "verify")
    print("crash test: \(Self.rounds) kills, \(booked) entries booked, each once")
  }

  /// - Returns: the ids that were taken; nil without an answer.
  private static func handOver(_ documents: [String], to http: HTTP) async -> [String]? {
    let body = "[" + documents.joined(separator: ",") + "]"
    guard let answer = try? await http.post("/v1/documents", body), answer.status == 202,
      let json = try? answer.json
    else { return nil }
    let taken = json["documents"].array.filter {
      ["accepted", "repeat"].contains($0["verdict"].string)
    }
    return taken.count == documents.count ? taken.compactMap { $0["id"].string } : nil
  }
}
