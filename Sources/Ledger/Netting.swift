/// What two entities of a group owe each other, settled at once: one entity's document, entries in
/// both. What is left is paid.
public struct Netting: Hashable, Sendable {
  public var partner: LegalEntityID
  /// What the document's entity owes the partner and settles; not negative.
  public var dueTo: Money
  /// What the partner owes it and settles; not negative.
  public var dueFrom: Money
  /// The code of the entity's bank account that the rest leaves or comes to; nil where nothing is
  /// left.
  public var account: String?
  /// The partner's.
  public var partnerAccount: String?

  public init(
    partner: LegalEntityID, dueTo: Money, dueFrom: Money, account: String? = nil,
    partnerAccount: String? = nil
  ) {
    self.partner = partner
    self.dueTo = dueTo
    self.dueFrom = dueFrom
    self.account = account
    self.partnerAccount = partnerAccount
  }

  /// The same as the partner sees it.
  public var mirrored: Netting {
    Netting(
      partner: partner, dueTo: dueFrom, dueFrom: dueTo, account: partnerAccount,
      partnerAccount: account)
  }
}
