/// Sums of a file per currency, to be compared with its `C` records.
struct ControlTotals {
  private struct Key: Hashable {
    /// `T` for transaction, `F` for functional amounts.
    let kind: String
    let currency: String
  }

  private struct Sums: Hashable {
    var debit: Int128 = 0
    var credit: Int128 = 0
  }

  /// More decimals than any currency has, so that every amount can be summed.
  private static let decimals = 6

  private var sums: [Key: Sums] = [:]

  init(_ drafts: [EntryDraft]) throws(FileFault) {
    for draft in drafts {
      for line in draft.lines {
        try add(line.amount, line.side, to: Key(kind: "T", currency: draft.currency))
        try add(
          line.functionalAmount, line.side,
          to: Key(kind: "F", currency: draft.functionalCurrency))
      }
    }
  }

  /// - Throws: `wrong_total` unless there is exactly one right record per kind and currency.
  func check(_ controls: [FileRecord]) throws(FileFault) {
    var open = sums
    for control in controls {
      let key = Key(kind: control[0], currency: control[1])
      guard let expected = open.removeValue(forKey: key) else {
        throw FileFault(
          code: "wrong_total",
          text: "The control total \(control[0]) \(control[1]) is not expected")
      }
      let given = Sums(debit: try units(control[2]), credit: try units(control[3]))
      guard given == expected else {
        throw FileFault(
          code: "wrong_total",
          text: "The control total \(control[0]) \(control[1]) says \(control[2]) debit and"
            + " \(control[3]) credit; the lines have \(text(expected.debit)) and"
            + " \(text(expected.credit))")
      }
    }
    if let missing = open.keys.min(by: { ($0.kind, $0.currency) < ($1.kind, $1.currency) }) {
      throw FileFault(
        code: "wrong_total",
        text: "The control total \(missing.kind) \(missing.currency) is missing")
    }
  }

  private mutating func add(
    _ amount: String, _ side: String, to key: Key
  ) throws(FileFault) {
    let units = try units(amount)
    if side == "debit" {
      sums[key, default: Sums()].debit += units
    } else {
      sums[key, default: Sums()].credit += units
    }
  }

  /// Whole and fraction apart, as a sum may have more digits than an amount.
  private func units(_ text: String) throws(FileFault) -> Int128 {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? parts[1] : "0"
    let digits = parts[0] + fraction
    guard !parts[0].isEmpty, !fraction.isEmpty, fraction.count <= Self.decimals,
      digits.count <= Self.longest,
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let units = Int128(digits + String(repeating: "0", count: Self.decimals - fraction.count))
    else { throw .malformed("\(text.prefix(40)) is not an amount") }
    return units
  }

  private static let longest = 30

  private func text(_ units: Int128) -> String {
    ExactAmount.text(units, decimals: Self.decimals)
  }
}
