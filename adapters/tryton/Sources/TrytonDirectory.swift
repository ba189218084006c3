import AdapterKit
import Ledger

/// The ERP's ids of accounts, parties, journals, currencies and periods, remembered once found.
///
/// What was not found is asked for again: it may have been created meanwhile.
actor TrytonDirectory {
  private let session: TrytonSession
  private var accounts: [AccountCode: Account] = [:]
  private var ids: [Name: Int64] = [:]
  private var periods: [FiscalPeriod: Int64] = [:]

  struct Account: Hashable, Sendable {
    var id: Int64
    var wantsParty: Bool
  }

  private struct Name: Hashable {
    var model: String
    var code: String
  }

  init(session: TrytonSession) { self.session = session }

  /// nil when the company has no such account, or it is closed.
  func account(_ code: AccountCode) async throws(TrytonFailure) -> Account? {
    if let known = accounts[code] { return known }
    let company = try await session.company()
    let found = try await session.call(
      "model.account.account.search_read",
      [
        [["code", "=", .text(code.code)], ["company", "=", .integer(company.id)]], 0, 2, .null,
        ["id", "party_required", "closed"],
      ])
    guard let rows = found.list else { throw .unreadable("the list of accounts") }
    guard rows.count == 1, let id = rows[0]["id"]?.integer, rows[0]["closed"]?.flag != true else {
      return nil
    }
    let account = Account(id: id, wantsParty: rows[0]["party_required"]?.flag ?? false)
    accounts[code] = account
    return account
  }

  func party(_ code: String) async throws(TrytonFailure) -> Int64? {
    try await id(of: code, in: "party.party")
  }

  func journal(_ code: String) async throws(TrytonFailure) -> Int64? {
    try await id(of: code, in: "account.journal")
  }

  func currency(_ currency: Currency) async throws(TrytonFailure) -> Int64? {
    try await id(of: currency.code, in: "currency.currency")
  }

  /// The standard period of the company that holds a day; nil when it has none.
  ///
  /// Months of the calendar are remembered only where the ERP's period is one.
  func period(of date: CalendarDate) async throws(TrytonFailure) -> Int64? {
    let month = FiscalPeriod(containing: date)
    if let known = periods[month] { return known }
    let company = try await session.company()
    let found = try await session.call(
      "model.account.period.search_read",
      [
        [
          ["company", "=", .integer(company.id)], ["type", "=", "standard"],
          ["start_date", "<=", TrytonValue(date)], ["end_date", ">=", TrytonValue(date)],
        ], 0, 2, .null, ["id", "start_date", "end_date"],
      ])
    guard let rows = found.list else { throw .unreadable("the list of periods") }
    guard rows.count == 1, let id = rows[0]["id"]?.integer else { return nil }
    if rows[0]["start_date"]?.calendarDate == month.firstDay,
      rows[0]["end_date"]?.calendarDate == month.lastDay
    {
      periods[month] = id
    }
    return id
  }

  /// Whether a month takes postings: every standard period of the company that lies in it has to.
  func status(of month: FiscalPeriod) async throws(TrytonFailure) -> PeriodStatus {
    let company = try await session.company()
    let found = try await session.call(
      "model.account.period.search_read",
      [
        [
          ["company", "=", .integer(company.id)], ["type", "=", "standard"],
          ["start_date", "<=", TrytonValue(month.lastDay)],
          ["end_date", ">=", TrytonValue(month.firstDay)],
        ], 0, .null, .null, ["id", "state"],
      ])
    guard let rows = found.list else { throw .unreadable("the list of periods") }
    if rows.isEmpty { return .unknown }
    return rows.allSatisfy { $0["state"]?.text == "open" } ? .open : .closed
  }

  private func id(of code: String, in model: String) async throws(TrytonFailure) -> Int64? {
    let name = Name(model: model, code: code)
    if let known = ids[name] { return known }
    let found = try await session.call(
      "model.\(model).search_read", [[["code", "=", .text(code)]], 0, 2, .null, ["id"]])
    guard let rows = found.list else { throw .unreadable("the list of \(model)") }
    guard rows.count == 1, let id = rows[0]["id"]?.integer else { return nil }
    ids[name] = id
    return id
  }
}
