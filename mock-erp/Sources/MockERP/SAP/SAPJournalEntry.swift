import Foundation
import XMLTree

/// One `JournalEntryCreateRequest`, which has passed the schema.
struct SAPJournalEntry: Sendable {
  /// A line: G/L account, customer, vendor or tax.
  private struct Line {
    let element: XMLElement
    var account: String
    /// `S`, `D` or `K`.
    let type: String
    var party: String?
    var tax: TaxDraft?
    /// Rounded, debit positive.
    let amount: Decimal
    /// As sent; nil lets the books derive it.
    var companyAmount: Decimal?
  }

  /// `MessageHeader/ID` of this entry.
  let messageID: String
  let isTest: Bool
  private let entry: XMLElement

  init(_ request: XMLElement) {
    let header = request.first(XMLName("MessageHeader"))
    messageID = header?.value("ID") ?? ""
    isTest = header?.flag("TestDataIndicator") ?? false
    entry = request.first(XMLName("JournalEntry")) ?? request
  }

  var company: String { entry.value("CompanyCode") ?? "" }
  var fiscalYear: String { String(postingDate.prefix(4)) }

  /// What the entry goes by in the mock's books: the first reference it has.
  var key: String {
    entry.value("Reference1InDocumentHeader") ?? entry.value("DocumentReferenceID")
      ?? entry.value("SourceSystemAccountingDocument") ?? messageID
  }

  /// Empty in entries for all ledgers.
  var ledgerGroup: String { entry.value("LedgerGroup") ?? "" }

  /// The document that this entry reverses; nil when it is no reversal, or names none.
  var reversed: SAPDocument? {
    entry.value("ReversalReferenceDocument").flatMap(SAPDocument.init(key:))
  }

  private var isReversal: Bool { entry.value("ReversalReferenceDocument") != nil }

  private var postingDate: String {
    (isReversal ? entry.value("ReversalDate") : nil) ?? entry.value("PostingDate") ?? ""
  }

  /// The entry in the words of the books.
  ///
  /// - Parameter original: the entry that a reversal names; nil when there is none.
  /// - Throws: what SAP has against it before it looks into its books.
  func draft(
    for card: MockBooks.CompanyCard?, reversing original: BookedEntry?
  ) throws(Refusal) -> EntryDraft {
    var draft = EntryDraft(
      externalKey: key, postingDate: postingDate, documentDate: entry.value("DocumentDate"),
      currency: "", functionalCurrency: "", reference: entry.value("DocumentReferenceID"),
      description: entry.value("DocumentHeaderText"), lines: [], company: company,
      attributes: attributes, duplicateCheck: false)
    let lines = try self.lines(card)
    if isReversal {
      guard let original else {
        throw Refusal(
          code: "unknown_entry", message: entry.value("ReversalReferenceDocument") ?? "")
      }
      draft.currency = original.content.currency
      draft.functionalCurrency = original.content.functionalCurrency
      draft.lines = original.opposite
      draft.reverses = original.id
    }
    guard !lines.isEmpty else {
      if isReversal { return draft }
      throw Refusal(code: "too_few_lines", message: "The entry has no items")
    }
    let own = try worded(lines, card)
    guard isReversal else {
      draft.currency = own.currency
      draft.functionalCurrency = own.functionalCurrency
      draft.lines = own.lines
      return draft
    }
    guard Self.sums(own.lines) == Self.sums(draft.lines) else {
      throw Refusal(
        code: "wrong_reversal", message: "The items are not the opposite of the reversed document")
    }
    return draft
  }

  /// Sums by account and side, whatever the order of the lines.
  private static func sums(_ lines: [LineDraft]) -> [String: Decimal] {
    lines.reduce(into: [:]) { sums, line in
      sums["\(line.account) \(line.side)", default: 0] += Decimal(string: line.amount) ?? 0
    }
  }

