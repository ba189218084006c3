/// How a company is set up, as `POST /_admin/seed` takes it.
public struct CompanySeed: Hashable, Sendable, Codable {
  public struct Account: Hashable, Sendable, Codable {
    public var number: String
    public var name: String?
    /// Known, but nothing may be posted to it.
    public var blocked: Bool?
    /// A control account: every line on it names a party.
    public var requiresParty: Bool?
    /// Dimensions without which the account takes no line.
    public var requires: [String]?

    public init(
      number: String, name: String? = nil, blocked: Bool? = nil, requiresParty: Bool? = nil,
      requires: [String]? = nil
    ) {
      self.number = number
      self.name = name
      self.blocked = blocked
      self.requiresParty = requiresParty
      self.requires = requires
    }
  }

  public struct Party: Hashable, Sendable, Codable {
    public var code: String
    public var name: String?
    /// The control account of its lines, where the ERP finds it itself.
    public var account: String?

    public init(code: String, name: String? = nil, account: String? = nil) {
      self.code = code
      self.name = name
      self.account = account
    }
  }

  public enum PeriodState: String, Hashable, Sendable, Codable {
    case open
    case closed
  }

  public struct Period: Hashable, Sendable, Codable {
    /// `YYYY-MM`.
    public var period: String
    public var state: PeriodState
    /// Closed for lines of these subledgers alone (`S`, `D`, `K`); nil: for all.
    public var accountTypes: [String]?

    public init(period: String, state: PeriodState, accountTypes: [String]? = nil) {
      self.period = period
      self.state = state
      self.accountTypes = accountTypes
    }
  }

  public struct Limits: Hashable, Sendable, Codable {
    /// Requests in any second; the next is answered 429.
    public var perSecond: Int?
    /// Requests at once; the next is answered 429.
    public var concurrency: Int?

    public init(perSecond: Int? = nil, concurrency: Int? = nil) {
      self.perSecond = perSecond
      self.concurrency = concurrency
    }
  }

  public var code: String
  public var name: String?
  /// nil: that of the first entry.
  public var functionalCurrency: String?
  public var accounts: [Account]?
  /// nil: true when there are no `accounts`.
  public var acceptAnyAccount: Bool?
  public var parties: [Party]?
  /// nil: true when there are no `parties`.
  public var acceptAnyParty: Bool?
  /// Transaction currencies that are accepted; nil accepts every active currency.
  public var currencies: [String]?
  public var periods: [Period]?
  /// State of the periods that `periods` does not name; nil is open.
  public var otherPeriods: PeriodState?
  /// Account of a tax code's lines, where the ERP finds it itself.
  public var taxAccounts: [String: String]?
  /// false: an ERP without duplicate check, which books the same key again. nil is true.
  public var duplicateCheck: Bool?
  public var limits: Limits?

  public init(
    code: String, name: String? = nil, functionalCurrency: String? = nil,
    accounts: [Account]? = nil, acceptAnyAccount: Bool? = nil, parties: [Party]? = nil,
    acceptAnyParty: Bool? = nil, currencies: [String]? = nil, periods: [Period]? = nil,
    otherPeriods: PeriodState? = nil, taxAccounts: [String: String]? = nil,
    duplicateCheck: Bool? = nil, limits: Limits? = nil
  ) {
    self.code = code
    self.name = name
    self.functionalCurrency = functionalCurrency
    self.accounts = accounts
    self.acceptAnyAccount = acceptAnyAccount
    self.parties = parties
    self.acceptAnyParty = acceptAnyParty
    self.currencies = currencies
    self.periods = periods
    self.otherPeriods = otherPeriods
    self.taxAccounts = taxAccounts
    self.duplicateCheck = duplicateCheck
    self.limits = limits
  }
}
