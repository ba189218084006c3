import PostingEngine
import Testing

/// Awkward stories. Their entries are not told one by one: whatever they are, the books tie out.
@Suite struct AuditScenarioTests {
  @Test(arguments: CaseReader.scenarios)
  func `the books tie out after every step, and nothing is left when all is taken back`(
    name: String
  ) async throws {
    let scenario = try CaseReader.readScenario(name)
    let runner = try CaseRunner(scenario)
    for (index, step) in scenario.steps.enumerated() {
      let differences =
        try runner.differences(of: step, entriesMatter: false) + runner.untied()
      #expect(
        differences.isEmpty,
        "step \(index + 1) of \(name):\n\(differences.joined(separator: "\n"))")
    }
    var options = RulesTrial.Options()
    options.documentLimit = 5
    let trial = try await RulesTrial(runner.acceptance, store: runner.store).run(options)
    #expect(
      trial.changed == 0, "\(name): \(trial.stopped) \(trial.documents.map(\.document))")
    let left = try runner.takeEverythingBack()
    #expect(left.isEmpty, "\(name) leaves: \(left.joined(separator: "\n"))")
    let untied = try runner.untied()
    #expect(untied.isEmpty, "\(name), taken back: \(untied.joined(separator: "\n"))")
  }
}
