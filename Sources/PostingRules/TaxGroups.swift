import Ledger

/// What makes taxes of a document one group.
struct TaxKey: Hashable, Sendable {
  let code: String
  let category: TaxCategory?
  let rate: ExactDecimal?
  let jurisdiction: String?

  /// What the document leaves out comes from the configuration.
  init(_ tax: TaxDetail, known: [String: TaxCode]) {
    code = tax.code
    jurisdiction = tax.jurisdiction
    if tax.category != nil, tax.rate != nil || known.isEmpty {
      category = tax.category
      rate = tax.rate
    } else {
      let known = known[tax.code]
      category = tax.category ?? known?.category
      rate = tax.rate ?? known?.rate
    }
  }
}

extension TaxKey {
  /// Whether a tax that leaves nothing to the configuration has this key.
  func isKey(of tax: TaxDetail) -> Bool {
    category == tax.category && rate == tax.rate && code == tax.code
      && jurisdiction == tax.jurisdiction
  }
}

/// The taxes of one code, category, rate and jurisdiction, in minor units.
struct TaxGroup: Sendable {
  let key: TaxKey
  var base: Int128 = 0
  var amount: Int128 = 0
  /// In the accounting currency; nil where the document states none, or only for a part.
  var accounting: (amount: Int128, currency: Currency)?
  /// Whether the document's tax is zero, so that its lines carry the detail.
  fileprivate(set) var isOnLines = false
  /// Whether every tax so far stated it.
  fileprivate var isAccountingComplete = true

  init(key: TaxKey) { self.key = key }
}

extension TaxGroup {
  /// - Parameter stated: nil where the tax states none, or none that can be kept.
  fileprivate mutating func addAccounting(_ stated: Money?) {
    guard isAccountingComplete else { return }
    guard let stated, accounting?.currency ?? stated.currency == stated.currency else {
      accounting = nil
      isAccountingComplete = false
      return
    }
    accounting = ((accounting?.amount ?? 0) + Int128(stated.minorUnits), stated.currency)
  }
}

/// The taxes of a document, grouped.
struct TaxGroups: Sendable {
  private(set) var groups: [TaxGroup] = []
  /// Whether the document carries its taxes as a whole, so that lines name only the code.
  let isByDocument: Bool
  /// Where a group stands, once there are too many to look through.
  private var positions: [TaxKey: Int] = [:]
  private var positionsByCode: [String: Int] = [:]
  private let known: [String: TaxCode]
  /// The currency of accounting amounts that name none.
  private let functionalCurrency: Currency

  private static let manyGroups = 8

  /// The group of each line's first tax; nil where it has none.
  private var firstGroups: [Int?] = []
  /// Whether the detail of any group is carried by the lines.
  private(set) var hasGroupsOnLines = false
  /// Taxes too far from base times rate, where that was checked.
  private(set) var faults: [Fault] = []
  /// Accounting amounts that are no amounts of their currency.
  private(set) var accountingFaults: [AccountingFault] = []

  struct Fault {
    /// The place of the line; nil for a tax of the document as a whole.
    let line: Int?
    /// The tax's place on its line, or among the document's taxes.
    let place: Int
    let difference: Money
  }

  struct AccountingFault {
    let tax: String
    let stated: StatedAmount
    let reason: AmountFault
  }

  init(
    _ content: BilledContent, known: [String: TaxCode], functionalCurrency: Currency,
    check: TaxCheck? = nil
  ) {
    self.known = known
    self.functionalCurrency = functionalCurrency
    isByDocument = !content.documentTaxes.isEmpty
    for place in content.documentTaxes.indices {
      let tax = content.documentTaxes[place]
      add(tax)
      if let difference = check?.difference(of: tax, in: known) {
        faults.append(Fault(line: nil, place: place, difference: difference))
      }
    }
    firstGroups.reserveCapacity(content.lines.count)
    for line in content.lines.indices {
      var first: Int?
      for place in content.lines[line].taxes.indices {
        let tax = content.lines[line].taxes[place]
        let group = isByDocument ? position(of: tax) : add(tax)
        if place == 0 { first = group }
        if isByDocument { break }
        if let difference = check?.difference(of: tax, in: known) {
          faults.append(Fault(line: line, place: place, difference: difference))
        }
      }
      firstGroups.append(first)
    }
    for position in groups.indices where groups[position].amount == 0 {
      groups[position].isOnLines = true
      hasGroupsOnLines = true
    }
  }

  /// Where the group of a line's first tax stands; nil when it has none.
  func firstGroup(ofLine index: Int) -> Int? { firstGroups[index] }

  @discardableResult
  private mutating func add(_ tax: TaxDetail) -> Int {
    let position: Int
    if let there = exactPosition(of: tax) {
      position = there
    } else {
      let key = TaxKey(tax, known: known)
      position = groups.count
      groups.append(TaxGroup(key: key))
      remember(key, at: position)
    }
    groups[position].base += Int128(tax.base?.minorUnits ?? 0)
    groups[position].amount += Int128(tax.amount?.minorUnits ?? 0)
    if let stated = tax.accountingAmount {
      groups[position].addAccounting(money(stated, of: tax.code))
    } else {
      groups[position].addAccounting(nil)
    }
    return position
  }

  private mutating func money(_ stated: StatedAmount, of tax: String) -> Money? {
    do throws(AmountFault) {
      return try stated.money(in: functionalCurrency)
    } catch {
      accountingFaults.append(AccountingFault(tax: tax, stated: stated, reason: error))
      return nil
    }
  }

  private mutating func remember(_ key: TaxKey, at position: Int) {
    guard groups.count > TaxGroups.manyGroups else { return }
    if positions.isEmpty {
      for (index, group) in groups.enumerated() {
        positions[group.key] = index
        if positionsByCode[group.key.code] == nil { positionsByCode[group.key.code] = index }
      }
    } else {
      positions[key] = position
      if positionsByCode[key.code] == nil { positionsByCode[key.code] = position }
    }
  }

  private func position(of key: TaxKey) -> Int? {
    if !positions.isEmpty { return positions[key] }
    return groups.firstIndex { $0.key == key }
  }

  private func exactPosition(of tax: TaxDetail) -> Int? {
    guard positions.isEmpty, known.isEmpty || (tax.category != nil && tax.rate != nil) else {
      return position(of: TaxKey(tax, known: known))
    }
    // The common case makes no key: most documents have one or two groups.
    for position in groups.indices where groups[position].key.isKey(of: tax) { return position }
    return nil
  }

  /// Where the group of a line's tax stands; nil only where a line names a code that the document's
  /// taxes do not have.
  func position(of tax: TaxDetail) -> Int? {
    if let position = exactPosition(of: tax) { return position }
    guard isByDocument else { return nil }
    if !positionsByCode.isEmpty { return positionsByCode[tax.code] }
    return groups.firstIndex { $0.key.code == tax.code }
  }

  /// Takes tax that was billed in advance off its group; false when there is no such group.
  mutating func takeBack(_ part: TaxGroup) -> Bool {
    guard let position = position(of: part.key) else { return false }
    groups[position].base -= part.base
    groups[position].amount -= part.amount
    if let own = groups[position].accounting {
      groups[position].accounting =
        part.accounting.flatMap {
          $0.currency == own.currency ? (own.amount - $0.amount, own.currency) : nil
        }
    }
    return true
  }
}
