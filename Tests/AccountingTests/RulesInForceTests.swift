import Foundation
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

/// Rules are used when somebody put them in force.
@Suite struct RulesInForceTests {
  private static let now = Moment(milliseconds: 1_772_524_800_000)
  private let folder: TemporaryFolder
  private let store: SQLStore

  init() throws {
    folder = try TemporaryFolder("activation")
    store = try SQLStore(file: folder.url.appendingPathComponent("postern.sqlite"))
  }

  private func rules(_ demand: RulesInForce.Demand, _ version: String) -> RulesInForce {
    RulesInForce(demand, version: version, files: ["accounts/revenue.yaml": version])
  }

  private func activate(
    _ rules: RulesInForce, by actor: String, reason: String = "new product"
  ) throws -> RulesInForce.Result {
    try store.write { try rules.activate(by: actor, reason: reason, at: Self.now, in: $0) }
  }

  private func problem(_ rules: RulesInForce) -> Problem? {
    do {
      try store.read { try rules.check(in: $0) }
      return nil
    } catch {
      return error as? Problem
    }
  }

  @Test func `where nothing is demanded the folder counts as it is`() {
    #expect(problem(rules(.none, "v1")) == nil)
  }

  @Test func `a version that nobody put in force is refused, with the files that changed`() throws {
    #expect(problem(rules(.required, "v1"))?.code == "rules_not_activated")
    #expect(try activate(rules(.required, "v1"), by: "anna") == .activated)
    #expect(problem(rules(.required, "v1")) == nil)
    #expect(try activate(rules(.required, "v1"), by: "anna") == .alreadyInForce)
    let changed = try #require(problem(rules(.required, "v2")))
    #expect(changed.code == "rules_not_activated")
    #expect(changed.detail.contains("accounts/revenue.yaml"))
    #expect(changed.fix.contains("rules activate"))
  }

  @Test func `an activation has a reason`() {
    #expect(throws: Problem.self) {
      try activate(rules(.required, "v1"), by: "anna", reason: "")
    }
  }

  @Test func `one person proposes, another one puts in force`() throws {
    let rules = rules(.secondPerson, "v1")
    #expect(try activate(rules, by: "anna") == .proposed)
    #expect(problem(rules)?.code == "rules_not_activated")
    let refused = #expect(throws: Problem.self) { try activate(rules, by: "anna") }
    #expect(refused?.code == "second_person_needed")
    #expect(try activate(rules, by: "ben", reason: "") == .activated)
    #expect(problem(rules) == nil)
    // A later proposal does not take away what is in force.
    #expect(try activate(self.rules(.secondPerson, "v2"), by: "ben") == .proposed)
    #expect(problem(rules) == nil)
  }
}
