import Ledger
import PostingRules

/// Checks what the files say about one another: codes that must exist somewhere else.
struct ReferenceCheck {
  let contents: FolderContents
  let findings: FindingList

  func run() {
    if contents.entityCodes.isEmpty {
      findings.error(
        "no_entities", FilePlace(file: "entities"), "There is no legal entity",
        fix: "Write entities/CODE.yaml with code, name, country and currency")
    }
    checkEntities()
    checkConnections()
    checkSources()
    checkCharts()
    checkIntercompanyTaxes()
  }

  private func checkIntercompanyTaxes() {
    let known = contents.taxes.codes.keys.sorted()
    for (code, place) in contents.intercompany.taxCodes where contents.taxes.codes[code] == nil {
      findings.error(
        "unknown_tax_code", place, "There is no tax code '\(code)' in taxes.yaml",
        fix: Suggestion.fix(for: code, known: known))
    }
  }

  private func checkEntities() {
    var named = contents.installation?.members ?? []
    named += contents.sources.flatMap(\.entities)
    named += contents.bankAccounts.entities
    named += contents.intercompany.entities
    let known = contents.entityCodes.map(\.code).sorted()
    for entity in named where !contents.entityCodes.contains(entity.id) {
      findings.error(
        "unknown_entity", entity.place, "There is no entity '\(entity.id)'",
        fix: Suggestion.fix(for: entity.id.code, known: known))
    }
  }

  private func checkConnections() {
    let known = contents.connectionCodes.map(\.code).sorted()
    var used: Set<ConnectionID> = []
    for entity in contents.entities {
      for (id, place) in entity.connections {
        used.insert(id)
        guard !contents.connectionCodes.contains(id) else { continue }
        findings.error(
          "unknown_connection", place, "There is no connection '\(id)'",
          fix: Suggestion.fix(for: id.code, known: known))
      }
      if entity.connections.isEmpty {
        findings.add(
          .warning, "no_connection", entity.place,
          "Entity \(entity.rules.entity.id) has no connection: its entries stay here",
          fix: "Write connection: CODE, with the code of a file in connections/")
      }
    }
    // An entity that cannot be read may use any of them.
    guard contents.entities.count == contents.entityCodes.count else { return }
    for id in contents.connectionCodes.sorted() where !used.contains(id) {
      findings.add(
        .warning, "unused_connection", FilePlace(file: "connections/\(id).yaml"),
        "No entity posts through the connection '\(id)'",
        fix: "Name it in an entity as connection: \(id), or remove the file")
    }
  }

  private func checkSources() {
    let known = contents.sourceCodes.sorted()
    if let installation = contents.installation,
      let code = installation.settings.defaultSource, !contents.sourceCodes.contains(code)
    {
      findings.error(
        "unknown_source", installation.defaultSourcePlace, "There is no source '\(code)'",
        fix: Suggestion.fix(for: code, known: known))
    }
    if known.isEmpty {
      findings.add(
        .warning, "no_sources", FilePlace(file: "sources"),
        "There is no source: no document can come in",
        fix: "Write sources/CODE.yaml for each billing system")
    }
    for test in contents.ruleTests {
      guard let code = test.source, !contents.sourceCodes.contains(code) else { continue }
      findings.add(
        Problem(
          code: "unknown_source", pointer: test.place,
          detail: "There is no source '\(code)' for the rule test '\(test.name)'",
          fix: Suggestion.fix(for: code, known: known)),
        at: FilePlace(pointer: test.place))
    }
  }

  private func checkCharts() {
    for entity in contents.entities {
      guard let (name, place) = entity.chart else { continue }
      let file = ChartName.file(for: name, among: contents.charts.keys)
      guard contents.charts[file] == nil else { continue }
      findings.error(
        "missing_file", place, "The chart '\(name)' is not in charts/, or cannot be read",
        fix: Suggestion.fix(for: name, known: contents.charts.keys.sorted()))
    }
  }
}
