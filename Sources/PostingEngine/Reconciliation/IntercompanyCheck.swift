package import Ledger
package import PostingRules

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

    /// Whether both are of the same books and currency.
    package func isOf(_ other: Pair) -> Bool {
      (ledger, creditor, debtor, dueFrom.currency)
        == (other.ledger, other.creditor, other.debtor, other.dueFrom.currency)
    }
  }

  /// What is open by one document, where the two sides differ.
  package struct Unmatched: Hashable, Sendable {
    package var document: DocumentIdentity
    package var pair: Pair
  }

  private struct Key: Hashable, Comparable {
    let ledger: String
    let creditor: LegalEntityID
    let debtor: LegalEntityID
    let currency: Currency
    /// nil for all of the pair.
    var document: DocumentIdentity?

    private var order: (String, LegalEntityID, LegalEntityID, Currency, String) {
      (ledger, creditor, debtor, currency, document?.description ?? "")
    }

    static func < (left: Key, right: Key) -> Bool { left.order < right.order }
  }

  /// The two sides of each key.
  private struct Sides {
    var sums: [Key: (dueFrom: Money, dueTo: Money)] = [:]

    mutating func add(
      _ parties: DueParties, in ledger: String, by document: DocumentIdentity? = nil,
      dueFrom: Money, dueTo: Money
    ) {
      let zero = Money.zero(dueFrom.currency)
      func key(_ creditor: LegalEntityID, _ debtor: LegalEntityID) -> Key {
        Key(
          ledger: ledger, creditor: creditor, debtor: debtor, currency: zero.currency,
          document: document)
      }
      sums[key(parties.entity, parties.partner), default: (zero, zero)].dueFrom += dueFrom
      sums[key(parties.partner, parties.entity), default: (zero, zero)].dueTo += dueTo
    }

    /// In a fixed order, without those where nothing is left.
    var pairs: [(document: DocumentIdentity?, pair: Pair)] {
      sums.sorted { $0.key < $1.key }.compactMap { key, sum in
        guard !sum.dueFrom.isZero || !sum.dueTo.isZero else { return nil }
        let pair = Pair(
          ledger: key.ledger, creditor: key.creditor, debtor: key.debtor, dueFrom: sum.dueFrom,
          dueTo: sum.dueTo)
        return (key.document, pair)
      }
    }
  }

  /// Pairs that owe anything, in a fixed order.
  package private(set) var pairs: [Pair]
  /// Documents whose sides differ; empty where they are not looked at.
  package private(set) var unmatched: [Unmatched]

  package var tiesOut: Bool { pairs.allSatisfy(\.difference.isZero) && unmatched.isEmpty }

  /// - Parameter dues: what is open by document.
  /// - Parameter isKept: whether an entity keeps a ledger; a pair of which one side keeps no such
  ///   ledger has nothing to agree with there.
  package init(
    _ balances: [IntercompanyBalance], dues: [IntercompanyDue] = [],
    isKept: (String, LegalEntityID) -> Bool = { _, _ in true }
  ) {
    func bothKeep(_ ledger: String, _ parties: DueParties) -> Bool {
      isKept(ledger, parties.entity) && isKept(ledger, parties.partner)
    }
    var sides = Sides()
    for balance in balances {
      let parties = DueParties(balance.entity, balance.partner)
      guard bothKeep(balance.ledger, parties) else { continue }
      sides.add(parties, in: balance.ledger, dueFrom: balance.dueFrom, dueTo: balance.dueTo)
    }
    pairs = sides.pairs.map(\.pair)
    var documents = Sides()
    for due in dues where bothKeep(due.ledger, due.parties) {
      let amount = due.item.open.amount
      let zero = Money.zero(amount.currency)
      let isFrom = due.part == .dueFrom
      documents.add(
        due.parties, in: due.ledger, by: due.document, dueFrom: isFrom ? amount : zero,
        dueTo: isFrom ? zero : amount)
    }
    unmatched = documents.pairs.compactMap { document, pair in
      document.flatMap { pair.difference.isZero ? nil : Unmatched(document: $0, pair: pair) }
    }
  }
}
