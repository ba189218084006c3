public import AdapterKit
public import Ledger
import StrictJSON

extension NetSuiteAdapter {
  public func periods(
    _ periods: [FiscalPeriod]
  ) async throws(Problem) -> [FiscalPeriod: PeriodStatus] {
    do throws(NetSuiteFailure) {
      var statuses: [FiscalPeriod: PeriodStatus] = [:]
      for period in Set(periods) { statuses[period] = try await directory.status(of: period) }
      return statuses
    } catch {
      throw error.problem("Reading the periods", settings.table, settings.redaction)
    }
  }

  public var masterData: Set<MasterDataKind> {
    [.accounts, .parties, .taxCodes, .dimensions, .items]
  }

  public func readMasterData(
    _ kind: MasterDataKind, consume: ([MasterRecord]) throws(Problem) -> Void
  ) async throws(Problem) {
    for part in kind.parts {
      var last = "0"
      while true {
        let rows: [JSONView]
        do throws(NetSuiteFailure) {
          rows = try await records(of: part, after: last)
        } catch {
          throw error.problem("Reading master data", settings.table, settings.redaction)
        }
        let naming = settings.naming[part] ?? .id
        let dimension = settings.dimensions.first { $0.value.name == part.dimension }?.key
        try consume(
          rows.compactMap { MasterRecord($0, part, naming, dimension: dimension ?? part.dimension) }
        )
        guard rows.count == NetSuiteSession.pageSize, let next = rows.last?["id"]?.plain,
          next != last
        else { break }
        last = next
      }
    }
  }

  private func records(
    of kind: NetSuiteReference.Kind, after last: String
  ) async throws(NetSuiteFailure) -> [JSONView] {
    let columns = ["id", kind.table.number, "externalid", "isinactive"] + kind.nameColumn
    return try await session.rows(
      settings.queries.records.replacing("{columns}", with: columns.joined(separator: ", "))
        .replacing("{table}", with: kind.table.name).replacing("{after}", with: last))
  }
}

extension MasterDataKind {
  fileprivate var parts: [NetSuiteReference.Kind] {
    switch self {
    case .accounts: [.accounts]
    case .parties: [.customers]
    case .taxCodes: [.taxCodes]
    case .dimensions: [.departments, .classes, .locations]
    case .items: [.items]
    }
  }
}

extension NetSuiteReference.Kind {
  /// The field of a line that names such a record; nil for what is no dimension.
  fileprivate var dimension: String? {
    switch self {
    case .departments: "department"
    case .classes: "class"
    case .locations: "location"
    case .accounts, .customers, .items, .taxCodes, .currencies: nil
    }
  }

  /// The column of a name beside the number, where there is one.
  fileprivate var nameColumn: [String] { self == .accounts ? ["fullname"] : [] }
}

extension MasterRecord {
  /// nil for a record without the code that entries name it by.
  fileprivate init?(
    _ row: JSONView, _ kind: NetSuiteReference.Kind, _ naming: NetSuiteSettings.Naming,
    dimension: String?
  ) {
    let number = row[kind.table.number]?.plain
    let code: String? =
      switch naming {
      case .id: row["id"]?.plain
      case .externalId: row["externalid"]?.plain
      case .number: number
      }
    guard let code, !code.isEmpty else { return nil }
    self.init(
      code: code, name: row["fullname"]?.string ?? number ?? code, dimension: dimension,
      isActive: !row.isSet("isinactive"), id: row["id"]?.plain)
  }
}
