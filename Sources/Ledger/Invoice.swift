/// What an invoice says beyond the envelope.
public struct Invoice: Hashable, Sendable {
  public var dueDate: CalendarDate?
  public var content: BilledContent
  /// A prepayment invoice: its net credits customer advances.
  public var isPrepayment: Bool
  /// Payments and credit memos whose unused money is part of what the totals call prepaid.
  public var prepaidBy: [Credit]

  /// Money of a payment or credit memo that an invoice uses up.
  public struct Credit: Hashable, Sendable {
    public var from: DocumentIdentity
    public var amount: Money

    public init(from: DocumentIdentity, amount: Money) {
      self.from = from
      self.amount = amount
    }
  }

  public init(
    dueDate: CalendarDate? = nil, content: BilledContent, isPrepayment: Bool = false,
    prepaidBy: [Credit] = []
  ) {
    self.dueDate = dueDate
    self.content = content
    self.isPrepayment = isPrepayment
    self.prepaidBy = prepaidBy
  }
}

/// What a credit memo says beyond the envelope; its amounts are positive and mean the opposite.
public struct CreditMemo: Hashable, Sendable {
  public var content: BilledContent
  /// What the source itself applies; the rest stays as credit.
  public var appliesTo: [Settlement]

  public struct Settlement: Hashable, Sendable {
    /// The invoice's id in the same source.
    public var invoice: String
    public var amount: Money

    public init(invoice: String, amount: Money) {
      self.invoice = invoice
      self.amount = amount
    }
  }

  public init(content: BilledContent, appliesTo: [Settlement] = []) {
    self.content = content
    self.appliesTo = appliesTo
  }
}

/// Lines, taxes and totals of an invoice or credit memo.
public struct BilledContent: Hashable, Sendable {
  public var lines: [DocumentLine]
  public var totals: DocumentTotals
  /// Tax computed per document; empty where the lines carry their own.
  public var documentTaxes: [TaxDetail]
  /// Ids, in the same source, of invoices that this one refers to (EN 16931 BG-3).
  public var precedingInvoices: [String]

  public init(
    lines: [DocumentLine], totals: DocumentTotals, documentTaxes: [TaxDetail] = [],
    precedingInvoices: [String] = []
  ) {
    self.lines = lines
    self.totals = totals
    self.documentTaxes = documentTaxes
    self.precedingInvoices = precedingInvoices
  }
}

/// The totals a document states: net + tax = gross, gross + rounding − prepaid = payable.
public struct DocumentTotals: Hashable, Sendable {
  public var net: Money
  public var tax: Money
  public var gross: Money
  public var rounding: Money
  public var prepaid: Money

  public var payable: Money { gross + rounding - prepaid }

  public init(net: Money, tax: Money, gross: Money, rounding: Money, prepaid: Money) {
    self.net = net
    self.tax = tax
    self.gross = gross
    self.rounding = rounding
    self.prepaid = prepaid
  }
}

/// One line of an invoice or credit memo.
public struct DocumentLine: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case charge, discount, fee, usage
    /// A late fee, default interest, a reminder charge: no revenue from customers, other income.
    case lateFee
    /// What a platform charges a connected account.
    case platformFee
  }

  /// Unique in the document.
  public var id: String
  public var kind: Kind
  public var product: String
  public var family: String?
  public var description: String?
  public var quantity: ExactDecimal?
  public var unitPrice: ExactDecimal?
  /// After discounts, without tax; may be negative.
  public var net: Money
  /// Without base and amount where the document carries its taxes as a whole.
  public var taxes: [TaxDetail]
  /// When the service is rendered; drives deferral.
  public var servicePeriod: DateRange?
  /// The other legal entity that renders the service.
  public var deliveredBy: LegalEntityID?
  public var usage: Usage?
  public var dimensions: Dimensions
  public var custom: Dimensions

  /// Ties the line to rated usage.
  public struct Usage: Hashable, Sendable {
    public var meter: String
    public var quantity: ExactDecimal
    public var period: DateRange

    public init(meter: String, quantity: ExactDecimal, period: DateRange) {
      self.meter = meter
      self.quantity = quantity
      self.period = period
    }
  }

  public init(
    id: String, kind: Kind = .charge, product: String, family: String? = nil,
    description: String? = nil, quantity: ExactDecimal? = nil, unitPrice: ExactDecimal? = nil,
    net: Money, taxes: [TaxDetail] = [], servicePeriod: DateRange? = nil,
    deliveredBy: LegalEntityID? = nil, usage: Usage? = nil, dimensions: Dimensions = [:],
    custom: Dimensions = [:]
  ) {
    self.id = id
    self.kind = kind
    self.product = product
    self.family = family
    self.description = description
    self.quantity = quantity
    self.unitPrice = unitPrice
    self.net = net
    self.taxes = taxes
    self.servicePeriod = servicePeriod
    self.deliveredBy = deliveredBy
    self.usage = usage
    self.dimensions = dimensions
    self.custom = custom
  }
}
