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
    guard ruleBook.entities[partner] != nil, partner != entity.rules.entity.id else {
      return stopUnknownPartner(partner, pointer: "/partner")
    }
    let description = "Netting \(document.reference) with \(partner)"
    let paid = netting.dueTo.minorUnits - netting.dueFrom.minorUnits
    facts.partner = partner
    var carried: Int64 = 0
    for (role, amount, sign) in [
      (AccountRole.dueTo, netting.dueTo, Int64(1)), (.dueFrom, netting.dueFrom, -1),
    ] {
      let functional = relief(of: amount.minorUnits, from: role, with: partner)
      carried += sign * functional
      add(
        role, sign * amount.minorUnits, functional: sign * functional, description: description,
        pointer: "/\(role.rawValue)")
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

  /// What an amount relieves of what stands between the two, in functional currency.
  private mutating func relief(
    of amount: Int64, from role: AccountRole, with partner: LegalEntityID
  ) -> Int64 {
    guard let dues, amount != 0 else { return converted(amount) }
    let own = entity.rules.entity.id
    let open = dues.first {
      $0.ledger == ledger.name && $0.entity == own && $0.partner == partner && $0.role == role
        && $0.open.amount.currency == currency
    }?.open
    let units = open?.amount.minorUnits ?? 0
    guard let open, amount <= units else {
      stop(
        .overSettled, pointer: "/\(role.rawValue)",
        detail:
          "\(document.title) settles \(money(amount)), but \(own) has only \(money(units)) as "
          + "\(role.rawValue) with \(partner) on \(postingDate)",
        fix: "Correct the amount, or hand over first what they owe each other",
        cause: "\(own) \(partner) \(role.rawValue) \(currency)", amount: money(amount))
      return 0
    }
    return CumulativeSplit.share(
      of: open.functional.minorUnits, amount, over: units, rounding: policies.rounding)
  }
}
