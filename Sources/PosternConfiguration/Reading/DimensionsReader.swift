import Ledger

/// Reads a table of names and values.
struct DimensionsReader {
  let findings: FindingList

  func read(_ value: YAMLValue?, named key: String) -> Dimensions {
    guard let value else { return [:] }
    guard let fields = value.fields else {
      findings.error(
        "wrong_type", value.place, "'\(key)' is not a table of names and values",
        fix: "Write \(key): { department: CS }")
      return [:]
    }
    var dimensions = Dimensions()
    for field in fields {
      guard let text = field.value.text else {
        findings.error(
          "wrong_type", field.place, "Dimension '\(field.key)' has no value",
          fix: "Write a text behind it")
        continue
      }
      dimensions[field.key] = text
    }
    return dimensions
  }
}
