package import Ledger

/// What customers owe an entity at the end of a day, by how long it is overdue, tied out with the
/// account that sums it.
package struct AgeingReport: Sendable {
  package enum Age: String, Hashable, Sendable, CaseIterable {
    case notDue, days1To30, days31To60, days61To90, over90

    /// - Parameter days: since the due date; negative before it.
    package init(overdueBy days: Int) {
      switch days {
      case ...0: self = .notDue
      case ...30: self = .days1To30
      case ...60: self = .days31To60
      case ...90: self = .days61To90
      default: self = .over90
      }
    }
  }

  /// A customer's items of one currency.
  package struct Row: Sendable {
    package var customer: String?
    package var ages: [Age: Money]
    package var total: Money
    /// What the total is carried at in functional currency.
    package var functional: Money
    package var items: Int
  }

  /// The items of one currency against their control account.
  package struct TieOut: Sendable {
    package var currency: Currency
    package var items: RoleBalance
    package var control: RoleBalance

    package var tiesOut: Bool { items == control }
  }

  package let entity: LegalEntityID
  package let day: CalendarDate
  /// By customer and currency.
  package let rows: [Row]
  /// By currency.
  package let tieOuts: [TieOut]

  package var tiesOut: Bool { tieOuts.allSatisfy(\.tiesOut) }

  package init(
    of entity: LegalEntityID, ledger: String = EntryHead.primaryLedger, functional: Currency,
    on day: CalendarDate, in queries: any PostingQueries
  ) throws {
    let open = try queries.openBalances(
      of: entity, ledger: ledger, .receivable, functional: functional, on: day)
    let control = try queries.balances(
      of: entity, ledger: ledger, [.receivable], functional: functional, on: day)
    self.entity = entity
    self.day = day
    rows = Self.rows(open, on: day)
    var items: [Currency: RoleBalance] = [:]
    for balance in open {
      let currency = balance.amount.currency
      var sum =
        items[currency] ?? RoleBalance(amount: .zero(currency), functional: .zero(functional))
      sum.amount += balance.amount
      sum.functional += balance.functional
      items[currency] = sum
    }
    tieOuts = Set(items.keys).union(control.keys).sorted().map { currency in
      let none = RoleBalance(amount: .zero(currency), functional: .zero(functional))
      return TieOut(
        currency: currency, items: items[currency] ?? none, control: control[currency] ?? none)
    }
  }

  private static func rows(_ open: [OpenBalance], on day: CalendarDate) -> [Row] {
    struct Key: Hashable {
      let customer: String?
      let currency: Currency
    }
    var rows: [Key: Row] = [:]
    for balance in open {
      let currency = balance.amount.currency
      let key = Key(customer: balance.customer, currency: currency)
      let age = Age(overdueBy: day.days(since: balance.dueDate ?? balance.documentDate))
      var row =
        rows[key]
        ?? Row(
          customer: balance.customer, ages: [:], total: .zero(currency),
          functional: .zero(balance.functional.currency), items: 0)
      row.ages[age] = (row.ages[age] ?? .zero(currency)) + balance.amount
      row.total += balance.amount
      row.functional += balance.functional
      row.items += 1
      rows[key] = row
    }
    return rows.sorted {
      ($0.key.customer ?? "", $0.key.currency) < ($1.key.customer ?? "", $1.key.currency)
    }.map(\.value)
  }
}
