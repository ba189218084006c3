import Yams

/// Turns the parser's nodes into values, and refuses what the configuration does not use.
struct YAMLConverter {
  private let file: String
  private let findings: FindingList
  private static let stringTag = "tag:yaml.org,2002:str"

  init(file: String, findings: FindingList) {
    self.file = file
    self.findings = findings
  }

  mutating func value(_ node: Node) -> YAMLValue {
    let place = FilePlace(file: file, line: node.mark?.line)
    if node.anchor != nil {
      findings.error(
        "yaml_anchor", place, "Anchors (&) and aliases (*) are not supported",
        fix: "Write the value out, or put it in quotes where & begins a text")
      return YAMLValue(.empty, at: place)
    }
    switch node {
    case .scalar(let scalar):
      return YAMLValue(content(scalar, at: place), at: place)
    case .sequence(let sequence):
      refuseTag(sequence.tag, at: place)
      return YAMLValue(.list(sequence.map { value($0) }), at: place)
    case .mapping(let mapping):
      refuseTag(mapping.tag, at: place)
      return YAMLValue(.table(fields(mapping)), at: place)
    case .alias:
      return YAMLValue(.empty, at: place)
    }
  }

  private func content(_ scalar: Node.Scalar, at place: FilePlace) -> YAMLValue.Content {
    switch scalar.style {
    case .plain, .any:
      refuseTag(scalar.tag, at: place)
      return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        ? .empty : .text(scalar.string, isQuoted: false)
    default:
      refuseTag(scalar.tag, at: place)
      return .text(scalar.string, isQuoted: true)
    }
  }

  private func refuseTag(_ tag: Tag, at place: FilePlace) {
    let known = ["", "!", Self.stringTag, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
    guard !known.contains(tag.rawValue) else { return }
    findings.error(
      "yaml_tag", place, "Tags (!) are not supported",
      fix: "Remove the tag, or put the text in quotes where ! begins it")
  }

  private mutating func fields(_ mapping: Node.Mapping) -> [YAMLValue.Field] {
    var fields: [YAMLValue.Field] = []
    var firstLines: [String: Int] = [:]
    for (keyNode, valueNode) in mapping {
      let place = FilePlace(file: file, line: keyNode.mark?.line)
      guard case .scalar(let scalar) = keyNode, keyNode.anchor == nil else {
        findings.error(
          "yaml_key", place, "A key is not a plain text", fix: "Write one word before the colon")
        continue
      }
      let key = DuplicateMark.unmarked(scalar.string).key
      if let first = firstLines[key] {
        findings.error(
          "duplicate_key", place, "'\(key)' stands here and in line \(first)",
          fix: "Keep one of them")
        continue
      }
      firstLines[key] = place.line ?? 0
      fields.append(YAMLValue.Field(key: key, place: place, value: value(valueNode)))
    }
    return fields
  }
}
