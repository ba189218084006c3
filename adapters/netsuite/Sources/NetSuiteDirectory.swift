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
    let unknown = references.filter { isAsked($0) && ids[$0] == nil }
    for kind in Set(unknown.map(\.kind)) where kind.isSmall { try await load(kind) }
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

  /// Whether the ERP has to be asked for it.
  private func isAsked(_ reference: NetSuiteReference) -> Bool {
    guard reference.kind == .currencies else { return settings.naming[reference.kind] == .number }
    return settings.naming[.currencies] != .externalId
      && settings.currencies[reference.code] == nil
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

  /// Reads a table whole, as the codes of one entry may be many. A number that two records have names
  /// neither.
  private func load(_ kind: NetSuiteReference.Kind) async throws(NetSuiteFailure) {
    let column = settings.naming[kind] == .externalId ? "externalid" : kind.table.number
    var found: [String: [String]] = [:]
    var last = "0"
    while true {
      let rows = try await session.rows(
        settings.queries.records.replacing("{columns}", with: "id, \(column)")
          .replacing("{table}", with: kind.table.name).replacing("{after}", with: last))
      for row in rows {
        guard let id = row["id"]?.plain, let code = row[column]?.plain else { continue }
        found[code, default: []].append(id)
        codes[kind, default: [:]][id] = code
      }
      guard rows.count == NetSuiteSession.pageSize, let next = rows.last?["id"]?.plain,
        next != last
      else { break }
      last = next
    }
    for case (let code, let known) in found where known.count == 1 {
      ids[NetSuiteReference(kind: kind, code: code)] = known[0]
    }
  }

  /// The currency of an internal id.
  func currency(_ id: String) async throws(NetSuiteFailure) -> Currency? {
    if let code = settings.currencies.first(where: { $0.value == id })?.key {
      return Currency(code)
    }
    if codes[.currencies]?[id] == nil { try await load(.currencies) }
    return codes[.currencies]?[id].flatMap { Currency($0) }
  }

  /// Our code for a record of an internal id; the id itself where none is known.
  func code(
    of kind: NetSuiteReference.Kind, id: String
  ) async throws(NetSuiteFailure) -> String {
    if settings.naming[kind] == .id { return id }
    if codes[kind]?[id] == nil { try await load(kind) }
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