  private var attributes: [String: String] {
    let names = [
      "OriginalReferenceDocumentType", "OriginalReferenceDocument",
      "OriginalReferenceDocumentLogicalSystem", "BusinessTransactionType",
      "AccountingDocumentType", "LedgerGroup", "DocumentReferenceID", "DocumentHeaderText",
      "ReversalReason",
      "ReversalReferenceDocument", "SourceSystemAccountingDocument", "Reference1InDocumentHeader",
      "Reference2InDocumentHeader",
    ]
    return names.reduce(into: [:]) { $0[$1] = entry.value($1) }
  }

  // MARK: Lines

  private func lines(_ card: MockBooks.CompanyCard?) throws(Refusal) -> [Line] {
    var lines: [Line] = []
    for element in entry.all(XMLName("Item")) {
      lines.append(
        try line(element, account: Self.alpha(element.value("GLAccount")), type: "S"))
      if let tax = element.first(XMLName("Tax")), let code = tax.value("TaxCode") {
        lines[lines.count - 1].tax = TaxDraft(code: code)
      }
    }
    for (name, type, usual) in [
      ("Debtor", "D", Self.usualReceivables), ("Creditor", "K", Self.usualPayables),
    ] {
      for element in entry.all(XMLName("\(name)Item")) {
        let party = Self.alpha(element.value(name))
        // SAP looks for the party first: without it there is no account either.
        let known = card?.parties.first { $0.code == party }
        guard known != nil || card?.acceptsAnyParty ?? true else {
          throw Refusal(code: "unknown_party", message: party, field: "/\(name)")
        }
        let account = Self.alpha(
          element.value("AltvRecnclnAccts")
            ?? known?.account ?? usual)
        var line = try line(element, account: account, type: type)
        line.party = party
        lines.append(line)
      }
    }
    for element in entry.all(XMLName("ProductTaxItem")) {
      let code = element.value("TaxCode") ?? ""
      var line = try line(
        element, account: card?.taxAccounts[code] ?? Self.usualTax, type: "S")
      let base = SAPAmount(element.first(XMLName("TaxBaseAmountInTransCrcy")))
      line.tax = TaxDraft(
        code: code, rate: element.value("TaxRate"), base: base?.rounded.plainText)
      lines.append(line)
    }
    return Self.inOrder(lines)
  }

