import Ledger
import LedgerJSON
import XMLTree

/// Turns the text of elements into values and notes every fault with its place.
struct TermReader {
  /// BT-5; nil while it is unknown, and then no amount is read.
  var currency: Currency?
  private(set) var problems: [Problem] = []
  private let maximumLines: Int
  /// Problems that are listed of one document.
  private static let maximumProblems = 1_000

  init(maximumLines: Int) {
    self.maximumLines = maximumLines
  }

  mutating func note(
    _ code: String, at path: ElementPath, _ detail: String, fix: String
  ) {
    guard problems.count < Self.maximumProblems else { return }
    problems.append(Problem(code: code, pointer: path.xpath, detail: detail, fix: fix))
    guard problems.count == Self.maximumProblems - 1 else { return }
    problems.append(
      Problem(
        code: "more_problems",
        detail: "the document has more problems than the \(Self.maximumProblems - 1) listed here",
        fix: "Correct these and send the document again"))
  }

  /// - Parameter term: How a fault calls it: `BT-1, the invoice number,`.
  mutating func required(_ located: LocatedElement, _ term: String) -> Term<String>? {
    guard let text = located.text else {
      note(
        "missing_field", at: located.path, "\(term) is missing or empty",
        fix: "Give the element its value in the billing system and send the document again")
      return nil
    }
    return Term(value: text, path: located.path)
  }

  /// The trimmed text of an optional id or code; nil also when it cannot be one, which is noted.
  mutating func identifier(_ located: LocatedElement) -> String? {
    guard let text = located.label else { return nil }
    guard let fault = Identifier.fault(of: text) else { return text }
    note("invalid_id", at: located.path, fault.detail, fix: fault.fix)
    return nil
  }

  mutating func requiredIdentifier(_ located: LocatedElement, _ term: String) -> String? {
    required(located, term) == nil ? nil : identifier(located)
  }

  /// The lines of the document, at least one; none when there are more than the limit.
  mutating func lines(of parent: LocatedElement, _ step: Step) -> [LocatedElement] {
    let lines = parent.all(step)
    if lines.isEmpty {
      note(
        "missing_field", at: parent[step].path, "BG-25: the document has no line",
        fix: "Send a profile of the invoice that has lines")
    }
    guard lines.count <= maximumLines else {
      note(
        "too_large", at: parent[step].path,
        "the document has \(lines.count) lines, and \(maximumLines) is the limit",
        fix: "Split the document, or raise the limit in the configuration")
      return []
    }
    return lines
  }

  // MARK: Dates

  /// `YYYY-MM-DD`; a zone after it is legal in XML and means nothing here.
  mutating func date(_ located: LocatedElement, _ term: String) -> Term<CalendarDate>? {
    guard let text = located.text else { return nil }
    let rest = text.dropFirst(10)
    let hasZone =
      rest == "Z"
      || (rest.utf8.count == 6 && (rest.first == "+" || rest.first == "-")
        && rest.dropFirst(3).first == ":")
    guard rest.isEmpty || hasZone, let date = CalendarDate(String(text.prefix(10))) else {
      return wrongDate(text, located.path, term, form: "YYYY-MM-DD")
    }
    return Term(value: date, path: located.path)
  }

