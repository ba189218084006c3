import Ledger

/// Reads `exceptions.yaml`.
struct ExceptionSettingsReader {
  let classes: ExceptionClassCheck
  let findings: FindingList

  func read(_ document: YAMLValue) -> ExceptionSettings {
    var settings = ExceptionSettings()
    guard var table = TableReader(document, .exceptions, findings) else { return settings }
    for element in table.value("secondPerson")?.list ?? [] {
      let action: ExceptionSettings.Action? = TableReader.choice(
        of: element, named: "secondPerson", findings)
      if let action { settings.secondPerson.insert(action) }
    }
    if let value = table.value("secondPerson"), value.list == nil {
      table.wrongType("secondPerson", value, expected: "a list of actions")
    }
    if let rules = table.value("rules") {
      for element in ListReader.elements(rules, findings) {
        guard var row = TableReader(element, .exceptionRule, findings) else { continue }
        let match = classes.match(in: &row)
        settings.rules.append(
          ExceptionSettings.Rule(
            match: match, owner: row.text("owner"), sla: row.duration("sla")))
        row.finish()
      }
    }
    table.finish()
    return settings
  }
}

/// Reads which exceptions a rule is about, and checks that there can be such.
struct ExceptionClassCheck {
  /// Every class; empty where that is not known.
  let known: [String]
  let entities: Set<LegalEntityID>
  let connections: Set<ConnectionID>
  let findings: FindingList

  func match(in table: inout TableReader) -> ExceptionMatch {
    let exceptionClass = table.text("class")
    if let exceptionClass, !known.isEmpty, !known.contains(exceptionClass) {
      findings.error(
        "unknown_value", table.place(of: "class"), "'\(exceptionClass)' is no class of exceptions",
        fix: Suggestion.fix(for: exceptionClass, known: known))
    }
    let entity = table.text("entity").map { LegalEntityID($0) }
    if let entity, !entities.contains(entity) {
      findings.error(
        "unknown_entity", table.place(of: "entity"), "There is no entity '\(entity)'",
        fix: Suggestion.fix(for: entity.code, known: entities.map(\.code).sorted()))
    }
    let connection = table.text("connection").map { ConnectionID($0) }
    if let connection, !connections.contains(connection) {
      findings.error(
        "unknown_connection", table.place(of: "connection"),
        "There is no connection '\(connection)'",
        fix: Suggestion.fix(for: connection.code, known: connections.map(\.code).sorted()))
    }
    return ExceptionMatch(
      exceptionClass: exceptionClass, entity: entity, connection: connection)
  }
}
