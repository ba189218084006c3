import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

/// Putting rules in force is an act of the audit trail.
@Suite struct ActivationTests {
  let fixture: EngineFixture

  init() throws { fixture = try EngineFixture() }

  private func activate(
    _ version: String, by actor: String, _ demand: RulesInForce.Demand, reason: String = "why"
  ) throws -> RulesInForce.Result {
    let rules = RulesInForce(demand, version: version, files: ["accounts/tax.yaml": version])
    return try fixture.store.write {
      try rules.activate(by: actor, reason: reason, at: fixture.clock.now, in: $0)
    }
  }

  private var records: [AuditRecord] {
    get throws {
      try fixture.store.read { try $0.auditRecords(after: 0, limit: 100) }.map(\.record)
    }
  }

  @Test func `who proposed and who put in force stand in the chain, with the version`() throws {
    #expect(try activate("sha256:1", by: "anna", .secondPerson) == .proposed)
    #expect(throws: Problem.self) { try activate("sha256:1", by: "anna", .secondPerson) }
    #expect(try activate("sha256:1", by: "ben", .secondPerson) == .activated)
    #expect(try activate("sha256:1", by: "ben", .secondPerson) == .alreadyInForce)
    #expect(try activate("sha256:2", by: "anna", .required) == .activated)
    let acts = try records.map { "\($0.action) \($0.actor) \($0.detail)" }
    #expect(
      acts == [
        "rules.proposed anna sha256:1: why", "rules.activated ben sha256:1: why",
        "rules.activated anna sha256:2: why",
      ])
    #expect(try (fixture.store as? SQLStore)?.verifyAuditChain() == nil)
  }
}
