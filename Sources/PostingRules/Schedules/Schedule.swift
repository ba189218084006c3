package import Ledger

/// An amount in transaction and in functional currency, in minor units of each.
package struct DeferredAmount: Hashable, Sendable {
  package var amount: Int64
  package var functional: Int64

  package init(_ amount: Int64 = 0, functional: Int64 = 0) {
    self.amount = amount
    self.functional = functional
  }

  package static let zero = DeferredAmount()
  package var isZero: Bool { self == .zero }

  package static func + (left: Self, right: Self) -> Self {
    Self(left.amount + right.amount, functional: left.functional + right.functional)
  }

  package static func - (left: Self, right: Self) -> Self { left + -right }

  package static prefix func - (value: Self) -> Self {
    Self(-value.amount, functional: -value.functional)
  }

  package static func += (left: inout Self, right: Self) { left = left + right }
  package static func -= (left: inout Self, right: Self) { left = left - right }
}

extension Sequence<DeferredAmount> {
  package var sum: DeferredAmount { reduce(.zero, +) }
}

/// The row number of a schedule in the store.
package struct ScheduleNumber: Hashable, Sendable, Comparable {
  package let value: Int64
  package init(_ value: Int64) { self.value = value }
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Where a schedule's lines go: chosen once, when it is made, so that what is deferred and what is
/// released always meet on one account.
package struct ScheduleAccount: Hashable, Sendable {
  package var role: AccountRole
  package var account: AccountCode
  package var dimensions: Dimensions
  package var reason: AccountReason

  package init(
    role: AccountRole, account: AccountCode, dimensions: Dimensions, reason: AccountReason
  ) {
    self.role = role
    self.account = account
    self.dimensions = dimensions
    self.reason = reason
  }
}

/// What is agreed about the revenue of one document line. It never changes.
package struct ScheduleTerms: Hashable, Sendable {
  package var entity: LegalEntityID
  package var ledger: String
  /// The line's id in its document.
  package var line: String
  package var product: String
  package var customer: String?
  package var contract: String?
  package var method: DeferralMethod
  package var service: DateRange
  /// What usage is measured against; only for ``DeferralMethod/usage``.
  package var usage: ScheduleUsage?
  package var currency: Currency
  package var functionalCurrency: Currency
  /// Of the document, for good: deferred revenue is not monetary.
  package var rate: ExchangeRate?
  package var deferred: ScheduleAccount
  package var recognised: ScheduleAccount
  package var description: String

  package init(
    entity: LegalEntityID, ledger: String, line: String, product: String, customer: String?,
    contract: String?, method: DeferralMethod, service: DateRange, usage: ScheduleUsage?,
    currency: Currency, functionalCurrency: Currency, rate: ExchangeRate?,
    deferred: ScheduleAccount, recognised: ScheduleAccount, description: String
  ) {
    self.entity = entity
    self.ledger = ledger
    self.line = line
    self.product = product
    self.customer = customer
    self.contract = contract
    self.method = method
    self.service = service
    self.usage = usage
    self.currency = currency
    self.functionalCurrency = functionalCurrency
    self.rate = rate
    self.deferred = deferred
    self.recognised = recognised
    self.description = description
  }
}

/// The quantity that a line sold in advance, and what counts it.
package struct ScheduleUsage: Hashable, Sendable {
  /// nil counts every meter of the product.
  package var meter: String?
  package var quantity: ExactDecimal

  package init(meter: String?, quantity: ExactDecimal) {
    self.meter = meter
    self.quantity = quantity
  }
}

/// One month of a schedule: what all versions together plan for it, and what is released of it.
package struct ScheduleMonth: Hashable, Sendable {
  package var period: FiscalPeriod
  package var planned: DeferredAmount
  package var released: DeferredAmount

  package init(
    _ period: FiscalPeriod, planned: DeferredAmount, released: DeferredAmount = .zero
  ) {
    self.period = period
    self.planned = planned
    self.released = released
  }

  package var unreleased: DeferredAmount { planned - released }
}

/// The revenue schedule of one document line as it now stands.
package struct Schedule: Hashable, Sendable {
  package var number: ScheduleNumber
  package var document: DocumentIdentity
  /// The number printed on the document.
  package var reference: String
  package var revision: Int
  package var documentDate: CalendarDate
  package var terms: ScheduleTerms
  /// In the order of time.
  package var months: [ScheduleMonth]

  package init(
    number: ScheduleNumber, document: DocumentIdentity, reference: String, revision: Int,
    documentDate: CalendarDate, terms: ScheduleTerms, months: [ScheduleMonth]
  ) {
    self.number = number
    self.document = document
    self.reference = reference
    self.revision = revision
    self.documentDate = documentDate
    self.terms = terms
    self.months = months
  }

  /// What the line is worth after all versions.
  package var planned: DeferredAmount { months.map(\.planned).sum }
  package var released: DeferredAmount { months.map(\.released).sum }
  /// What stands on the deferred account.
  package var deferred: DeferredAmount { planned - released }
}

/// A step in the life of a schedule. Every line on a deferred account has its movements, so that
/// what is deferred is the sum of them.
package struct ScheduleMovement: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The first version.
    case opened
    /// A later version: months that were not released are planned anew.
    case reshaped
    /// Given up or taken back: it will not be released.
    case cancelled
    /// Recognised as planned; positive where revenue is taken back.
    case released
    /// Recognised later than the month it is for, or ahead of it.
    case caughtUp

    /// Whether it says what is to be recognised rather than what was.
    package var isPlan: Bool { self == .opened || self == .reshaped || self == .cancelled }
  }

  package var kind: Kind
  /// The month of service.
  package var period: FiscalPeriod
  /// Added to what is deferred.
  package var amount: DeferredAmount

  package init(_ kind: Kind, _ period: FiscalPeriod, _ amount: DeferredAmount) {
    self.kind = kind
    self.period = period
    self.amount = amount
  }
}

/// What a document does to one schedule.
package struct ScheduleChange: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    case new(ScheduleTerms)
    case existing(ScheduleNumber, of: DocumentIdentity)
  }

  package var target: Target
  package var movements: [ScheduleMovement]
  /// On which the movements stand in the books.
  package var postingDate: CalendarDate

  package init(
    _ target: Target, _ movements: [ScheduleMovement], postingDate: CalendarDate
  ) {
    self.target = target
    self.movements = movements
    self.postingDate = postingDate
  }
}
