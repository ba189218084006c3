import Foundation
import TestSupport
import Testing

/// `postern adapters` and `postern bench adapter`: what they print, and how they end.
@Suite struct AdapterVerbTests {
  @Test(arguments: ["declarative", "process"])
  func `a new adapter is written once`(kind: String) async throws {
    let desk = try await Desk("new")
    let made = try await desk.json("adapters", "new", "acme", "--kind", kind)
    #expect(made["adapter"].string == "acme")
    #expect(made["kind"].string == kind)
    for file in made["files"].array {
      #expect(FileManager.default.fileExists(atPath: file.string ?? ""))
    }
    let again = try await desk.run("adapters", "new", "acme", "--kind", kind)
    #expect(again.status == 2)
    #expect(again.errors.contains("adapters/acme is there already"))
  }

  @Test(arguments: ["Acme", "1st", "generic-rest", "a b", "../acme"])
  func `a name that cannot be is refused`(name: String) async throws {
    let desk = try await Desk("new")
    let run = try await desk.run("adapters", "new", name)
    #expect(run.status == 2)
    #expect(run.errors.contains("A name has lower case letters, digits and hyphens"))
  }

  @Test func `a descriptor is one JSON object of texts`() async throws {
    let desk = try await Desk("describe")
    #expect(try await desk.run("adapters", "new", "acme").status == 0)
    for name in ["acme", "tryton"] {
      let facts = try await desk.json("adapters", "describe", name)
      #expect(facts["idempotency"].string == "lookUpOnly")
      #expect(facts.keys.count > 20)
    }
    let unknown = try await desk.run("adapters", "describe", "nobody")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("There is no adapter 'nobody'"))
  }

  @Test func `what cannot be verified is told, with what to do`() async throws {
    let desk = try await Desk("verify")
    let level = try await desk.run("adapters", "verify", "acme", "--level", "platinum")
    #expect(level.status == 2)
    #expect(level.errors.contains("--level is bronze, silver or gold"))
    let nothing = try await desk.run("adapters", "verify", "netsuite")
    #expect(nothing.status == 2)
    #expect(nothing.errors.contains("has no recorded exchange and no connection"))
    #expect(nothing.errors.contains("--mock"))
    let both = try await desk.run(
      "adapters", "verify", "netsuite", "--mock", "--against", "http://x")
    #expect(both.status == 2)
  }

  @Test func `a level that is missed is exit status 1, with what failed`() async throws {
    let desk = try await Desk("missed")
    #expect(try await desk.run("adapters", "new", "acme").status == 0)
    try desk.write(
      "adapter: acme\nurl: http://127.0.0.1:9\n", to: "connections/acme.yaml")
    let certificate = try await desk.json("adapters", "verify", "acme", status: 1)
    #expect(certificate["level"] == .null)
    #expect(certificate["checks"].array.contains { $0["result"].string == "failed" })
  }

  @Test(arguments: [
    "generic-rest", "generic-soap", "generic-file", "netsuite", "sap-s4hana", "tryton",
  ])
  func `an adapter's own cost is measured on answers that the mock ERP gave`(name: String)
    async throws
  {
    let desk = try await Desk("bench")
    let figures = try await desk.json("bench", "adapter", name, "--entries", "200", "--bulk", "200")
    #expect(figures["adapter"].string == name)
    let costs = figures["costs"].array.compactMap { $0["microsecondsPerEntry"].string }
    #expect(!costs.isEmpty && costs.allSatisfy { Double($0) ?? 0 > 0 })
  }
}
