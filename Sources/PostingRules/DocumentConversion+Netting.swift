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
    for (part, amount, sign) in [
      (OpenItem.Part.dueTo, netting.dueTo, Int64(1)), (.dueFrom, netting.dueFrom, -1),
    ] {
      for relief in relief(of: amount.minorUnits, from: part, with: partner) {
        carried += sign * relief.functional
        add(
          relief.role, sign * relief.amount, functional: sign * relief.functional,
          description: description, pointer: "/\(part.rawValue)")
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

  /// What an amount relieves of what stands between the two, by role: what is due by itself, and what
  /// stands on the wrong side of the other role, as where money was given back that had been passed on.
  ///
  /// What credit memos gave back is used up first, then the dues of the oldest documents.
  private mutating func relief(
    of amount: Int64, from part: OpenItem.Part, with partner: LegalEntityID
  ) -> [Relief] {
    let role: AccountRole = part == .dueTo ? .dueTo : .dueFrom
    guard let dues, amount != 0 else {
      return [Relief(role: role, amount: amount, functional: converted(amount))]
    }
    let parties = DueParties(books.entity, partner)
    var rest = Int128(amount)
    var reliefs: [Relief] = []
    for (side, isTurned) in [
      (part, false), (part == .dueTo ? OpenItem.Part.dueFrom : .dueTo, true),
    ] {
      var standing = dues.standing(side, between: parties, in: ledger.name, currency)
      if isTurned {
        for place in standing.indices { standing[place].item = standing[place].item.turned }
      }
      let sum = standing.reduce(Int128(0)) { $0 + Int128($1.item.open.amount.minorUnits) }
      guard rest > 0, sum > 0 else { continue }
      let taken = min(rest, sum)
      rest -= taken
      reliefs.append(
        settle(standing, Int64(clamping: taken), side, with: partner, isTurned: isTurned))
    }
    guard rest > 0 else { return reliefs }
    stop(
      .overSettled, pointer: "/\(part.rawValue)",
      detail:
        "\(document.title) settles \(money(amount)), but \(books.entity) has only "
        + "\(money(amount - Int64(clamping: rest))) as \(part.rawValue) with \(partner) on "
        + "\(postingDate)",
      fix: "Correct the amount, or hand over first what they owe each other",
      cause: "\(books.entity) \(partner) \(part.rawValue) \(currency)", amount: money(amount))
    return []
  }

  /// Settles dues that sum to no less than `amount`, each at what it is carried at.
  private mutating func settle(
    _ dues: [IntercompanyDue], _ amount: Int64, _ part: OpenItem.Part,
    with partner: LegalEntityID, isTurned: Bool
  ) -> Relief {
    var relief = Relief(role: part == .dueTo ? .dueTo : .dueFrom, amount: 0, functional: 0)
    let credits = dues.filter(\.item.open.amount.isNegative)
    var rest = Int128(amount)
    for due in credits + dues.filter({ !$0.item.open.amount.isNegative }) {
      let open = due.item.open
      let taken = min(open.amount.minorUnits, Int64(clamping: rest))
      guard taken != 0 else { continue }
      rest -= Int128(taken)
      let functional = due.item.relief(of: money(taken)).minorUnits
      relief.amount += taken
      relief.functional += functional
      let sign: Int64 = isTurned ? 1 : -1
      changeDue(
        due.document, part, with: partner, by: sign * taken, functional: sign * functional)
    }
    return relief
  }
}

/// What is settled of a role, in minor units.
private struct Relief {
  let role: AccountRole
  var amount: Int64
  var functional: Int64
}
