public import AdapterKit
public import Ledger

extension TrytonAdapter {
  public func periods(
    _ periods: [FiscalPeriod]
  ) async throws(Problem) -> [FiscalPeriod: PeriodStatus] {
    do throws(TrytonFailure) {
      var statuses: [FiscalPeriod: PeriodStatus] = [:]
      for period in Set(periods) { statuses[period] = try await directory.status(of: period) }
      return statuses
    } catch {
      throw error.problem("Reading the periods", settings.table, settings.redaction)
    }
  }

  public var masterData: Set<MasterDataKind> { [.accounts, .parties] }

  public func readMasterData(
    _ kind: MasterDataKind, consume: ([MasterRecord]) throws(Problem) -> Void
  ) async throws(Problem) {
    var last: Int64 = 0
    while true {
      let rows: [TrytonValue]
      do throws(TrytonFailure) {
        rows = try await records(of: kind, after: last)
      } catch {
        throw error.problem("Reading master data", settings.table, settings.redaction)
      }
      try consume(rows.compactMap { MasterRecord($0) })
      guard rows.count == Self.pageSize, let next = rows.last?["id"]?.integer else { return }
      last = next
    }
  }

  private func records(
    of kind: MasterDataKind, after last: Int64
  ) async throws(TrytonFailure) -> [TrytonValue] {
    let company = try await session.company()
    let after: TrytonValue = ["id", ">", .integer(last)]
    let model: String
    let domain: TrytonValue
    let fields: TrytonValue
    switch kind {
    case .accounts:
      (model, domain) = ("account.account", [["company", "=", .integer(company.id)], after])
      fields = ["id", "code", "name", "closed"]
    case .parties:
      (model, domain) = ("party.party", [after])
      fields = ["id", "code", "name", "active"]
    case .taxCodes, .dimensions, .items: return []
    }
    let found = try await session.call(
      "model.\(model).search_read",
      [domain, 0, .integer(Int64(Self.pageSize)), [["id", "ASC"]], fields])
    guard let rows = found.list else { throw .unreadable("a page of \(model)") }
    return rows
  }

  public func create(_ customer: Customer) async -> PartyOutcome {
    let subject = "Customer \(customer.id)"
    do throws(TrytonFailure) {
      if try await directory.party(customer.id) != nil { return .existing(code: customer.id) }
    } catch {
      return PartyOutcome(error.outcome(ofReading: subject, settings.table, settings.redaction))
    }
    do throws(TrytonFailure) {
      _ = try await session.call(
        "model.party.party.create",
        [[["name": .text(customer.name ?? customer.id), "code": .text(customer.id)]]])
      return .created(code: customer.id)
    } catch {
      return PartyOutcome(error.outcome(ofChange: subject, settings.table, settings.redaction))
    }
  }
}

extension MasterRecord {
  /// nil for a record without a code: entries cannot name it.
  fileprivate init?(_ record: TrytonValue) {
    guard let code = record["code"]?.text, !code.isEmpty else { return nil }
    self.init(
      code: code, name: record["name"]?.text ?? code,
      isActive: record["closed"]?.flag != true && record["active"]?.flag != false,
      id: record["id"]?.integer.map(String.init))
  }
}

extension PartyOutcome {
  /// What a failed call means for a party.
  fileprivate init(_ outcome: PostingOutcome) {
    switch outcome {
    case .rejected(let rejection): self = .rejected(rejection)
    case .retryLater(let postponement): self = .retryLater(postponement)
    case .unknown(let problem): self = .unknown(problem)
    case .posted, .alreadyPosted, .submitted:
      self = .unknown(.outcomeUnknown("The ERP answered something else than was asked"))
    }
  }
}
