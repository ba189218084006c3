import Ledger

/// Reads `dimensions.yaml`.
struct DimensionReader {
  let findings: FindingList

  func read(_ document: YAMLValue) -> [KnownDimension] {
    var lines: [String: FilePlace] = [:]
    return ListReader.elements(document, findings).compactMap { element in
      guard var table = TableReader(element, .dimension, findings) else { return nil }
      let code = table.requiredText("code")
      let name = table.text("name")
      let values = table.value("values") == nil ? nil : table.texts("values")
      table.finish()
      guard let code, !ListReader.isRepeat(code, at: element.place, among: &lines, findings)
      else { return nil }
      return KnownDimension(code: code, name: name ?? code, values: values)
    }
  }
}
