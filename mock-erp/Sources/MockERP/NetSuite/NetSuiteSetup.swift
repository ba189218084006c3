/// How the dialect `netsuite` behaves: the account, who may come in, what its preferences say.
public struct NetSuiteSetup: Sendable {
  /// Who may sign requests by OAuth 1.0a.
  public struct Token: Sendable {
    public var consumerKey: String
    public var consumerSecret: String
    public var token: String
    public var tokenSecret: String

    public init(consumerKey: String, consumerSecret: String, token: String, tokenSecret: String) {
      self.consumerKey = consumerKey
      self.consumerSecret = consumerSecret
      self.token = token
      self.tokenSecret = tokenSecret
    }
  }

  /// Who may ask for bearer tokens by a signed assertion.
  public struct Client: Sendable {
    public var id: String
    public var certificateID: String
    /// A public key or a certificate.
    public var pem: String

    public init(id: String, certificateID: String, pem: String) {
      self.id = id
      self.certificateID = certificateID
      self.pem = pem
    }
  }

  public struct TaxCode: Sendable {
    public var account: String
    /// Per cent, decimal text.
    public var rate: String

    public init(account: String, rate: String) {
      self.account = account
      self.rate = rate
    }
  }

  /// The account; also the realm of OAuth 1.0a.
  public var account = "123456"
  /// The currency of subsidiaries that have none of their own.
  public var baseCurrency = "EUR"
  /// Where invoices and payments post when they name no receivables account.
  public var receivables = "1200"
  public var undepositedFunds = "1000"
  /// Income accounts of items; others post to the account of their own code.
  public var items: [String: String] = [:]
  /// Others post to the account of their own code, at no rate.
  public var taxCodes: [String: TaxCode] = [:]
  /// Internal ids that are given out from the start: `["currency": ["EUR": "4"]]`.
  public var ids: [String: [String: String]] = [:]
  /// nil, together with ``client``, lets everybody in.
  public var token: Token?
  public var client: Client?
  /// How long a bearer token is good.
  public var tokenSeconds = 3600
  /// Requests of the whole account at once; nil without end.
  public var concurrency: Int?
  /// Errors carry the codes of the SOAP vocabulary instead of `USER_ERROR`.
  public var reportsCodes = false
  /// A document without `postingPeriod` whose month is closed goes into the first open one, silently.
  public var movesPeriods = false
  public var allowsDateOutsidePeriod = false
  /// How long a job waits before it runs.
  public var jobSeconds = 0

  public init() {}
}
