import XMLTree

extension SAPSchema {
  /// Holds an element to its type: order, counts, lengths and the spelling of values.
  ///
  /// - Throws: a ``Trouble`` for the first thing that a schema would not let pass.
  static func check(_ element: XMLElement, _ type: Shape) throws(Trouble) {
    var position = 0
    var counts = [Int](repeating: 0, count: type.fields.count)
    for child in element.elements {
      guard child.name.namespace.isEmpty,
        let found = type.fields[position...].firstIndex(where: { $0.name == child.name.local })
      else {
        throw malformed("\(child.name) is not expected here in \(element.name.local)", child)
      }
      position = found
      counts[found] += 1
      switch type.fields[found].content {
      case .complex(let inner): try check(child, inner)
      case .simple(let simple):
        guard child.elements.isEmpty, simple.fits(child) else {
          throw malformed("\(child.name.local) cannot be \(child.text.prefix(40))", child)
        }
      }
    }
    for (field, count) in zip(type.fields, counts)
    where (field.isRequired && count == 0) || (!field.repeats && count > 1) {
      throw malformed("\(element.name.local) has \(count) \(field.name)", element)
    }
  }

  private static func malformed(_ message: String, _ element: XMLElement) -> Trouble {
    Trouble(status: 400, code: "malformed", message: "Line \(element.line): \(message)")
  }
}

extension SAPSchema.Simple {
  private static let wholeDigits = 22
  private static let fractionDigits = 14

  func fits(_ element: XMLElement) -> Bool {
    let text = element.trimmedText
    switch self {
    case .text(let length): return (1...length).contains(element.text.unicodeScalars.count)
    case .digits(let length):
      return (1...length).contains(text.utf8.count) && text.utf8.allSatisfy(\.isDigit)
    case .date: return CalendarDay(text) != nil
    case .moment:
      return text.wholeMatch(
        of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?Z/) != nil
    case .boolean: return ["true", "false", "1", "0"].contains(text)
    case .decimal: return Self.isDecimal(text)
    case .amount:
      guard let currency = element.attribute("currencyCode") else { return false }
      return currency.utf8.count == 3 && Self.isDecimal(text)
    case .days: return text.wholeMatch(of: /P[0-9]{1,3}D/) != nil
    case .integer: return text.utf8.count <= 9 && text.utf8.allSatisfy(\.isDigit)
    case .sign: return text == "S" || text == "H"
    }
  }

  private static func isDecimal(_ text: String) -> Bool {
    var digits = text[...]
    if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2 && !parts[0].isEmpty && parts[0].utf8.count <= wholeDigits
      && (parts.count == 1 || (1...fractionDigits).contains(parts[1].utf8.count))
      && parts.allSatisfy { $0.utf8.allSatisfy(\.isDigit) }
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