  /// Items stand where their number puts them, whatever they are, where every one has a number.
  private static func inOrder(_ lines: [Line]) -> [Line] {
    let numbered = lines.compactMap { line in
      line.element.value("ReferenceDocumentItem").flatMap { Int($0) }.map { ($0, line) }
    }
    guard numbered.count == lines.count else { return lines }
    return numbered.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func line(
    _ element: XMLElement, account: String, type: String
  ) throws(Refusal) -> Line {
    guard let amount = SAPAmount(element.first(XMLName("AmountInTransactionCurrency"))) else {
      throw Refusal(code: "missing_field", message: "A line has no amount")
    }
    let sign = element.value("DebitCreditCode")
    guard sign == nil || amount.value == 0 || (sign == "S") == (amount.value > 0) else {
      throw Refusal(
        code: "invalid_side",
        message: "Sign of amount \(amount.value.plainText) and debit/credit code disagree")
    }
    return Line(
      element: element, account: account, type: type, amount: amount.rounded,
      companyAmount: SAPAmount(element.first(XMLName("AmountInCompanyCodeCurrency")))?.rounded)
  }

  private func worded(
    _ lines: [Line], _ card: MockBooks.CompanyCard?
  ) throws(Refusal) -> (currency: String, functionalCurrency: String, lines: [LineDraft]) {
    let currency = try currency(of: "AmountInTransactionCurrency", in: lines) ?? ""
    let stated = try self.currency(of: "AmountInCompanyCodeCurrency", in: lines)
    let functional = card?.functionalCurrency ?? stated ?? currency
    let amounts = try companyAmounts(lines, from: currency, to: functional)
    let drafts = zip(lines, amounts).map { line, amount in
      let isDebit =
        line.amount == 0 && amount != 0
        ? amount > 0 : line.amount > 0 || line.element.value("DebitCreditCode") == "S"
      return LineDraft(
        account: line.account, side: isDebit ? "debit" : "credit",
        amount: abs(line.amount).plainText, functionalAmount: abs(amount).plainText,
        party: line.party, tax: line.tax, dimensions: Self.dimensions(line.element),
        description: line.element.value("DocumentItemText"), accountType: line.type)
    }
    return (currency, functional, drafts)
  }

  /// The one currency of an amount; nil when no line has it.
  private func currency(of name: String, in lines: [Line]) throws(Refusal) -> String? {
    let found = Set(lines.compactMap { SAPAmount($0.element.first(XMLName(name)))?.currency })
    guard found.count <= 1 else {
      throw Refusal(
        code: "several_currencies", message: "Currencies \(found.sorted()) in one document")
    }
    return found.first
  }

  /// What the lines sent, or what the rate makes of them; the largest line takes up what rounding
  /// leaves.
  private func companyAmounts(
    _ lines: [Line], from currency: String, to functional: String
  ) throws(Refusal) -> [Decimal] {
    if lines.contains(where: { $0.companyAmount != nil }) {
      return lines.map { $0.companyAmount ?? 0 }
    }
    guard currency != functional else { return lines.map(\.amount) }
    let direct = entry.value("ExchangeRate").flatMap { Decimal(string: $0) }
    let indirect = entry.value("IndirectQuotedExchangeRate").flatMap { Decimal(string: $0) }
    guard let rate = direct ?? indirect.map({ 1 / $0 }), rate > 0 else {
      throw Refusal(
        code: "missing_rate",
        message: "Enter rate \(currency) / \(functional) rate type M for "
          + "\(entry.value("ExchangeRateDate") ?? postingDate) in the system settings")
    }
    var amounts = lines.map { SAPAmount(value: $0.amount * rate, currency: functional).rounded }
    if lines.reduce(0, { $0 + $1.amount }) == 0,
      let largest = amounts.indices.max(by: { abs(amounts[$0]) < abs(amounts[$1]) })
    {
      amounts[largest] -= amounts.reduce(0, +)
    }
    return amounts
  }

  private static func dimensions(_ element: XMLElement) -> [String: String] {
    var found: [String: String] = [:]
    let assignment = element.first(XMLName("AccountAssignment"))?.elements ?? []
    for child in assignment where child.name.local != "AccountAssignmentType" {
      found[child.name.local] = child.trimmedText
    }
    found["AssignmentReference"] = element.value("AssignmentReference")
    return found
  }

  /// Numbers lose their leading zeros, other codes become upper case.
  static func alpha(_ code: String?) -> String {
    guard let code, !code.isEmpty else { return "" }
    guard code.utf8.allSatisfy(\.isDigit) else { return code.uppercased() }
    let digits = code.drop { $0 == "0" }
    return digits.isEmpty ? "0" : String(digits)
  }

  private static let usualReceivables = "12100000"
  private static let usualPayables = "21100000"
  private static let usualTax = "22000000"
}

extension BookedEntry {
  /// The lines with their sides changed over.
  fileprivate var opposite: [LineDraft] {
    content.lines.map { line in
      LineDraft(
        account: line.account, side: line.side == .debit ? "credit" : "debit",
        amount: ExactAmount.text(line.amount, decimals: content.decimals),
        functionalAmount: ExactAmount.text(
          line.functionalAmount, decimals: content.functionalDecimals),
        party: line.party, tax: line.tax, dimensions: line.dimensions,
        description: line.description, accountType: line.accountType)
    }
  }
}

extension XMLElement {
  /// The text of an unqualified child without blanks around it; nil when it is absent or empty.
  func value(_ name: String) -> String? {
    guard let text = first(XMLName(name))?.trimmedText, !text.isEmpty else { return nil }
    return text
  }

  func flag(_ name: String) -> Bool { ["true", "1"].contains(value(name) ?? "") }
}