  /// `YYYYMMDD`, format 102 of UNTDID 2379, in a `DateTimeString` below the element.
  mutating func compactDate(_ located: LocatedElement, _ term: String) -> Term<CalendarDate>? {
    let inner = located[.udt("DateTimeString")]
    guard let text = inner.text else { return nil }
    let format = inner.element?.attribute("format") ?? "102"
    guard format == "102", text.utf8.count == 8, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      return wrongDate("\(text) (format \(format))", inner.path, term, form: "YYYYMMDD, format 102")
    }
    let dashed = "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    guard let date = CalendarDate(dashed) else {
      return wrongDate(text, inner.path, term, form: "YYYYMMDD, format 102")
    }
    return Term(value: date, path: inner.path)
  }

  private mutating func wrongDate(
    _ text: String, _ path: ElementPath, _ term: String, form: String
  ) -> Term<CalendarDate>? {
    note(
      "invalid_date", at: path, "\(term) is “\(text.excerpt)”, which is no date",
      fix: "Write a day that exists as \(form)")
    return nil
  }

  /// The days of a period, of which one may be missing.
  mutating func period(
    _ start: Term<CalendarDate>?, _ end: Term<CalendarDate>?, _ term: String
  ) -> EN16931Period {
    if let start, let end, end.value < start.value {
      note(
        "invalid_period", at: end.path,
        "\(term) ends on \(end.value), before it starts on \(start.value)",
        fix: "Correct the days of the period")
    }
    return EN16931Period(start: start?.value, end: end?.value)
  }

  // MARK: Numbers

  mutating func requiredAmount(_ located: LocatedElement, _ term: String) -> Term<Money>? {
    guard required(located, term) != nil else { return nil }
    return amount(located, term)
  }

  /// nil when the element is missing or wrong.
  mutating func amount(_ located: LocatedElement, _ term: String) -> Term<Money>? {
    guard let currency, located.text != nil else { return nil }
    if let stated = located.element?.attribute("currencyID")?.trimmedBlanks, stated != currency.code
    {
      note(
        "currency_mismatch", at: .attribute(located.path, "currencyID"),
        "\(term) is in \(stated.excerpt), but the document is in \(currency)",
        fix: "Give every amount but BT-111 in the currency of the document (BT-5)")
      return nil
    }
    return amount(located, in: currency, term)
  }

  /// An absent amount that counts as zero; nil only when it is there and wrong.
  mutating func amountOrZero(_ located: LocatedElement, _ term: String) -> Term<Money>? {
    guard let currency else { return nil }
    guard located.text != nil else { return Term(value: .zero(currency), path: located.path) }
    return amount(located, term)
  }

  /// Zeros beyond the currency's decimals are dropped; other digits there are refused.
  mutating func amount(
    _ located: LocatedElement, in currency: Currency, _ term: String
  ) -> Term<Money>? {
    guard let text = located.text else { return nil }
    do throws(AmountFault) {
      let money = try Money(plain(text, decimals: currency.decimals), currency)
      return Term(value: money, path: located.path)
    } catch {
      switch error {
      case .notDecimal:
        note(
          "invalid_amount", at: located.path, "\(term) is “\(text.excerpt)”, which is no amount",
          fix: "Write digits with an optional minus sign and decimal point")
      case .tooManyDecimals(let allowed):
        note(
          "too_many_decimals", at: located.path,
          "\(term) is \(text.excerpt), but \(currency) has \(allowed) decimals",
          fix: "Round the amount to \(allowed) decimals in the billing system")
      case .tooLarge:
        note(
          "amount_too_large", at: located.path, "\(term) is \(text.excerpt), which is too large",
          fix: "Split the document, or correct the amount")
      }
      return nil
    }
  }

  /// A quantity, price or rate; nil when it is missing, or beyond what can be held exactly.
  ///
  /// - Parameter isExact: Refuses what cannot be held, instead of leaving it out.
  mutating func number(
    _ located: LocatedElement, _ term: String, isExact: Bool = false
  ) -> ExactDecimal? {
    guard let text = located.text else { return nil }
    do throws(AmountFault) {
      return try ExactDecimal(plain(text, decimals: 0))
    } catch {
      guard isExact || error == .notDecimal else { return nil }
      note(
        "invalid_amount", at: located.path,
        "\(term) is “\(text.excerpt)”, which is no number of up to "
          + "\(ExactDecimal.maximumDecimals) decimals",
        fix: "Write digits with an optional minus sign and decimal point")
      return nil
    }
  }

  /// The text as XML Schema's decimal allows it: without a plus sign, a point at either end, or
  /// zeros after the point beyond `decimals`.
  private func plain(_ text: String, decimals: Int) -> String {
    var text = text[...]
    if text.hasPrefix("+") { text = text.dropFirst() }
    if let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) {
      var excess = text.utf8.distance(from: point, to: text.endIndex) - 1 - decimals
      while excess > 0, text.last == "0" {
        text = text.dropLast()
        excess -= 1
      }
      if text.last == "." { text = text.dropLast() }
    }
    if text.hasPrefix(".") { return "0" + text }
    if text.hasPrefix("-.") { return "-0" + text.dropFirst() }
    return String(text)
  }

  // MARK: Taxes

  /// - Parameter isRequired: Notes a missing category too.
  mutating func taxCode(
    category: LocatedElement, rate: LocatedElement, _ term: String, isRequired: Bool = false
  ) -> EN16931TaxCode? {
    guard let text = category.text else {
      if isRequired { _ = required(category, "\(term), the VAT category,") }
      return nil
    }
    let percent = number(rate, "\(term), the VAT rate,", isExact: true)
    if let percent, percent.isNegative {
      note(
        "out_of_range", at: rate.path, "\(term), the VAT rate, is \(percent), below zero",
        fix: "Give the rate as 0 or more; the amounts carry the sign")
    }
    guard let known = TaxCategory(rawValue: text) else {
      note(
        "unknown_value", at: category.path,
        "\(term) has the VAT category “\(text.excerpt)”, which EN 16931 does not know",
        fix: "Use one of \(TaxCategory.allCases.map(\.rawValue).joined(separator: ", "))")
      return nil
    }
    return EN16931TaxCode(category: known, rate: percent)
  }
}

extension String {
  private static let excerptLength = 60

  /// The beginning of a text that came from outside, for a message; without control characters.
  var excerpt: String {
    let start = unicodeScalars.prefix(Self.excerptLength).map { scalar in
      scalar.isControl ? "\u{FFFD}" : Character(scalar)
    }
    return String(start) + (unicodeScalars.count > Self.excerptLength ? "…" : "")
  }

  /// Without blanks around it.
  var trimmedBlanks: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return String(text)
  }
}
