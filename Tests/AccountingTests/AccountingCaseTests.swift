import Testing

@Suite struct AccountingCaseTests {
  @Test(arguments: CaseReader.names)
  func `every step gives the entries of its worked table, and no others`(name: String) throws {
    let accountingCase = try CaseReader.read(name)
    let runner = try CaseRunner(accountingCase)
    for (index, step) in accountingCase.steps.enumerated() {
      let differences = try runner.differences(of: step)
      #expect(
        differences.isEmpty,
        "step \(index + 1) of \(name):\n\(differences.joined(separator: "\n"))")
    }
    let untied = try runner.untied()
    #expect(untied.isEmpty, "\(name): \(untied.joined(separator: "\n"))")
    let left = try runner.takeEverythingBack()
    #expect(left.isEmpty, "\(name) leaves: \(left.joined(separator: "\n"))")
    let untiedThen = try runner.untied()
    #expect(untiedThen.isEmpty, "\(name), taken back: \(untiedThen.joined(separator: "\n"))")
  }
}
