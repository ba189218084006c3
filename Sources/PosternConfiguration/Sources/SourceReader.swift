import AdapterKit
import Intake
import Ledger
import PostingRules

/// Reads `sources/<code>.yaml`.
struct SourceReader {
  let findings: FindingList

  struct Parsed {
    var configuration: SourceConfiguration
    /// Where each entity is named.
    var entities: [NamedEntity]
  }

  func read(_ document: YAMLValue, code: String) -> Parsed? {
    SecretKeys.report(in: document, findings)
    guard var table = TableReader(document, .source, findings) else { return nil }
    var source = IntakeSource(code: code)
    var entities: [NamedEntity] = []
    source.format = table.choice("format") ?? source.format
    if let entity = table.text("entity") {
      source.entity = LegalEntityID(entity)
      entities.append(NamedEntity(id: LegalEntityID(entity), place: table.place(of: "entity")))
    }
    if let value = table.value("entityFrom") {
      source.entityFrom = mapping(value, into: &entities)
    }
    source.approval = table.choice("approval") ?? source.approval
    source.identity = table.choice("identity") ?? source.identity
    source.documentPeriodAppliesToLines = table.boolean(
      "documentPeriodAppliesToLines", default: source.documentPeriodAppliesToLines)
    source.selfBilled = table.choice("selfBilled") ?? source.selfBilled
    let webhookSecret = table.text("webhookSecret").flatMap { SecretReference($0) }
    let webhook = table.value("webhook").flatMap { WebhookReader(findings: findings).read($0) }
    let waitLimit = table.duration("waitLimit")
    let defaults = table.value("defaults").flatMap { self.defaults($0) }
    table.finish()
    return Parsed(
      configuration: SourceConfiguration(
        source: source, webhookSecret: webhookSecret, waitLimit: waitLimit, defaults: defaults,
        webhook: webhook,
        place: document.place.file),
      entities: entities)
  }

  private func defaults(_ value: YAMLValue) -> SourceDefaults? {
    guard var table = TableReader(value, .sourceDefaults, findings) else { return nil }
    let reader = DimensionsReader(findings: findings)
    let defaults = SourceDefaults(
      dimensions: reader.read(table.value("dimensions"), named: "dimensions"),
      custom: reader.read(table.value("custom"), named: "custom"))
    table.finish()
    return defaults
  }

  private func mapping(
    _ value: YAMLValue, into named: inout [NamedEntity]
  ) -> EntityMapping? {
    guard var table = TableReader(value, .entityFrom, findings) else { return nil }
    if table.value("field") == nil { table.missing("field") }
    let field: EntityMapping.Field? = table.choice("field")
    var entities: [String: LegalEntityID] = [:]
    if let value = table.value("entities") {
      for entry in value.fields ?? [] {
        guard let code = entry.value.text else {
          findings.error(
            "wrong_type", entry.place, "'\(entry.key)' has no entity code",
            fix: "Write the code of an entity behind it")
          continue
        }
        entities[entry.key] = LegalEntityID(code)
        named.append(NamedEntity(id: LegalEntityID(code), place: entry.place))
      }
      if value.fields == nil { table.wrongType("entities", value, expected: "a table of codes") }
    } else {
      table.missing("entities")
    }
    table.finish()
    return field.map { EntityMapping(field: $0, entities: entities) }
  }
}
