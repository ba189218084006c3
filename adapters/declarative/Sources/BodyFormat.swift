import AdapterKit
import Mustache

/// How a body is written, and so how a value must be written in it.
enum BodyFormat: String, CaseIterable, Sendable {
  case json, xml, csv, fixedWidth, form

  var contentType: String {
    switch self {
    case .json: "application/json"
    case .xml: "application/xml"
    case .csv: "text/csv; charset=utf-8"
    case .fixedWidth: "text/plain; charset=utf-8"
    case .form: "application/x-www-form-urlencoded"
    }
  }
}

/// Writes values so that they stay values.
enum Escaping: String, CaseIterable, MustacheContentType {
  case json, xml, csv, fixedWidth, percent

  init(_ format: BodyFormat) {
    self =
      switch format {
      case .json: .json
      case .xml: .xml
      case .csv: .csv
      case .fixedWidth: .fixedWidth
      case .form: .percent
      }
  }

  /// The library looks content types up by name, in one list for all.
  var name: String { "POSTERN_\(rawValue.uppercased())" }

  func escapeText(_ text: String) -> String {
    switch self {
    case .json: Escaping.json(text)
    case .xml: Escaping.xml(text)
    case .csv: Escaping.csv(text)
    case .fixedWidth: String(text.map { Escaping.isControl($0) ? " " : $0 })
    case .percent: text.percentEncoded
    }
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x85 }
  }

  /// What stands between the quotes of a string (RFC 8259, 7).
  private static func json(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Character data or an attribute's value; what XML 1.0 cannot say becomes U+FFFD.
  private static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\r", "\t": result += "&#\(scalar.value);"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A field, in quotes where it needs them (RFC 4180); the template writes none.
  private static func csv(_ text: String) -> String {
    let needsQuotes =
      text.contains { "\",;|\t".contains($0) || isControl($0) } || text.hasPrefix(" ")
      || text.hasSuffix(" ")
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
