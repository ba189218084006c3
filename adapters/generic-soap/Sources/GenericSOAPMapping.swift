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
    var parts: [XMLElement] = [
      part("ExternalKey", submission.key.text),
      part("PostingDate", head.postingDate.text),
      part("DocumentDate", head.documentDate.text),
      part("Currency", head.currency.code),
      part("FunctionalCurrency", head.functionalCurrency.code),
    ]
    if !head.reference.isEmpty {
      parts.append(try code("Reference", head.reference, at: "/reference"))
    }
    if !head.description.isEmpty { parts.append(text("Description", head.description)) }
    parts.reserveCapacity(parts.count + submission.entry.lines.count)
    for (index, line) in submission.entry.lines.enumerated() {
      parts.append(try element(line, at: "/lines/\(index)"))
    }
    return group("JournalEntry", parts)
  }

  private static func element(
    _ line: JournalLine, at pointer: String
  ) throws(Problem) -> XMLElement {
    var parts = [
      try code("Account", line.account.code, at: pointer + "/account"),
      part("Side", line.side.rawValue),
      part("Amount", line.amount.text),
      part("FunctionalAmount", line.functionalAmount.text),
    ]
    if let party = line.party, !party.isEmpty {
      parts.append(try code("Party", party, at: pointer + "/party"))
    }
    if let tax = line.tax {
      var details = [try code("Code", tax.code, at: pointer + "/tax/code")]
      if let rate = tax.rate { details.append(part("Rate", rate.text)) }
      if let base = tax.base { details.append(part("Base", base.text)) }
      parts.append(group("Tax", details))
    }
    for pair in line.dimensions.pairs {
      parts.append(
        group(
          "Dimension",
          [
            try code("Name", pair.name, at: pointer + "/dimensions"),
            try code("Value", pair.value, at: pointer + "/dimensions/\(pair.name)"),
          ]))
    }
    if !line.description.isEmpty { parts.append(text("Description", line.description)) }
    return group("Line", parts)
  }

  static func part(_ local: String, _ text: String) -> XMLElement {
    XMLElement(WireName.of(local), text: text)
  }

  private static func group(_ local: String, _ children: [XMLElement]) -> XMLElement {
    XMLElement(WireName.of(local), children: children.map { .element($0) })
  }

  private static func code(
    _ local: String, _ value: String, at pointer: String
  ) throws(Problem) -> XMLElement {
    guard let scalar = value.unicodeScalars.first(where: { !isXMLCharacter($0) }) else {
      return part(local, value)
    }
    let number = String(scalar.value, radix: 16, uppercase: true)
    throw Problem(
      code: "text_not_writable", pointer: pointer,
      detail: "\(local) holds the character U+\(number), which XML cannot carry",
      fix: "Remove it from the source document or the configuration")
  }

  private static func text(_ local: String, _ value: String) -> XMLElement {
    guard !value.unicodeScalars.allSatisfy(isXMLCharacter) else { return part(local, value) }
    var scalars = String.UnicodeScalarView()
    for scalar in value.unicodeScalars {
      scalars.append(isXMLCharacter(scalar) ? scalar : "\u{FFFD}")
    }
    return part(local, String(scalars))
  }

  /// XML 1.0, production 2.
  private static func isXMLCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
