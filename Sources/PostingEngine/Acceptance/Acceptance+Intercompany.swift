internal import Ledger
internal import PostingRules

extension Acceptance {
  /// What the entities of a document owe each other on its day; nil where that does not matter.
  ///
  /// - Parameter earlier: revisions of it; what they settled counts as open again.
  func dues(
    of document: Document, inPlaceOf earlier: [StoredDocument], before point: StorePoint = .now,
    in queries: any PostingQueries
  ) throws -> [IntercompanyDue]? {
    guard case .netting(let netting) = document.body else { return nil }
    let sides = [document.entity, netting.partner]
    var dues: [IntercompanyDue] = []
    for balance in try queries.intercompanyBalances(
      through: document.wantedPostingDate, before: point)
    where sides.contains(balance.entity) && sides.contains(balance.partner) {
      for (role, amount, functional) in [
        (AccountRole.dueFrom, balance.dueFrom, balance.functionalDueFrom),
        (.dueTo, balance.dueTo, balance.functionalDueTo),
      ] {
        dues.append(
          IntercompanyDue(
            ledger: balance.ledger, entity: balance.entity, partner: balance.partner, role: role,
            open: Carrying(amount: amount, functional: functional)))
      }
    }
    for (record, _) in try compensation.standing(earlier, in: queries) {
      let head = record.entry.head
      for line in record.entry.lines where line.role == .dueFrom || line.role == .dueTo {
        let place = dues.firstIndex {
          $0.ledger == head.ledger && $0.entity == head.legalEntity && $0.partner == line.partner
            && $0.role == line.role && $0.open.amount.currency == head.currency
        }
        guard let place else { continue }
        let settled = Carrying(amount: line.amount, functional: line.functionalAmount)
        let isOwnSide = (line.side == .debit) == (line.role == .dueFrom)
        dues[place].open = dues[place].open + (isOwnSide ? -settled : settled)
      }
    }
    return dues
  }
}
