/// How the Tryton dialect is set up.
public struct TrytonSettings: Hashable, Sendable {
  /// Addresses and fields differ between the two.
  public enum Version: String, Hashable, Sendable {
    case v7 = "7.0"
    case v8 = "8.0"
  }

  /// Which companies' records the user sees.
  public enum CompanyFilter: String, Hashable, Sendable { case one, all }

  public var version = Version.v8
  public var database = "erp"
  public var user = "admin"
  public var password = "admin-secret"
  /// A session that was idle for longer is over.
  public var sessionSeconds = 300.0
  /// Logins that may fail before the next is answered 429.
  public var mostAttempts = 5
  public var companyFilter = CompanyFilter.all
  /// The company in which the user works, for ``CompanyFilter/one``.
  public var currentCompany: String?

  public init() {}
}
