import Ledger
import StrictJSON

extension DocumentReading {
  // MARK: Texts

  /// Free text.
  mutating func text(_ node: Int?) -> String? {
    guard let node else { return nil }
    guard json.kind(node) == .string else {
      noteWrongType(at: node, expected: "a string")
      return nil
    }
    let text = json.text(node)
    if json.nodes[node].hasEscapes, text.utf8.contains(0) {
      note(
        "invalid_text", at: node, "The text holds the character U+0000", fix: "Take it out")
      return nil
    }
    return text
  }

  /// A name of something: 1 to 256 characters, none of them a control character.
  mutating func identifier(_ node: Int?) -> String? {
    guard let node else { return nil }
    guard json.kind(node) == .string else {
      noteWrongType(at: node, expected: "a string")
      return nil
    }
    if !json.nodes[node].hasEscapes, Identifier.isPlain(json.written(node)) {
      return json.text(node)
    }
    let text = json.text(node)
    if let fault = Identifier.fault(of: text) {
      note("invalid_id", at: node, fault.detail, fix: fault.fix)
      return nil
    }
    return text
  }

  mutating func entity(_ node: Int?) -> LegalEntityID? {
    identifier(node).map { LegalEntityID($0) }
  }

  /// One of the values of a closed list.
  mutating func value<Value: RawRepresentable & CaseIterable>(
    _ node: Int?, _ values: Value.Type
  ) -> Value? where Value.RawValue == String {
    guard let text = text(node), let node else { return nil }
    if let value = Value(rawValue: text) { return value }
    let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
    note(
      "unknown_value", at: node, "\"\(text)\" is not one of \(known)",
      fix: "Use one of these values")
    return nil
  }

  mutating func bool(_ node: Int?) -> Bool? {
    guard let node else { return nil }
    switch json.kind(node) {
    case .true: return true
    case .false: return false
    default:
      noteWrongType(at: node, expected: "true or false")
      return nil
    }
  }

  /// A whole number within `range`, written as a JSON number.
  mutating func integer(_ node: Int?, in range: ClosedRange<Int>) -> Int? {
    guard let node else { return nil }
    guard json.kind(node) == .number else {
      noteWrongType(at: node, expected: "a whole number")
      return nil
    }
    let text = String(decoding: json.written(node), as: UTF8.self)
    guard let number = Int(text), range.contains(number) else {
      note(
        "out_of_range", at: node,
        "\(text) is no whole number from \(range.lowerBound) to \(range.upperBound)",
        fix: "Send a whole number in this range, without a point and exponent")
      return nil
    }
    return number
  }

  // MARK: Numbers

  enum Sign { case any, notNegative }

  /// An amount in the document's currency.
  @inline(__always)
  mutating func amount(_ node: Int?, _ sign: Sign = .notNegative) -> Money? {
    amount(node, in: currency, sign)
  }

  /// An amount in `currency`; nil for a currency that is unknown, then only its form is checked.
  mutating func amount(_ node: Int?, in currency: Currency?, _ sign: Sign) -> Money? {
    guard let node, isDecimalString(node) else { return nil }
    guard let currency else {
      _ = decimal(node)
      return nil
    }
    do throws(AmountFault) {
      let amount = try parse(node) { (bytes) throws(AmountFault) in
        try Money(utf8: bytes, currency)
      }
      if sign == .notNegative, amount.isNegative {
        noteNegative("\(amount)", at: node)
        return nil
      }
      return amount
    } catch {
      note(error, at: node, kind: currency.code)
      return nil
    }
  }

  /// An amount, not below zero, in a currency that only another document names.
  mutating func amountInUnknownCurrency(_ node: Int?) -> ExactDecimal? {
    guard let node, let amount = decimal(node) else { return nil }
    if amount.isNegative { noteNegative("\(amount)", at: node) }
    return amount
  }

  private mutating func noteNegative(_ amount: String, at node: Int) {
    note(
      "negative_amount", at: node, "The amount \(amount) is below zero",
      fix: "Send a positive amount; the document's type gives the direction")
  }

  /// A quantity, unit price or rate.
  mutating func decimal(_ node: Int?) -> ExactDecimal? {
    guard let node, isDecimalString(node) else { return nil }
    do throws(AmountFault) {
      return try parse(node) { (bytes) throws(AmountFault) in try ExactDecimal(utf8: bytes) }
    } catch {
      note(error, at: node, kind: "The number")
      return nil
    }
  }

  /// A rate or percentage that is not below zero.
  mutating func rate(_ node: Int?, through maximum: ExactDecimal? = nil) -> ExactDecimal? {
    guard let node, let rate = decimal(node) else { return nil }
    if rate.isNegative || maximum.map({ rate > $0 }) == true {
      let range = maximum.map { "between 0 and \($0)" } ?? "0 or more"
      note("out_of_range", at: node, "\(rate) is not \(range)", fix: "Send a number \(range)")
      return nil
    }
    return rate
  }

