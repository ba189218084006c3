/// What an ERP lets its callers do; nil means no limit of that kind.
public struct RatePlan: Hashable, Sendable {
  /// Requests at the same time.
  public var concurrency: Int?
  public var perSecond: Int?
  public var perMinute: Int?
  public var perDay: Int?
  /// Who shares one allowance; connections of one scope should share one limit.
  public var scope: Scope

  public enum Scope: String, Hashable, Sendable, CaseIterable {
    case account, user, tenant, company
  }

  public init(
    concurrency: Int? = nil, perSecond: Int? = nil, perMinute: Int? = nil, perDay: Int? = nil,
    scope: Scope = .account
  ) {
    self.concurrency = concurrency
    self.perSecond = perSecond
    self.perMinute = perMinute
    self.perDay = perDay
    self.scope = scope
  }
}
