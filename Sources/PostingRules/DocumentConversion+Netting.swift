import Ledger

// Two entities settle what they owe each other. Each side relieves its own balances at what they are
// carried at; what is left is paid at the rate of the day.

extension DocumentConversion {
  /// The partner's side.
  mutating func convertAsPartner() {
    guard case .netting(let netting) = document.body else { return }
    net(netting.mirrored, with: document.entity)
  }

  /// - Parameter netting: as this entity sees it.
  mutating func net(_ netting: Netting, with partner: LegalEntityID) {
    guard ruleBook.entities[partner] != nil else {
      return stopUnknownPartner(partner, pointer: "/partner")
    }
    guard partner != entity.rules.entity.id else {
      return stop(
        .entityMismatch, pointer: "/partner",
        detail: "\(document.title) settles what \(partner) owes itself",
        fix: "Name the other entity as partner", cause: "\(partner) \(partner)")
    }
    let description = "Netting \(document.reference) with \(partner)"
    let paid = netting.dueTo.minorUnits - netting.dueFrom.minorUnits
    facts.partner = partner
    var carried: Int64 = 0
    for (role, amount, sign) in [
      (AccountRole.dueTo, netting.dueTo, Int64(1)), (.dueFrom, netting.dueFrom, -1),
    ] {
      for part in relief(of: amount.minorUnits, from: role, with: partner) {
        carried += sign * part.functional
        add(
          part.role, sign * part.amount, functional: sign * part.functional,
          description: description, pointer: "/\(role.rawValue)")
      }
    }
    let worth = converted(paid)
    if paid != 0, let code = netting.account,
      let account = moneyAccount(code, pointer: share.isOwn ? "/account" : "/partnerAccount")
    {
      add(
        account.role, -paid, functional: -worth, description: description, pointer: "/account")
    }
    addExchangeDifference(worth - carried, description: description, pointer: "/dueTo")
    finishEntry(.intercompany, description: description)
    facts.partner = nil
  }

  /// What an amount relieves of what stands between the two, each part with its functional amount:
  /// the balance of its role, and what stands on the wrong side of the other one, as where money was
  /// given back that had been passed on.
  private mutating func relief(
    of amount: Int64, from role: AccountRole, with partner: LegalEntityID
  ) -> [(role: AccountRole, amount: Int64, functional: Int64)] {
    guard let dues, amount != 0 else { return [(role, amount, converted(amount))] }
    let own = entity.rules.entity.id
    func open(_ role: AccountRole) -> Carrying? {
      dues.first {
        $0.ledger == ledger.name && $0.entity == own && $0.partner == partner && $0.role == role
          && $0.open.amount.currency == currency
      }?.open
    }
    let other: AccountRole = role == .dueTo ? .dueFrom : .dueTo
    var rest = amount
    var parts: [(role: AccountRole, amount: Int64, functional: Int64)] = []
    for (role, open) in [(role, open(role)), (other, open(other).map { -$0 })] {
      guard let open, rest > 0, open.amount.minorUnits > 0 else { continue }
      let part = min(rest, open.amount.minorUnits)
      parts.append(
        (
          role, part,
          CumulativeSplit.share(
            of: open.functional.minorUnits, part, over: open.amount.minorUnits,
            rounding: policies.rounding)
        ))
      rest -= part
    }
    guard rest > 0 else { return parts }
    stop(
      .overSettled, pointer: "/\(role.rawValue)",
      detail:
        "\(document.title) settles \(money(amount)), but \(own) has only \(money(amount - rest)) as "
        + "\(role.rawValue) with \(partner) on \(postingDate)",
      fix: "Correct the amount, or hand over first what they owe each other",
      cause: "\(own) \(partner) \(role.rawValue) \(currency)", amount: money(amount))
    return []
  }
}
