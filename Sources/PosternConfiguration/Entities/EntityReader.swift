import Foundation
import Ledger
import PostingRules

/// Reads `entities/<code>.yaml`.
struct EntityReader {
  let findings: FindingList

  /// The ledger of an entity that names a single connection.
  static let primaryLedger = "primary"

  struct Parsed {
    var rules: EntityRules
    var chart: (name: String, place: FilePlace)?
    /// Where each connection is named.
    var connections: [(id: ConnectionID, place: FilePlace)]
    var place: FilePlace
  }

  func read(_ document: YAMLValue, code fileCode: String) -> Parsed? {
    SecretKeys.report(in: document, findings)
    guard var table = TableReader(document, .entity, findings) else { return nil }
    let code = table.requiredText("code")
    if let code, code != fileCode {
      findings.error(
        "code_mismatch", table.place(of: "code"),
        "The entity's code is '\(code)' and its file is named '\(fileCode)'",
        fix: "Name the file '\(code).yaml', or correct the code")
    }
    let name = table.requiredText("name")
    let country = country(&table)
    if table.value("currency") == nil { table.missing("currency") }
    let currency = table.currency("currency")
    let timeZone = timeZone(&table)
    let fiscalYearStart = table.integer("fiscalYearStart", in: 1...12)
    let closed = closedPeriods(table.value("periods"))
    var connections = connections(table.value("connection"))
    let policies = PolicyReader(findings: findings).read(table.value("policies"))
    let ledgers = ledgers(table.value("ledgers"), policies, &connections)
    let chart = table.text("chart").map { ($0, table.place(of: "chart")) }
    table.finish()
    guard let currency else { return nil }
    let entity = LegalEntity(
      id: LegalEntityID(fileCode), name: name ?? fileCode, country: country ?? "",
      functionalCurrency: currency, timeZone: timeZone ?? "UTC",
      fiscalYearStart: fiscalYearStart ?? 1)
    let rules = EntityRules(
      entity: entity, policies: policies, closedPeriods: closed,
      connections: Dictionary(connections.map { ($0.ledger, $0.id) }) { first, _ in first },
      parallelLedgers: ledgers)
    return Parsed(
      rules: rules, chart: chart, connections: connections.map { ($0.id, $0.place) },
      place: document.place)
  }

  private func country(_ table: inout TableReader) -> String? {
    guard let country = table.requiredText("country") else { return nil }
    let isCode =
      country.utf8.count == 2 && country.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    guard isCode else {
      findings.error(
        "wrong_type", table.place(of: "country"),
        "'country' is not two capital letters of ISO 3166", fix: "Write DE, NO, US …")
      return nil
    }
    return country
  }

  private func timeZone(_ table: inout TableReader) -> String? {
    guard let name = table.text("timeZone") else { return nil }
    return ZoneName.checked(name, at: table.place(of: "timeZone"), findings)
  }

  private func closedPeriods(_ value: YAMLValue?) -> Set<FiscalPeriod> {
    guard let value, var table = TableReader(value, .periods, findings) else { return [] }
    var closed: Set<FiscalPeriod> = []
    let place = table.place(of: "closed")
    for text in table.texts("closed") {
      guard let period = FiscalPeriod(text) else {
        findings.error(
          "wrong_type", place, "'\(text)' is no period", fix: "Write YYYY-MM such as 2026-08")
        continue
      }
      closed.insert(period)
    }
    table.finish()
    return closed
  }

  /// The ledgers besides the primary one; their policies are the entity's where they say nothing.
  private func ledgers(
    _ value: YAMLValue?, _ policies: EntityPolicies,
    _ connections: inout [(ledger: String, id: ConnectionID, place: FilePlace)]
  ) -> [LedgerRules] {
    guard let value else { return [] }
    guard let fields = value.fields else {
      findings.error(
        "wrong_type", value.place, "'ledgers' is not a table of ledgers",
        fix: "Write ledgers: { IFRS: { connection: …, policies: { … } } }")
      return []
    }
    var ledgers: [LedgerRules] = []
    for field in fields {
      guard field.key != Self.primaryLedger else {
        findings.error(
          "unknown_value", field.place, "The ledger '\(field.key)' is the entity's own",
          fix: "Write its connection, policies and periods beside 'ledgers', not below it")
        continue
      }
      guard var table = TableReader(field.value, .ledger, findings) else { continue }
      if let code = table.text("connection") {
        connections.append((field.key, ConnectionID(code), table.place(of: "connection")))
      }
      let own = PolicyReader(findings: findings).read(table.value("policies"), over: policies)
      let closed = closedPeriods(table.value("periods"))
      table.finish()
      ledgers.append(LedgerRules(name: field.key, policies: own, closedPeriods: closed))
    }
    return ledgers.sorted { $0.name < $1.name }
  }

  /// One connection for the primary ledger, or one for each ledger.
  private func connections(
    _ value: YAMLValue?
  ) -> [(ledger: String, id: ConnectionID, place: FilePlace)] {
    guard let value else { return [] }
    if let code = value.text {
      return [(Self.primaryLedger, ConnectionID(code), value.place)]
    }
    guard let fields = value.fields else {
      findings.error(
        "wrong_type", value.place, "'connection' is not the code of a connection",
        fix: "Write the code of a file in connections/, or one for each ledger")
      return []
    }
    return fields.compactMap { field in
      guard let code = field.value.text else {
        findings.error(
          "wrong_type", field.place, "Ledger '\(field.key)' has no connection",
          fix: "Write the code of a file in connections/")
        return nil
      }
      return (field.key, ConnectionID(code), field.place)
    }
  }
}
