/// Money given back to a customer.
public struct Refund: Hashable, Sendable {
  public enum Stage: String, Hashable, Sendable, CaseIterable {
    /// Given back.
    case issued
    /// Given back, but it did not arrive: the money is here again.
    case failed
    /// Taken back by the customer's bank: a returned direct debit, a bounced check.
    case returned
  }

  public var amount: Money
  /// The code of a bank or processor clearing account.
  public var account: String
  /// The payment or credit memo that is refunded.
  public var of: DocumentIdentity
  public var stage: Stage
  /// Taken from the account on top of the amount.
  public var fees: [Fee]
  /// What it gives back of a payment or credit memo in another currency, in that currency.
  public var amountInOriginalCurrency: ExactDecimal?

  public init(
    amount: Money, account: String, of: DocumentIdentity, stage: Stage = .issued,
    fees: [Fee] = [], amountInOriginalCurrency: ExactDecimal? = nil
  ) {
    self.amountInOriginalCurrency = amountInOriginalCurrency
    self.amount = amount
    self.account = account
    self.of = of
    self.stage = stage
    self.fees = fees
  }
}

/// A payment that the customer disputes.
public struct Chargeback: Hashable, Sendable {
  public enum Stage: String, Hashable, Sendable, CaseIterable { case opened, won, lost }

  public var amount: Money
  public var payment: DocumentIdentity
  public var fee: Money?
  public var stage: Stage
  /// The code of the account that the money leaves or comes back to; nil for the payment's.
  public var account: String?
  /// What it disputes of a payment in another currency, in that currency.
  public var amountInOriginalCurrency: ExactDecimal?

  public init(
    amount: Money, payment: DocumentIdentity, fee: Money?, stage: Stage, account: String? = nil,
    amountInOriginalCurrency: ExactDecimal? = nil
  ) {
    self.account = account
    self.amountInOriginalCurrency = amountInOriginalCurrency
    self.amount = amount
    self.payment = payment
    self.fee = fee
    self.stage = stage
  }
}

/// An open item given up, or money recovered on it later.
public struct WriteOff: Hashable, Sendable {
  public var invoice: DocumentIdentity
  public var amount: Money
  public var reason: String
  public var isRecovery: Bool
  /// The code of the account that the recovered money came to; nil where a payment says so.
  public var account: String?
  /// What it recovers of an invoice in another currency, in that currency.
  public var amountInOriginalCurrency: ExactDecimal?

  public init(
    invoice: DocumentIdentity, amount: Money, reason: String, isRecovery: Bool,
    account: String? = nil, amountInOriginalCurrency: ExactDecimal? = nil
  ) {
    self.amountInOriginalCurrency = amountInOriginalCurrency
    self.invoice = invoice
    self.amount = amount
    self.reason = reason
    self.isRecovery = isRecovery
    self.account = account
  }
}

/// Money that moves from a payment processor to a bank account.
public struct Payout: Hashable, Sendable {
  /// The code of the processor account.
  public var from: String
  /// The code of the bank account.
  public var to: String
  public var amount: Money
  public var fees: [Fee]
  /// The ids of the payments, refunds and chargebacks that it contains, which it has to sum to;
  /// empty where the processor does not say.
  public var items: [String]

  public init(from: String, to: String, amount: Money, fees: [Fee] = [], items: [String] = []) {
    self.from = from
    self.to = to
    self.amount = amount
    self.fees = fees
    self.items = items
  }
}

/// Unapplied cash or customer credit used on invoices later.
public struct Application: Hashable, Sendable {
  /// The payment or credit memo whose money is used.
  public var from: DocumentIdentity
  public var applications: [InvoiceApplication]

  public init(from: DocumentIdentity, applications: [InvoiceApplication]) {
    self.from = from
    self.applications = applications
  }
}

/// What became of tax that a customer withheld from a payment.
public struct WithholdingCertificate: Hashable, Sendable {
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// The certificate is here: the tax counts towards the entity's own.
    case received
    /// It will not come: the tax is an expense.
    case missing
  }

  public var payment: DocumentIdentity
  /// The code under which it was withheld.
  public var code: String
  public var amount: Money
  public var outcome: Outcome

  public init(payment: DocumentIdentity, code: String, amount: Money, outcome: Outcome) {
    self.payment = payment
    self.code = code
    self.amount = amount
    self.outcome = outcome
  }
}