  private mutating func isDecimalString(_ node: Int) -> Bool {
    switch json.kind(node) {
    case .string: return true
    case .number:
      note(
        "amount_not_string", at: node,
        "The number \(String(decoding: json.written(node), as: UTF8.self)) is not in quotes: a "
          + "parser on its way may have rounded it",
        fix: "Send it as a string")
      return false
    default:
      noteWrongType(at: node, expected: "a string with a decimal number")
      return false
    }
  }

  @inline(__always)
  private func parse<Value>(
    _ node: Int, _ parse: (UnsafeBufferPointer<UInt8>) throws(AmountFault) -> Value
  ) throws(AmountFault) -> Value {
    // Digits need no escapes; a text that has some is no plain number.
    guard !json.nodes[node].hasEscapes else { throw .notDecimal }
    return try parse(json.written(node))
  }

  private mutating func note(_ fault: AmountFault, at node: Int, kind: String) {
    let text = json.text(node)
    switch fault {
    case .notDecimal:
      note(
        "invalid_amount", at: node, "\"\(text.prefix(40))\" is not in plain decimal notation",
        fix: "Send digits with an optional minus sign and decimal point, such as \"1234.50\"")
    case .tooManyDecimals(let allowed):
      note(
        "too_many_decimals", at: node,
        "\"\(text.prefix(40))\" has too many decimals: \(kind) has \(allowed)",
        fix: "Round it in the billing system and send \(allowed) decimals or fewer")
    case .tooLarge:
      note(
        "amount_too_large", at: node,
        "\"\(text.prefix(40))\" has more digits than can be kept exactly",
        fix: "Correct the number, or split the document")
    }
  }

  // MARK: Dates

  mutating func date(_ node: Int?) -> CalendarDate? {
    guard let node else { return nil }
    guard json.kind(node) == .string else {
      noteWrongType(at: node, expected: "a date as a string")
      return nil
    }
    if let date = CalendarDate(utf8: json.written(node)) { return date }
    note(
      "invalid_date", at: node, "\"\(json.text(node).prefix(40))\" is no day of the calendar",
      fix: "Send it as YYYY-MM-DD")
    return nil
  }

  mutating func moment(_ node: Int?) -> String? {
    guard let node, let text = text(node) else { return nil }
    if isStored || Moment(text) != nil { return text }
    note(
      "invalid_moment", at: node, "\"\(text.prefix(40))\" is no moment with an offset",
      fix: "Send it as RFC 3339, such as 2026-10-31T18:00:00Z")
    return nil
  }

  mutating func period(_ node: Int?) -> DateRange? {
    guard let node, let slots = fields(of: node, PeriodField.self) else { return nil }
    let from = date(required(.from, slots, in: node))
    let through = date(required(.through, slots, in: node))
    guard let from, let through else { return nil }
    if let range = DateRange(from: from, through: through) { return range }
    note(
      "invalid_period", at: node, "The period ends on \(through), before it begins on \(from)",
      fix: "Send the first day as from and the last day as through")
    return nil
  }

  // MARK: Small objects

  mutating func currency(_ node: Int?) -> Currency? {
    guard let node, let code = text(node) else { return nil }
    if let currency = Currency(code) { return currency }
    note(
      "unknown_currency", at: node, "\"\(code.prefix(40))\" is no currency of ISO 4217",
      fix: "Send the three capital letters of its code")
    return nil
  }

  mutating func country(_ node: Int?) -> String? {
    guard let node, let code = text(node) else { return nil }
    if isStored
      || (code.utf8.count == 2 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) })
    {
      return code
    }
    note(
      "unknown_value", at: node, "\"\(code.prefix(40))\" is no country code",
      fix: "Send the two capital letters of ISO 3166")
    return nil
  }

  /// Names with texts: `dimensions` and `custom`.
  mutating func pairs(_ node: Int?) -> Dimensions {
    guard let node else { return [:] }
    guard json.kind(node) == .object else {
      noteWrongType(at: node, expected: "an object of strings")
      return [:]
    }
    guard json.count(node) <= DocumentReading.maximumPairs else {
      note(
        "too_large", at: node,
        "The map has more than \(DocumentReading.maximumPairs) entries",
        fix: "Carry less with the document")
      return [:]
    }
    var result: Dimensions = [:]
    let end = json.next(node)
    var key = json.first(node)
    while key < end {
      let name = json.text(key)
      if let fault = Identifier.fault(of: name) {
        note("invalid_id", at: key + 1, fault.detail, fix: fault.fix)
      } else if result[name] != nil {
        note(
          "duplicate_key", at: key + 1,
          "The name \"\(name)\" is there twice, in two ways of writing the same characters",
          fix: "Name it once")
      } else if let value = text(key + 1) {
        result[name] = value
      }
      key = json.next(key + 1)
    }
    return result
  }

  /// Entries of one map of dimensions or custom fields.
  static let maximumPairs = 1_000
}
