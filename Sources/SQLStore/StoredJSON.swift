import Ledger

/// The small JSON texts inside columns: texts, lists and tables of texts.
///
/// Written without blanks, members in the order given, so that equal values are equal texts.
indirect enum StoredJSON: Hashable {
  case text(String)
  case list([StoredJSON])
  case table([Member])

  struct Member: Hashable {
    let name: String
    let value: StoredJSON
  }

  /// A table of the members that are not nil.
  static func table(_ members: KeyValuePairs<String, String?>) -> StoredJSON {
    .table(
      members.compactMap { name, value in
        value.map { Member(name: name, value: .text($0)) }
      })
  }

  static func texts(_ texts: some Sequence<String>) -> StoredJSON { .list(texts.map { .text($0) }) }

  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  var list: [StoredJSON] {
    guard case .list(let list) = self else { return [] }
    return list
  }

  var members: [Member] {
    guard case .table(let members) = self else { return [] }
    return members
  }

  /// The text of a member; nil when it is absent.
  subscript(name: String) -> String? {
    members.first { $0.name == name }?.value.text
  }

  var json: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(StoredJSON.usualLength)
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .text(let text): StoredJSON.write(text, to: &bytes)
    case .list(let list):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in list.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .table(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        StoredJSON.write(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(hexadecimal[Int(byte >> 4)])
        bytes.append(hexadecimal[Int(byte & 0xF)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Spares a small text from growing step by step.
  private static let usualLength = 120

  private static let hexadecimal = Array("0123456789abcdef".utf8)

  /// Reads what ``json`` writes; nil for anything else.
  init?(_ json: String) {
    var reader = StoredJSONReader(bytes: Array(json.utf8))
    guard let value = reader.value(), reader.isAtEnd else { return nil }
    self = value
  }
}

/// Reads exactly the notation that ``StoredJSON`` writes.
private struct StoredJSONReader {
  let bytes: [UInt8]
  var index = 0
  var depth = 0

  /// Deeper than anything the store writes.
  static let maximumDepth = 8

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  mutating func value() -> StoredJSON? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= StoredJSONReader.maximumDepth, index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "["):
      return sequence(closing: UInt8(ascii: "]")) { $0.value() }.map { .list($0) }
    case UInt8(ascii: "{"):
      return sequence(closing: UInt8(ascii: "}")) { reader in
        guard let name = reader.text(), reader.take(UInt8(ascii: ":")), let value = reader.value()
        else { return nil }
        return StoredJSON.Member(name: name, value: value)
      }.map { .table($0) }
    default: return nil
    }
  }

  private mutating func sequence<Element>(
    closing: UInt8, element: (inout StoredJSONReader) -> Element?
  ) -> [Element]? {
    index += 1
    var elements: [Element] = []
    if take(closing) { return elements }
    repeat {
      guard let next = element(&self) else { return nil }
      elements.append(next)
    } while take(UInt8(ascii: ","))
    return take(closing) ? elements : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func text() -> String? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "u") {
          guard index + 5 <= bytes.count,
            let code = UInt8(
              String(decoding: bytes[index + 1..<index + 5], as: UTF8.self), radix: 16)
          else { return nil }
          text.append(code)
          index += 5
        } else {
          text.append(bytes[index])
          index += 1
        }
      default: text.append(byte)
      }
    }
    return nil
  }
}

// MARK: - Values of the ledger

extension StoredJSON {
  init(_ dimensions: Dimensions) {
    self = .table(dimensions.pairs.map { Member(name: $0.name, value: .text($0.value)) })
  }

  var dimensions: Dimensions {
    Dimensions(members.compactMap { member in member.value.text.map { (member.name, $0) } })
  }

  init(_ rate: ExchangeRate) {
    self = .table([
      "from": rate.from.code, "to": rate.to.code, "rate": rate.rate.text, "date": rate.date.text,
      "source": rate.source,
    ])
  }

  /// nil when this is no rate.
  var exchangeRate: ExchangeRate? {
    guard let from = self["from"].flatMap({ Currency($0) }),
      let to = self["to"].flatMap({ Currency($0) }),
      let rate = self["rate"].flatMap({ try? ExactDecimal($0) }),
      let date = self["date"].flatMap({ CalendarDate($0) }), let source = self["source"]
    else { return nil }
    return ExchangeRate(from: from, to: to, rate: rate, date: date, source: source)
  }

  init(_ tax: JournalLine.Tax) {
    self = .table([
      "code": tax.code, "category": tax.category?.rawValue, "rate": tax.rate?.text,
      "base": tax.base.map(StoredJSON.amount), "jurisdiction": tax.jurisdiction,
      "accountingAmount": tax.accountingAmount.map(StoredJSON.amount),
    ])
  }

  /// nil when this is no tax.
  var tax: JournalLine.Tax? {
    guard let code = self["code"] else { return nil }
    return JournalLine.Tax(
      code: code, category: self["category"].flatMap { TaxCategory(rawValue: $0) },
      rate: self["rate"].flatMap { try? ExactDecimal($0) },
      base: self["base"].flatMap(StoredJSON.money), jurisdiction: self["jurisdiction"],
      accountingAmount: self["accountingAmount"].flatMap(StoredJSON.money))
  }

  init(_ problem: Problem) {
    self = .table([
      "code": problem.code, "pointer": problem.pointer, "detail": problem.detail,
      "fix": problem.fix,
    ])
  }

  /// nil when this is no problem.
  var problem: Problem? {
    guard let code = self["code"], let detail = self["detail"], let fix = self["fix"] else {
      return nil
    }
    return Problem(code: code, pointer: self["pointer"] ?? "", detail: detail, fix: fix)
  }

  /// Whole minor units and the currency: `126000 EUR`. Not decimal notation, because a sum may be
  /// larger than ``Money`` reads from outside.
  private static func amount(_ money: Money) -> String {
    "\(money.minorUnits) \(money.currency.code)"
  }

  private static func money(_ text: String) -> Money? {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let units = Int64(parts[0]), let currency = Currency(parts[1]) else {
      return nil
    }
    return Money(minorUnits: units, currency)
  }
}
