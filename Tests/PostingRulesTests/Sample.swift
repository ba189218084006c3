import Ledger
import PostingRules
import Testing

/// Small rule books and documents that tests write in one line.
enum Sample {
  static let entity = LegalEntityID("DE01")
  static let source = "billing"

  static func currency(_ code: String) throws -> Currency { try #require(Currency(code)) }

  static func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

  /// One entity and a default row for every role; account codes are the roles' names.
  static func book(
    _ functionalCurrency: String = "EUR", rates: [RateTable.Row] = [],
    closed: Set<FiscalPeriod> = [], taxCodes: [String: TaxCode] = [:],
    tables: [AccountTable]? = nil, policies: (inout EntityPolicies) -> Void = { _ in }
  ) throws -> RuleBook {
    var chosen = EntityPolicies()
    policies(&chosen)
    let legalEntity = LegalEntity(
      id: entity, name: "Werk GmbH", country: "DE",
      functionalCurrency: try currency(functionalCurrency))
    return RuleBook(
      version: "sha256:test",
      entities: [
        entity: EntityRules(
          entity: legalEntity, groups: ["europe"], policies: chosen, closedPeriods: closed)
      ],
      accounts: AccountDetermination(tables ?? defaultTables()), rates: RateTable(rates),
      moneyAccounts: [
        "BANK": MoneyAccount(code: "BANK", kind: .bank),
        "CARD": MoneyAccount(code: "CARD", kind: .processor),
      ], taxCodes: taxCodes)
  }

  static func defaultTables(without left: AccountRole? = nil) -> [AccountTable] {
    AccountRole.allCases.filter { $0 != left }.map { role in
      AccountTable(
        role: role, file: "accounts/\(role.rawValue).yaml",
        rows: [AccountRow(number: 1, account: AccountCode(role.rawValue))])
    }
  }

  static func document(
    _ type: DocumentType, _ id: String, _ currency: String, on date: String = "2026-03-10",
    rate: ExchangeRate? = nil, body: Document.Body
  ) throws -> Document {
    Document(
      identity: DocumentIdentity(source: source, type: type, id: id), entity: entity,
      reference: id, documentDate: try self.date(date), currency: try self.currency(currency),
      exchangeRate: rate, customer: Customer(id: "C-1", name: "Nordlicht GmbH", country: "DE"),
      approval: Approval(by: "run", at: nil), body: body)
  }

  static func identity(_ type: DocumentType, _ id: String) -> DocumentIdentity {
    DocumentIdentity(source: source, type: type, id: id)
  }

  static func rate(
    _ from: String, _ to: String, _ rate: String, on date: String = "2026-03-01"
  ) throws -> ExchangeRate {
    try #require(
      ExchangeRate(
        from: try currency(from), to: try currency(to), rate: try ExactDecimal(rate),
        date: try self.date(date), source: "ECB"))
  }

  static func tax(
    _ code: String, _ category: TaxCategory = .standard, _ rate: String?, base: String? = nil,
    amount: String? = nil, jurisdiction: String? = nil, accounting: StatedAmount? = nil,
    in currency: String = "EUR"
  ) throws -> TaxDetail {
    let currency = try self.currency(currency)
    return TaxDetail(
      code: code, category: category, rate: try rate.map { try ExactDecimal($0) },
      base: try base.map { try Money($0, currency) },
      amount: try amount.map { try Money($0, currency) }, jurisdiction: jurisdiction,
      accountingAmount: accounting)
  }

  static func line(
    _ id: String, _ net: String, kind: DocumentLine.Kind = .charge, product: String? = nil,
    in currency: String = "EUR", taxes: [TaxDetail] = [], service: DateRange? = nil
  ) throws -> DocumentLine {
    DocumentLine(
      id: id, kind: kind, product: product ?? "P\(id)",
      net: try Money(net, self.currency(currency)),
      taxes: taxes, servicePeriod: service)
  }

  /// Lines with totals that tie.
  static func content(
    _ lines: [DocumentLine], documentTaxes: [TaxDetail] = [], rounding: String = "0",
    prepaid: String = "0", preceding: [String] = [], in currency: String = "EUR"
  ) throws -> BilledContent {
    let currency = try self.currency(currency)
    let net = try Money.sum(lines.map(\.net), in: currency)
    let taxes = documentTaxes.isEmpty ? lines.flatMap(\.taxes) : documentTaxes
    let tax = try Money.sum(taxes.compactMap(\.amount), in: currency)
    return BilledContent(
      lines: lines,
      totals: DocumentTotals(
        net: net, tax: tax, gross: net + tax, rounding: try Money(rounding, currency),
        prepaid: try Money(prepaid, currency)),
      documentTaxes: documentTaxes, precedingInvoices: preceding)
  }

