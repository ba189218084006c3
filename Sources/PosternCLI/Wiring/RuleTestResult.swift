internal import Intake
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine

/// What one rule test's document gives, against what it must give.
struct RuleTestResult {
  let name: String
  let place: String
  /// What is missing, and what is too much; empty when the test passes.
  let differences: [String]

  var passes: Bool { differences.isEmpty }

  init(_ test: RuleTest, _ explainer: Explainer) {
    name = test.name
    place = test.place
    let piece = DocumentPiece(index: 0, line: 1, content: .success(Array(test.document.utf8)))
    let explanation = explainer.explain([piece], format: .json, from: test.source)[0]
    switch test.expectation {
    case .stops(let cause):
      let causes = explanation.verdict.exceptions.map(\.exceptionClass)
      differences =
        causes.contains(cause)
        ? [] : ["expected to stop for \(cause): " + RuleTestResult.summary(explanation)]
    case .lines(let expected):
      differences =
        explanation.verdict.kind == .accepted
        ? RuleTestResult.compare(expected, explanation.entries.map(\.entry))
        : ["expected lines: " + RuleTestResult.summary(explanation)]
    }
  }

  /// Every expected line takes one of the lines there are; what is left over is a difference too.
  private static func compare(
    _ expected: [RuleTest.ExpectedLine], _ entries: [JournalEntry]
  ) -> [String] {
    var rest = entries.flatMap { entry in entry.lines.map { (entry.head, $0) } }
    var differences: [String] = []
    // Those that say most choose first.
    for line in expected.sorted(by: { $0.detail > $1.detail }) {
      if let position = rest.firstIndex(where: { line.fits($0.1, of: $0.0) }) {
        rest.remove(at: position)
      } else {
        differences.append("missing: \(line.side.rawValue) \(line.amount) on \(line.account)")
      }
    }
    return differences
      + rest.map { "not expected: \($1.side.rawValue) \($1.amount.text) on \($1.account)" }
  }

  private static func summary(_ explanation: DocumentExplanation) -> String {
    let verdict = explanation.verdict
    let causes = verdict.errors.map(\.detail) + verdict.exceptions.map(\.cause)
    return causes.isEmpty ? verdict.kind.rawValue : causes.joined(separator: "; ")
  }
}

extension RuleTest.ExpectedLine {
  /// How much it says besides account, side and amount.
  fileprivate var detail: Int {
    (entity == nil ? 0 : 1) + (role == nil ? 0 : 1) + (functionalAmount == nil ? 0 : 1)
      + dimensions.pairs.count
  }

  fileprivate func fits(_ line: JournalLine, of head: EntryHead) -> Bool {
    func equals(_ text: String, _ amount: Money) -> Bool {
      (try? ExactDecimal(text)) == (try? ExactDecimal(amount.text))
    }
    return line.account == account && line.side == side && equals(amount, line.amount)
      && (entity == nil || entity == head.legalEntity) && (role == nil || role == line.role)
      && functionalAmount.map { equals($0, line.functionalAmount) } ?? true
      && dimensions.pairs.allSatisfy { line.dimensions[$0.name] == $0.value }
  }
}
