import AdapterKit
import Ledger
import XMLTree

/// Writes journal entries as elements. Nothing is rounded or cut.
enum GenericSOAPMapping {
  /// `JournalEntry`.
  ///
  /// - Throws: ``Problem`` `text_not_writable` when a code holds a character that XML 1.0 cannot
  ///   carry; in descriptions such a character becomes U+FFFD.
  static func element(_ submission: Submission) throws(Problem) -> XMLElement {
    let head = submission.entry.head
    var parts = [
      leaf("ExternalKey", submission.key.text),
      leaf("PostingDate", head.postingDate.text),
      leaf("DocumentDate", head.documentDate.text),
      leaf("Currency", head.currency.code),
      leaf("FunctionalCurrency", head.functionalCurrency.code),
    ]
    if !head.reference.isEmpty {
      parts.append(try code("Reference", head.reference, at: "/reference"))
    }
    if !head.description.isEmpty { parts.append(text("Description", head.description)) }
    parts.reserveCapacity(parts.count + submission.entry.lines.count)
    for (index, line) in submission.entry.lines.enumerated() {
      parts.append(.element(try element(line, at: index)))
    }
    return group("JournalEntry", parts)
  }

  private static func element(
    _ line: JournalLine, at index: Int
  ) throws(Problem) -> XMLElement {
    // Built only where something is wrong.
    var pointer: String { "/lines/\(index)" }
    var parts = [
      try code("Account", line.account.code, at: pointer + "/account"),
      leaf("Side", line.side.rawValue),
      leaf("Amount", line.amount.text),
      leaf("FunctionalAmount", line.functionalAmount.text),
    ]
    if let party = line.party, !party.isEmpty {
      parts.append(try code("Party", party, at: pointer + "/party"))
    }
    if let tax = line.tax {
      var details = [try code("Code", tax.code, at: pointer + "/tax/code")]
      if let rate = tax.rate { details.append(leaf("Rate", rate.text)) }
      if let base = tax.base { details.append(leaf("Base", base.text)) }
      parts.append(.element(group("Tax", details)))
    }
    for pair in line.dimensions.pairs {
      let dimension = group(
        "Dimension",
        [
          try code("Name", pair.name, at: pointer + "/dimensions"),
          try code("Value", pair.value, at: pointer + "/dimensions/\(pair.name)"),
        ])
      parts.append(.element(dimension))
    }
    if !line.description.isEmpty { parts.append(text("Description", line.description)) }
    return group("Line", parts)
  }

  static func part(_ local: String, _ text: String) -> XMLElement {
    XMLElement(WireName.of(local), text: text)
  }

  private static func leaf(_ local: String, _ text: String) -> XMLNode {
    .element(part(local, text))
  }

  private static func group(_ local: String, _ children: [XMLNode]) -> XMLElement {
    XMLElement(WireName.of(local), children: children)
  }

  private static func code(
    _ local: String, _ value: String, at pointer: @autoclosure () -> String
  ) throws(Problem) -> XMLNode {
    guard !isPlain(value),
      let scalar = value.unicodeScalars.first(where: { !isXMLCharacter($0) })
    else { return leaf(local, value) }
    let number = String(scalar.value, radix: 16, uppercase: true)
    throw Problem(
      code: "text_not_writable", pointer: pointer(),
      detail: "\(local) holds the character U+\(number), which XML cannot carry",
      fix: "Remove it from the source document or the configuration")
  }

  private static func text(_ local: String, _ value: String) -> XMLNode {
    guard !isPlain(value), !value.unicodeScalars.allSatisfy(isXMLCharacter) else {
      return leaf(local, value)
    }
    var scalars = String.UnicodeScalarView()
    for scalar in value.unicodeScalars {
      scalars.append(isXMLCharacter(scalar) ? scalar : "\u{FFFD}")
    }
    return leaf(local, String(scalars))
  }

  /// Whether all of it is visible ASCII, as nearly every value is.
  private static func isPlain(_ value: String) -> Bool {
    value.utf8.allSatisfy { 0x20...0x7E ~= $0 }
  }

  /// XML 1.0, production 2.
  private static func isXMLCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
