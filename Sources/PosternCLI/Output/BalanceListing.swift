internal import AdapterKit
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import PostingRules
internal import StrictJSON

/// Account balances of the journal beside those of the ERPs.
struct BalanceListing {
  private struct Section {
    let entity: LegalEntityID
    let connection: ConnectionID
    let period: FiscalPeriod
    /// nil where the ERP tells no balances.
    let rows: [BalanceComparison.Row]?
  }

  private var sections: [Section] = []

  /// - Parameter periods: the current one where there is none.
  init(
    _ installation: Installation, _ store: any PostingStore, periods: [FiscalPeriod],
    entities: [String]
  ) async throws {
    let today = CalendarDate(
      dayNumber: Int(installation.clock.now.milliseconds / 86_400_000))
    let configuration = installation.configuration
    for rules in try installation.entities(entities) {
      for (_, id) in rules.connections.sorted(by: { $0.key < $1.key }) {
        guard let connection = configuration.connection(id) else { continue }
        let reader = BooksReader(
          connection: connection, adapter: try installation.adapter(of: connection))
        for period in periods.isEmpty ? [FiscalPeriod(containing: today)] : periods {
          sections.append(
            Section(
              entity: rules.entity.id, connection: id, period: period,
              rows: try await reader.balances(
                of: rules.entity.id, atEndOf: period, with: store)))
        }
      }
    }
  }

  /// Whether every balance that an ERP tells is ours.
  var tiesOut: Bool { sections.allSatisfy { ($0.rows ?? []).allSatisfy(\.difference.isZero) } }

  func show(_ options: GlobalOptions) {
    var listing = Listing(
      options, "balances",
      [
        ("Entity", .left), ("Period", .left), ("Connection", .left), ("Account", .left),
        ("Journal", .right), ("ERP", .right), ("Difference", .right),
      ])
    for section in sections {
      let head = [section.entity.code, section.period.text, section.connection.code]
      guard let rows = section.rows else {
        listing.add(head + ["the ERP tells no balances", "", "", ""]) { writer in
          writer.object { write(section, in: &$0) }
        }
        continue
      }
      for row in rows {
        listing.add(
          head + [
            row.account.code, row.journal.description, row.erp?.description ?? "–",
            row.difference.description,
          ]
        ) { writer in
          writer.object { writer in
            write(section, in: &writer)
            for (key, text) in [
              ("account", row.account.code), ("currency", row.journal.currency.code),
              ("journal", row.journal.text), ("difference", row.difference.text),
            ] {
              writer.key(key)
              writer.string(text)
            }
            if let erp = row.erp {
              writer.key("erp")
              writer.string(erp.text)
            }
          }
        }
      }
    }
    listing.finish(empty: "The journal has no balances.")
  }

  private func write(_ section: Section, in writer: inout JSONWriter) {
    for (key, text) in [
      ("entity", section.entity.code), ("period", section.period.text),
      ("connection", section.connection.code),
    ] {
      writer.key(key)
      writer.string(text)
    }
  }
}
