import AdapterKit
import Ledger
import StrictJSON

/// The ERP's ids of periods, and of records that our codes name by number; remembered once found.
///
/// What was not found is asked for again: it may have been created meanwhile.
actor NetSuiteDirectory {
  private let session: NetSuiteSession
  private var settings: NetSuiteSettings { session.settings }
  private var ids: [NetSuiteReference: String] = [:]
  private var periods: [FiscalPeriod: String] = [:]
  /// Our codes by internal id.
  private var codes: [NetSuiteReference.Kind: [String: String]] = [:]

  init(session: NetSuiteSession) { self.session = session }

  /// What stands in a request for each reference.
  ///
  /// - Throws: ``NetSuiteFailure`` `lacking` for one that the ERP does not know.
  func names(
    of references: Set<NetSuiteReference>, for key: PostingKey
  ) async throws(NetSuiteFailure) -> [NetSuiteReference: NetSuiteValue] {
    var names: [NetSuiteReference: NetSuiteValue] = [:]
    for reference in references {
      switch settings.naming[reference.kind] ?? .id {
      case .id where reference.kind != .currencies: names[reference] = .id(reference.code)
      case .externalId: names[reference] = .object(["externalId": .text(reference.code)])
      case .id, .number:
        guard let id = try await id(of: reference) else {
          throw .lacking(.unknown(reference, key))
        }
        names[reference] = .id(id)
      }
    }
    return names
  }

  private func id(of reference: NetSuiteReference) async throws(NetSuiteFailure) -> String? {
    if reference.kind == .currencies, let known = settings.currencies[reference.code] {
      return known
    }
    if let known = ids[reference] { return known }
    let table = reference.kind.table
    let query = settings.queries.record.replacing("{table}", with: table.name)
      .replacing("{column}", with: table.number)
      .replacing("{code}", with: reference.code.replacing("'", with: "''"))
    let rows = try await session.rows(query)
    guard rows.count == 1, let id = rows[0]["id"]?.plain else { return nil }
    ids[reference] = id
    return id
  }

  /// The currency of an internal id, as far as one of these is it.
  func currency(_ id: String) async throws(NetSuiteFailure) -> Currency? {
    if let code = settings.currencies.first(where: { $0.value == id })?.key {
      return Currency(code)
    }
    if let known = ids.first(where: { $0.key.kind == .currencies && $0.value == id }) {
      return Currency(known.key.code)
    }
    for row in try await session.rows(Self.currencyQuery(settings.queries)) {
      guard let id = row["id"]?.plain, let code = row["symbol"]?.plain else { continue }
      ids[NetSuiteReference(kind: .currencies, code: code)] = id
    }
    let found = ids.first { $0.key.kind == .currencies && $0.value == id }
    return found.flatMap { Currency($0.key.code) }
  }

  private static func currencyQuery(_ queries: NetSuiteQueries) -> String {
    queries.records.replacing("{columns}", with: "id, symbol")
      .replacing("{table}", with: NetSuiteReference.Kind.currencies.table.name)
      .replacing("{after}", with: "0")
  }

  /// Our code for a record of an internal id; the id itself where none is known.
  func code(
    of kind: NetSuiteReference.Kind, id: String
  ) async throws(NetSuiteFailure) -> String {
    let naming = settings.naming[kind] ?? .id
    guard naming != .id else { return id }
    if codes[kind]?[id] == nil {
      let column = naming == .number ? kind.table.number : "externalid"
      var last = "0"
      while true {
        let rows = try await session.rows(
          settings.queries.records.replacing("{columns}", with: "id, \(column)")
            .replacing("{table}", with: kind.table.name).replacing("{after}", with: last))
        for row in rows {
          guard let id = row["id"]?.plain else { continue }
          codes[kind, default: [:]][id] = row[column]?.plain ?? id
        }
        guard rows.count == NetSuiteSession.pageSize, let next = rows.last?["id"]?.plain else {
          break
        }
        last = next
      }
    }
    return codes[kind]?[id] ?? id
  }

  /// The internal id of the period that holds a day; nil when there is none.
  func period(of date: CalendarDate) async throws(NetSuiteFailure) -> String? {
    let month = FiscalPeriod(containing: date)
    if let known = settings.periods[month.text] ?? periods[month] { return known }
    let found = try await accountingPeriods(from: date, through: date)
    guard found.count == 1 else { return nil }
    // Only a period that is a month of the calendar stands for all its days.
    if found[0].first == month.firstDay.text, found[0].last == month.lastDay.text {
      periods[month] = found[0].id
    }
    return found[0].id
  }

  /// Whether a month takes postings: every period over it has to.
  func status(of month: FiscalPeriod) async throws(NetSuiteFailure) -> PeriodStatus {
    let found = try await accountingPeriods(from: month.firstDay, through: month.lastDay)
    if found.isEmpty { return .unknown }
    return found.allSatisfy { !$0.isClosed } ? .open : .closed
  }

  private struct AccountingPeriod {
    let id: String
    let first: String?
    let last: String?
    let isClosed: Bool
  }

  private func accountingPeriods(
    from first: CalendarDate, through last: CalendarDate
  ) async throws(NetSuiteFailure) -> [AccountingPeriod] {
    let query = settings.queries.periods.replacing("{from}", with: first.text)
      .replacing("{through}", with: last.text)
    var periods: [AccountingPeriod] = []
    for row in try await session.rows(query) {
      guard let id = row["id"]?.plain else { throw .unreadable("a period without an id") }
      periods.append(
        AccountingPeriod(
          id: id, first: row["startdate"]?.plain, last: row["enddate"]?.plain,
          isClosed: row.isSet("closed") || row.isSet("alllocked")))
    }
    return periods
  }
}

extension JSONView {
  /// SuiteQL writes `T` and `F`.
  func isSet(_ name: String) -> Bool {
    self[name]?.bool ?? (self[name]?.string?.uppercased() == "T")
  }
}

extension Rejection {
  fileprivate static func unknown(
    _ reference: NetSuiteReference, _ key: PostingKey
  ) -> Rejection {
    let rejectionClass: Rejection.Class =
      switch reference.kind {
      case .accounts: .unknownAccount
      case .customers: .unknownParty
      case .taxCodes: .tax
      case .items, .departments, .classes, .locations, .currencies: .validation
      }
    return .unsent(
      rejectionClass, key,
      "NetSuite shows no record of \(reference.kind.rawValue) with the number \(reference.code)")
  }
}