  /// One line of a net amount and, where given, its tax at a rate.
  static func invoice(
    _ id: String, net: String, tax: String? = nil, at percent: String = "19",
    code: String = "DE-19", in currency: String = "EUR", on date: String = "2026-03-10",
    rate: ExchangeRate? = nil, isPrepayment: Bool = false, prepaid: String = "0",
    preceding: [String] = []
  ) throws -> Document {
    let taxes = try tax.map { tax in
      [try self.tax(code, percent, base: net, amount: tax, in: currency)]
    }
    let content = try content(
      [line("1", net, in: currency, taxes: taxes ?? [])], prepaid: prepaid, preceding: preceding,
      in: currency)
    return try document(
      .invoice, id, currency, on: date, rate: rate,
      body: .invoice(Invoice(content: content, isPrepayment: isPrepayment)))
  }

  static func tax(
    _ code: String, _ rate: String, base: String, amount: String, in currency: String
  ) throws -> TaxDetail {
    try tax(code, .standard, rate, base: base, amount: amount, in: currency)
  }

  static func creditMemo(
    _ id: String, net: String, tax: String? = nil, at percent: String = "19",
    appliesTo: [(String, String)] = [], preceding: [String] = [], in currency: String = "EUR",
    rate: ExchangeRate? = nil
  ) throws -> Document {
    let taxes = try tax.map { [try self.tax("T", percent, base: net, amount: $0, in: currency)] }
    let content = try content(
      [line("1", net, in: currency, taxes: taxes ?? [])], preceding: preceding, in: currency)
    let applied = try appliesTo.map { invoice, amount in
      CreditMemo.Settlement(invoice: invoice, amount: try Money(amount, self.currency(currency)))
    }
    return try document(
      .creditMemo, id, currency, rate: rate,
      body: .creditMemo(CreditMemo(content: content, appliesTo: applied)))
  }

  static func payment(
    _ id: String, _ amount: String, account: String = "BANK", to applications: [(String, String)],
    discount: String? = nil, withheld: String? = nil, fee: String? = nil,
    in currency: String = "EUR", rate: ExchangeRate? = nil
  ) throws -> Document {
    let money = try self.currency(currency)
    let parts = try applications.map { invoice, amount in
      InvoiceApplication(
        invoice: invoice, amount: try Money(amount, money),
        discount: try discount.map { try Money($0, money) })
    }
    let fees = try fee.map { [Fee(kind: "processing", amount: try Money($0, money))] } ?? []
    let withholding =
      try withheld.map { [Withholding(code: "WHT", amount: try Money($0, money))] } ?? []
    return try document(
      .payment, id, currency, rate: rate,
      body: .payment(
        Payment(
          amount: try Money(amount, money), method: .bankTransfer, account: account, fees: fees,
          withholding: withholding, applications: parts)))
  }

  /// References to documents that are here; invoices open in full unless `open` says less.
  static func here(_ documents: Document..., open: String? = nil, credit: String? = nil) throws
    -> References
  {
    var stored: [DocumentIdentity: ReferencedDocument] = [:]
    for document in documents {
      var reference = ReferencedDocument(document: document, rate: document.exchangeRate)
      if let credit {
        reference.open(.credit, try Money(credit, document.currency), at: document.exchangeRate)
      }
      if case .invoice(let invoice) = document.body {
        reference.open(
          .receivable, invoice.content.totals.payable,
          left: try open.map { try Money($0, document.currency) }, at: document.exchangeRate)
        if invoice.isPrepayment {
          reference.open(.advance, invoice.content.totals.gross, at: document.exchangeRate)
        }
      }
      stored[document.identity] = reference
    }
    return .stored(stored)
  }
}

extension ReferencedDocument {
  /// Opens a part at a rate; of it `left` is still open.
  mutating func open(
    _ part: OpenItem.Part, _ amount: Money, left: Money? = nil, at rate: ExchangeRate? = nil
  ) {
    func carrying(_ amount: Money) -> Carrying {
      Carrying(amount: amount, functional: (try? rate?.convert(amount)) ?? amount)
    }
    items[part] = OpenItem(opened: carrying(amount), open: carrying(left ?? amount))
  }
}

extension JournalEntry {
  /// Each line as `debit receivable 119.00`, with the functional amount behind it where the
  /// currencies differ, sorted.
  var table: [String] {
    lines.map { line in
      let functional =
        head.currency == head.functionalCurrency ? "" : " \(line.functionalAmount.text)"
      return "\(line.side) \(line.role) \(line.amount.text)\(functional)"
    }.sorted()
  }
}

extension Conversion {
  /// The entries; records an issue and gives none where there are none.
  func entries(_ location: SourceLocation = #_sourceLocation) -> [JournalEntry] {
    if case .entries(let entries, _) = self { return entries }
    Issue.record("not converted: \(self)", sourceLocation: location)
    return []
  }

  var openItems: [OpenItemChange] {
    if case .entries(_, let effects) = self { return effects.openItems }
    return []
  }

  var stops: [Stop] {
    if case .stopped(let stops) = self { return stops }
    return []
  }
}

/// Converts with a converter of its own.
func convert(
  _ document: Document, _ book: RuleBook, _ references: References = .none
) -> Conversion {
  var converter = Converter(book)
  return converter.convert(document, references: references)
}
