/// How a customer paid.
public enum PaymentMethod: String, Hashable, Sendable, CaseIterable {
  case card, bankTransfer, directDebit, wallet, check, other
}

/// Money received from a customer.
public struct Payment: Hashable, Sendable {
  /// What the customer paid, before fees.
  public var amount: Money
  public var method: PaymentMethod
  /// The code of a bank or processor clearing account in the configuration.
  public var account: String
  /// Kept back from what arrives.
  public var fees: [Fee]
  /// Settles the invoice, is not money.
  public var withholding: [Withholding]
  public var applications: [InvoiceApplication]
  /// The other entity whose money this is.
  public var collectedFor: LegalEntityID?
  /// What is not applied is an advance on what is still to be delivered, rather than unapplied
  /// cash.
  public var isAdvance: Bool

  public init(
    amount: Money, method: PaymentMethod, account: String, fees: [Fee] = [],
    withholding: [Withholding] = [], applications: [InvoiceApplication] = [],
    collectedFor: LegalEntityID? = nil, isAdvance: Bool = false
  ) {
    self.amount = amount
    self.method = method
    self.account = account
    self.fees = fees
    self.withholding = withholding
    self.applications = applications
    self.collectedFor = collectedFor
    self.isAdvance = isAdvance
  }
}

/// A fee that a bank or processor keeps.
public struct Fee: Hashable, Sendable {
  public var kind: String
  /// Its tax included.
  public var amount: Money
  /// The kind of the fee that a platform keeps from a connected account.
  public static let platformKind = "platformFee"

  /// The input tax in it that the entity gets back; nil where none is shown.
  public var tax: Tax?

  /// The recoverable tax in a fee.
  public struct Tax: Hashable, Sendable {
    public var code: String
    public var amount: Money

    public init(code: String, amount: Money) {
      self.code = code
      self.amount = amount
    }
  }

  public init(kind: String, amount: Money, tax: Tax? = nil) {
    self.kind = kind
    self.amount = amount
    self.tax = tax
  }
}

/// Tax that the customer keeps back and pays to the state.
public struct Withholding: Hashable, Sendable {
  public var code: String
  public var amount: Money

  public init(code: String, amount: Money) {
    self.code = code
    self.amount = amount
  }
}

/// The part of a payment or credit that settles one invoice.
public struct InvoiceApplication: Hashable, Sendable {
  /// The invoice's id in the same source.
  public var invoice: String
  /// In the payment's currency.
  public var amount: Money
  /// Early-payment discount on top, gross of tax.
  public var discount: Money?
  /// The same in units of the invoice's currency, which the document does not name; nil where the
  /// two currencies are one.
  public var amountInInvoiceCurrency: ExactDecimal?

  public init(
    invoice: String, amount: Money, discount: Money? = nil,
    amountInInvoiceCurrency: ExactDecimal? = nil
  ) {
    self.invoice = invoice
    self.amount = amount
    self.discount = discount
    self.amountInInvoiceCurrency = amountInInvoiceCurrency
  }
}
