import Foundation
import Ledger
import PostingRules

/// Reads `tests/*.yaml`.
struct RuleTestReader {
  let findings: FindingList

  /// The keys of a document whose values are no texts in JSON.
  private static let numbers: Set<String> = ["revision", "count"]
  private static let switches: Set<String> = ["prepayment", "recovery"]

  func read(_ document: YAMLValue) -> [RuleTest] {
    var lines: [String: FilePlace] = [:]
    return ListReader.elements(document, findings).compactMap { element in
      guard var table = TableReader(element, .ruleTest, findings) else { return nil }
      let name = table.requiredText("name")
      let source = table.text("source")
      let value = table.value("document")
      if value == nil { table.missing("document") }
      if let value, value.fields == nil {
        table.wrongType("document", value, expected: "a document")
      }
      let expected = expectation(&table)
      table.finish()
      guard let name, let value, value.fields != nil, let expected,
        !ListReader.isRepeat(name, at: element.place, among: &lines, findings)
      else { return nil }
      return RuleTest(
        name: name, source: source, document: Self.json(value), expectation: expected,
        place: element.place.description)
    }
  }

  private func expectation(_ table: inout TableReader) -> RuleTest.Expectation? {
    let lines = table.value("lines")
    let stops = table.text("stops")
    switch (lines, stops) {
    case (let lines?, nil):
      guard let elements = lines.list else {
        table.wrongType("lines", lines, expected: "a list of lines")
        return nil
      }
      let read = elements.compactMap { line($0) }
      return read.count == elements.count ? .lines(read) : nil
    case (nil, let cause?):
      let known = Stop.ExceptionClass.allCases.map(\.rawValue)
      guard known.contains(cause) else {
        findings.error(
          "unknown_value", table.place(of: "stops"), "'\(cause)' is no cause of an exception",
          fix: Suggestion.fix(for: cause, known: known))
        return nil
      }
      return .stops(cause)
    default:
      findings.error(
        "missing_key", table.place, "A rule test has either 'lines' or 'stops'",
        fix: "Write the lines the document must give, or why it must stop")
      return nil
    }
  }

  private func line(_ value: YAMLValue) -> RuleTest.ExpectedLine? {
    guard var table = TableReader(value, .expectedLine, findings) else { return nil }
    let entity = table.text("entity").map { LegalEntityID($0) }
    let role: AccountRole? = table.choice("role")
    let account = table.requiredText("account")
    if table.value("side") == nil { table.missing("side") }
    let side: Side? = table.choice("side")
    let amount = amount("amount", in: &table)
    if amount == nil, table.value("amount") == nil { table.missing("amount") }
    let functionalAmount = self.amount("functionalAmount", in: &table)
    var dimensions = Dimensions()
    for field in table.value("dimensions")?.fields ?? [] {
      if let text = field.value.text { dimensions[field.key] = text }
    }
    table.finish()
    guard let account, let side, let amount else { return nil }
    return RuleTest.ExpectedLine(
      entity: entity, role: role, account: AccountCode(account), side: side, amount: amount,
      functionalAmount: functionalAmount, dimensions: dimensions)
  }

  private func amount(_ key: String, in table: inout TableReader) -> String? {
    guard table.decimal(key) != nil else { return nil }
    return table.text(key)
  }

  /// The document as the API takes it: every scalar a text but the few that are not.
  static func json(_ value: YAMLValue, below key: String = "") -> String {
    switch value.content {
    case .empty: return "null"
    case .text(let text, _):
      if numbers.contains(key), let number = value.integer { return String(number) }
      if switches.contains(key), let flag = value.boolean { return String(flag) }
      return quoted(text)
    case .list(let values): return "[" + values.map { json($0) }.joined(separator: ",") + "]"
    case .table(let fields):
      let members = fields.filter { !$0.value.isEmpty }.map {
        quoted($0.key) + ":" + json($0.value, below: $0.key)
      }
      return "{" + members.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
