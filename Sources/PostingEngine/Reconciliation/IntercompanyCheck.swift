package import Ledger

/// What an entity's books hold against a partner in one currency.
package struct IntercompanyBalance: Hashable, Sendable {
  package var ledger: String
  package var entity: LegalEntityID
  package var partner: LegalEntityID
  /// Debits less credits of `dueFrom`.
  package var dueFrom: Money
  /// Credits less debits of `dueTo`.
  package var dueTo: Money
  /// What they are carried at in the entity's functional currency.
  package var functionalDueFrom: Money
  package var functionalDueTo: Money

  /// - Parameters:
  ///   - functionalDueFrom: nil where the currencies are one; so is `functionalDueTo`.
  package init(
    ledger: String, entity: LegalEntityID, partner: LegalEntityID, dueFrom: Money, dueTo: Money,
    functionalDueFrom: Money? = nil, functionalDueTo: Money? = nil
  ) {
    self.functionalDueFrom = functionalDueFrom ?? dueFrom
    self.functionalDueTo = functionalDueTo ?? dueTo
    self.ledger = ledger
    self.entity = entity
    self.partner = partner
    self.dueFrom = dueFrom
    self.dueTo = dueTo
  }
}

/// What stores answer about balances between entities.
package protocol IntercompanyQueries {
  /// Through a posting date; without what was cancelled.
  func intercompanyBalances(
    through day: CalendarDate, before point: StorePoint
  ) throws -> [IntercompanyBalance]
}

extension IntercompanyQueries {
  package func intercompanyBalances(through day: CalendarDate) throws -> [IntercompanyBalance] {
    try intercompanyBalances(through: day, before: .now)
  }
}

/// The month-end check between entities: what one has as due from another, the other has as due to
/// it, for each pair and currency.
package struct IntercompanyCheck: Hashable, Sendable {
  package struct Pair: Hashable, Sendable {
    package var ledger: String
    package var creditor: LegalEntityID
    package var debtor: LegalEntityID
    /// In the creditor's books.
    package var dueFrom: Money
    /// In the debtor's books.
    package var dueTo: Money

    package var difference: Money { dueFrom - dueTo }
  }

  private struct Key: Hashable, Comparable {
    let ledger: String
    let creditor: LegalEntityID
    let debtor: LegalEntityID
    let currency: Currency

    static func < (left: Key, right: Key) -> Bool {
      (left.ledger, left.creditor, left.debtor, left.currency)
        < (right.ledger, right.creditor, right.debtor, right.currency)
    }
  }

  /// Pairs that owe anything, in a fixed order.
  package private(set) var pairs: [Pair]

  package var tiesOut: Bool { pairs.allSatisfy(\.difference.isZero) }

  /// - Parameter isKept: whether an entity keeps a ledger; a pair of which one side keeps no such
  ///   ledger has nothing to agree with there.
  package init(
    _ balances: [IntercompanyBalance], isKept: (String, LegalEntityID) -> Bool = { _, _ in true }
  ) {
    var sums: [Key: (dueFrom: Money, dueTo: Money)] = [:]
    for balance in balances
    where isKept(balance.ledger, balance.entity) && isKept(balance.ledger, balance.partner) {
      let currency = balance.dueFrom.currency
      let zero = Money.zero(currency)
      let asCreditor = Key(
        ledger: balance.ledger, creditor: balance.entity, debtor: balance.partner,
        currency: currency)
      let asDebtor = Key(
        ledger: balance.ledger, creditor: balance.partner, debtor: balance.entity,
        currency: currency)
      sums[asCreditor, default: (zero, zero)].dueFrom += balance.dueFrom
      sums[asDebtor, default: (zero, zero)].dueTo += balance.dueTo
    }
    pairs = sums.sorted { $0.key < $1.key }.compactMap { key, sum in
      guard !sum.dueFrom.isZero || !sum.dueTo.isZero else { return nil }
      return Pair(
        ledger: key.ledger, creditor: key.creditor, debtor: key.debtor, dueFrom: sum.dueFrom,
        dueTo: sum.dueTo)
    }
  }
}
