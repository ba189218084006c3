import Ledger

/// An entry against what a worked table shows.
struct EntryComparison {
  /// In words; empty when the entry is as expected.
  private(set) var differences: [String] = []

  init(_ expected: ExpectedEntry, _ entry: JournalEntry) {
    let head = entry.head
    check("entity", expected.entity, head.legalEntity)
    check("ledger", expected.ledger, head.ledger)
    check("kind", expected.kind, head.kind)
    check("date", expected.date, head.postingDate)
    check("currency", expected.currency, head.currency)
    check("functional currency", expected.functional ?? head.currency, head.functionalCurrency)
    check("reverses", expected.reverses, head.reverses != nil)
    var rest = entry.lines
    // Those that say most choose first.
    for line in expected.lines.sorted(by: { $0.detail > $1.detail }) {
      if let position = rest.firstIndex(where: { line.fits($0) }) {
        rest.remove(at: position)
      } else {
        differences.append("missing: \(line.text)")
      }
    }
    differences += rest.map { "not expected: \(Self.text($0))" }
  }

  private mutating func check<Value: Equatable>(
    _ name: String, _ expected: Value?, _ value: Value
  ) {
    guard let expected, expected != value else { return }
    differences.append("\(name) is \(value), expected \(expected)")
  }

  /// An entry for people.
  static func text(_ entry: JournalEntry) -> String {
    let head = entry.head
    let first =
      "  \(head.legalEntity) \(head.kind) \(head.postingDate) "
      + "\(head.currency)/\(head.functionalCurrency) \(head.source.document)"
    return ([first] + entry.lines.map { "    " + text($0) }).joined(separator: "\n")
  }

  private static func text(_ line: JournalLine) -> String {
    var text = "\(line.side.rawValue) \(line.amount.text) \(line.role.rawValue)"
    if line.functionalAmount.text != line.amount.text {
      text += " functional \(line.functionalAmount.text)"
    }
    text += " account \(line.account)"
    if let tax = line.tax { text += " tax \(tax.code) base \(tax.base?.text ?? "-")" }
    if let party = line.party { text += " party \(party)" }
    return text
  }
}

extension ExpectedEntry.Line {
  /// How much it says besides role, side and amount.
  fileprivate var detail: Int {
    [functional, account, tax, base, party].count { $0 != nil }
  }

  fileprivate var text: String {
    var text = "\(side.rawValue) \(amount) \(role.rawValue)"
    if let functional { text += " functional \(functional)" }
    if let account { text += " account \(account)" }
    if let tax { text += " tax \(tax)" }
    if let base { text += " base \(base)" }
    if let party { text += " party \(party)" }
    return text
  }

  fileprivate func fits(_ line: JournalLine) -> Bool {
    func equals(_ text: String, _ money: Money?) -> Bool {
      guard let money else { return false }
      return (try? Money(text, money.currency)) == money
    }
    return line.role == role && line.side == side && equals(amount, line.amount)
      && equals(functional ?? amount, line.functionalAmount)
      && (account == nil || account == line.account.code)
      && (tax == nil || tax == line.tax?.code)
      && (base.map { equals($0, line.tax?.base) } ?? true)
      && (party == nil || party == line.party)
  }
}
