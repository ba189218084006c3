package import Ledger

/// An open part of what customers owe, or of what they may still use.
package struct OpenBalance: Hashable, Sendable {
  /// The document whose item it is.
  package var document: DocumentNumber
  package var identity: DocumentIdentity
  package var customer: String?
  package var reference: String
  package var documentDate: CalendarDate
  /// nil where the document says nothing.
  package var dueDate: CalendarDate?
  /// In the item's currency; negative where the customer paid too much of it.
  package var amount: Money
  /// What it is carried at in functional currency.
  package var functional: Money
  /// Whether it is an advance on what is still to be delivered, which is not monetary.
  package var isAdvance: Bool

  package init(
    document: DocumentNumber, identity: DocumentIdentity, customer: String?, reference: String,
    documentDate: CalendarDate, dueDate: CalendarDate?, amount: Money, functional: Money,
    isAdvance: Bool = false
  ) {
    self.isAdvance = isAdvance
    self.document = document
    self.identity = identity
    self.customer = customer
    self.reference = reference
    self.documentDate = documentDate
    self.dueDate = dueDate
    self.amount = amount
    self.functional = functional
  }
}

/// What the lines of a role sum to: debits less credits.
package struct RoleBalance: Hashable, Sendable {
  package var amount: Money
  package var functional: Money

  package init(amount: Money, functional: Money) {
    self.amount = amount
    self.functional = functional
  }
}

package protocol ReceivableQueries {
  /// What of an entity's items was open in a ledger at the end of a day, by the posting dates of what
  /// opened and cleared them; items of zero are left out.
  ///
  /// - Parameters:
  ///   - part: `receivable`, `credit` or `dispute`.
  ///   - functional: the entity's functional currency.
  func openBalances(
    of entity: LegalEntityID, ledger: String, _ part: StoredOpenItemChange.Part,
    functional: Currency, on day: CalendarDate
  ) throws -> [OpenBalance]
  /// What the lines of roles in a ledger of an entity sum to, by currency, through a day.
  func balances(
    of entity: LegalEntityID, ledger: String, _ roles: [AccountRole], functional: Currency,
    on day: CalendarDate
  ) throws -> [Currency: RoleBalance]
}
