import AdapterKit
import Ledger
import XMLTree

/// Lines: those of customers, those of taxes, and the rest.
extension SAPS4HANAMapping {
  /// Which of SAP's lines an entry's line becomes.
  private enum Shape { case item, debtor, tax }

  private func shape(of line: JournalLine) -> Shape {
    if line.party != nil { return .debtor }
    return line.tax != nil && settings.taxLines == .items ? .tax : .item
  }

  func lines(of submission: Submission) throws(Problem) -> [XMLElement] {
    let entry = submission.entry
    let hasFunctional = hasFunctionalAmounts(entry)
    let groups = taxGroups(of: entry)
    let base = try taxedItems(of: entry, groups)
    var items: [XMLElement] = []
    var debtors: [XMLElement] = []
    var taxes: [XMLElement] = []
    for (index, line) in entry.lines.enumerated() {
      let place = Place(
        number: String(index + 1), pointer: "/lines/\(index)",
        amounts: amounts(of: line, hasFunctional))
      switch shape(of: line) {
      case .item: items.append(try item(line, place, tax: base[index]))
      case .debtor: debtors.append(try debtor(line, place, submission))
      case .tax: taxes.append(try tax(line, place, groups))
      }
    }
    return items + debtors + taxes
  }

  /// Company code amounts go out on every line or on none: both columns have to balance.
  func hasFunctionalAmounts(_ entry: JournalEntry) -> Bool {
    entry.head.currency != entry.head.functionalCurrency
      || entry.lines.contains { $0.amount != $0.functionalAmount }
  }

  struct Place {
    let number: String
    let pointer: String
    /// Both amounts and the side.
    let amounts: (values: [XMLElement], side: XMLElement?)
  }

  /// Debits are positive with `S`, credits negative with `H`: SAP has both, and they must agree.
  func amounts(
    of line: JournalLine, _ hasFunctional: Bool
  ) -> (values: [XMLElement], side: XMLElement?) {
    func signed(_ amount: Money) -> String {
      (line.side == .credit ? -amount : amount).text
    }
    var values = [
      SAPWire.amount(
        "AmountInTransactionCurrency", signed(line.amount), line.amount.currency.code)
    ]
    if hasFunctional {
      values.append(
        SAPWire.amount(
          "AmountInCompanyCodeCurrency", signed(line.functionalAmount),
          line.functionalAmount.currency.code))
    }
    return (values, SAPWire.part("DebitCreditCode", line.side == .debit ? "S" : "H"))
  }

  // MARK: The three shapes

  private func item(
    _ line: JournalLine, _ place: Place, tax: TaxOfItem?
  ) throws(Problem) -> XMLElement {
    let account = try SAPText.code(
      "GLAccount", line.account.code, longest: 10, at: place.pointer + "/account")
    let assignment = try assignment(line, place)
    let partner = try tradingPartner(of: line, place)
    return SAPWire.group(
      "Item",
      [SAPWire.part("ReferenceDocumentItem", place.number), SAPWire.part("GLAccount", account)]
        + place.amounts.values + [
          place.amounts.side,
          SAPWire.part("DocumentItemText", SAPText.text(line.description, longest: 50)),
          tax.map {
            SAPWire.group(
              "Tax",
              [SAPWire.part("TaxCode", $0.code), SAPWire.part("TaxItemGroup", $0.group)])
          },
          SAPWire.part("TradingPartner", partner),
          assignment,
        ])
  }

  private func debtor(
    _ line: JournalLine, _ place: Place, _ submission: Submission
  ) throws(Problem) -> XMLElement {
    let head = submission.entry.head
    let account =
      settings.reconciliationAccount == .sent
      ? try SAPText.code(
        "AltvRecnclnAccts", line.account.code, longest: 10, at: place.pointer + "/account") : nil
    let party = try SAPText.code(
      "Debtor", line.party ?? "", longest: 10, at: place.pointer + "/party")
    return SAPWire.group(
      "DebtorItem",
      [SAPWire.part("ReferenceDocumentItem", place.number), SAPWire.part("Debtor", party)]
        + place.amounts.values + [
          place.amounts.side, SAPWire.part("AltvRecnclnAccts", account),
          SAPWire.part("DocumentItemText", SAPText.text(line.description, longest: 50)),
          SAPWire.part("AssignmentReference", SAPText.text(head.reference, longest: 18)),
          terms(of: submission),
        ])
  }

