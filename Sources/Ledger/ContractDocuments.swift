/// A milestone reached, which releases deferred revenue.
public struct Milestone: Hashable, Sendable {
  public enum Progress: Hashable, Sendable {
    case percent(ExactDecimal)
    case amount(Money)
  }

  public var contract: String
  /// The line of the contract's invoice.
  public var line: String
  public var reached: Progress

  public init(contract: String, line: String, reached: Progress) {
    self.contract = contract
    self.line = line
    self.reached = reached
  }
}

/// The remaining lines of a contract as they now are.
public struct ContractChange: Hashable, Sendable {
  public var contract: String
  public var effective: CalendarDate
  public var lines: [DocumentLine]

  public init(contract: String, effective: CalendarDate, lines: [DocumentLine]) {
    self.contract = contract
    self.effective = effective
    self.lines = lines
  }
}

/// Rated usage of a period: a control record, not a posting by itself.
public struct RatedUsage: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    public var customer: String
    public var product: String
    public var meter: String
    public var quantity: ExactDecimal
    public var amount: Money
    public var invoiced: Money?

    public init(
      customer: String, product: String, meter: String, quantity: ExactDecimal, amount: Money,
      invoiced: Money? = nil
    ) {
      self.customer = customer
      self.product = product
      self.meter = meter
      self.quantity = quantity
      self.amount = amount
      self.invoiced = invoiced
    }
  }

  public var period: DateRange
  public var items: [Item]
  /// The id of the batch; its control totals were checked against the items at intake.
  public var batch: String

  public init(period: DateRange, items: [Item], batch: String) {
    self.period = period
    self.items = items
    self.batch = batch
  }
}