  /// When an invoice is due: days after its date.
  private func terms(of submission: Submission) -> XMLElement? {
    guard let document = submission.document?.document, case .invoice(let invoice) = document.body,
      let due = invoice.dueDate
    else { return nil }
    let base = submission.entry.head.documentDate
    let days = due.days(since: base)
    guard days >= 0 else { return nil }
    return SAPWire.group(
      "CashDiscountTerms",
      [
        SAPWire.part("DueCalculationBaseDate", base.text),
        SAPWire.part("NetPaymentDays", "P\(days)D"),
      ])
  }

  private func tax(
    _ line: JournalLine, _ place: Place, _ groups: [String: String]
  ) throws(Problem) -> XMLElement {
    let code = try taxCode(line.tax?.code ?? "", at: place.pointer)
    let base = (line.tax?.base ?? Money.zero(line.amount.currency)).magnitude
    return SAPWire.group(
      "ProductTaxItem",
      [
        SAPWire.part("ReferenceDocumentItem", place.number), SAPWire.part("TaxCode", code),
        SAPWire.part("TaxItemGroup", groups[line.tax?.code ?? ""]),
      ] + place.amounts.values + [
        place.amounts.side,
        SAPWire.amount(
          "TaxBaseAmountInTransCrcy", (line.side == .credit ? -base : base).text,
          line.amount.currency.code),
      ])
  }

  // MARK: Parts

  func tradingPartner(of line: JournalLine, _ place: Place) throws(Problem) -> String? {
    guard let code = line.partner.flatMap({ settings.tradingPartners[$0.code] }) else { return nil }
    return try SAPText.code("TradingPartner", code, longest: 6, at: place.pointer + "/partner")
  }

  func assignment(_ line: JournalLine, _ place: Place) throws(Problem) -> XMLElement? {
    var values: [SAPAssignmentField: String] = [:]
    for pair in line.dimensions.pairs {
      guard let field = settings.dimensions[pair.name] else { continue }
      values[field] = try SAPText.code(
        field.rawValue, pair.value, longest: field.length,
        at: "\(place.pointer)/dimensions/\(pair.name)")
    }
    guard !values.isEmpty else { return nil }
    return SAPWire.group(
      "AccountAssignment",
      SAPAssignmentField.allCases.map { SAPWire.part($0.rawValue, values[$0]) })
  }

  private func taxCode(_ code: String, at pointer: String) throws(Problem) -> String {
    try SAPText.code(
      "TaxCode", settings.taxCodes[code] ?? code, longest: 2, at: pointer + "/tax/code")
  }

  /// A number for each tax code of the entry, by which SAP joins tax and base.
  private func taxGroups(of entry: JournalEntry) -> [String: String] {
    var groups: [String: String] = [:]
    for line in entry.lines {
      guard let code = line.tax?.code, groups[code] == nil else { continue }
      let digits = String(groups.count + 1)
      groups[code] = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
    return groups
  }

  private struct TaxOfItem {
    let code: String
    let group: String?
  }

  /// The tax code of items, by their index: on tax lines that are items; and on all other items where
  /// the entry has one tax and they come to its base. Otherwise nothing tells which line bears which.
  private func taxedItems(
    of entry: JournalEntry, _ groups: [String: String]
  ) throws(Problem) -> [Int: TaxOfItem] {
    var taxes: [Int: TaxOfItem] = [:]
    var base = Int128(0)
    var items: [Int] = []
    var taxBases = Int128(0)
    for (index, line) in entry.lines.enumerated() {
      let sign: Int128 = line.side == .debit ? 1 : -1
      if let tax = line.tax {
        taxBases += sign * Int128(tax.base?.magnitude.minorUnits ?? 0)
        guard shape(of: line) == .item else { continue }
        taxes[index] = TaxOfItem(
          code: try taxCode(tax.code, at: "/lines/\(index)"), group: groups[tax.code])
      } else if line.party == nil {
        items.append(index)
        base += sign * Int128(line.amount.minorUnits)
      }
    }
    guard groups.count == 1, let tax = groups.first, base == taxBases else { return taxes }
    let code = try taxCode(tax.key, at: "/lines")
    for index in items { taxes[index] = TaxOfItem(code: code, group: tax.value) }
    return taxes
  }
}
