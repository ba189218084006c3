import AdapterKit
import Intake
import Ledger

/// Reads `postern.yaml`.
struct InstallationReader {
  /// The folder's path, where a relative path of the store begins.
  let folder: String
  let findings: FindingList

  private static let idLength = 8...128

  struct Parsed {
    var settings: InstallationSettings
    /// Where each entity stands in its group.
    var members: [NamedEntity]
    var defaultSourcePlace: FilePlace
  }

  func read(_ document: YAMLValue) -> Parsed? {
    SecretKeys.report(in: document, findings)
    guard var table = TableReader(document, .installation, findings) else { return nil }
    let id = table.requiredText("installation")
    if let id, !Self.idLength.contains(id.count) || !id.allSatisfy(Self.isOfID) {
      findings.error(
        "wrong_type", table.place(of: "installation"),
        "'installation' is not 8 to 128 letters, digits and hyphens",
        fix: "Keep what 'postern init' wrote; a new one makes every posting key new")
    }
    let defaultSource = table.text("defaultSource")
    let store = store(table.value("store"))
    let limits = limits(table.value("limits"))
    let (groups, members) = groups(table.value("groups"))
    let audit = audit(table.value("audit"))
    let activation: InstallationSettings.Activation? = table.choice("activation")
    table.finish()
    return Parsed(
      settings: InstallationSettings(
        id: id ?? "", defaultSource: defaultSource, store: store, limits: limits, groups: groups,
        audit: audit, activation: activation ?? .none),
      members: members, defaultSourcePlace: table.place(of: "defaultSource"))
  }

  private static func isOfID(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "-")
  }

  private func store(_ value: YAMLValue?) -> InstallationSettings.Store {
    var path = InstallationSettings.defaultStore
    if let value, var table = TableReader(value, .store, findings) {
      path = table.text("sqlite") ?? path
      table.finish()
    }
    return .sqlite(path: path.hasPrefix("/") ? path : folder + "/" + path)
  }

  private func audit(_ value: YAMLValue?) -> AuditSettings {
    var settings = AuditSettings()
    guard let value, var table = TableReader(value, .audit, findings) else { return settings }
    settings.key = table.text("key").flatMap { SecretReference($0) }
    settings.every = table.integer("every", in: 1...1_000_000) ?? settings.every
    table.finish()
    return settings
  }

  private func limits(_ value: YAMLValue?) -> IntakeLimits {
    var limits = IntakeLimits.standard
    guard let value, var table = TableReader(value, .intakeLimits, findings) else { return limits }
    limits.bodyBytes = table.integer("bodyBytes", in: 1_024...(1 << 32)) ?? limits.bodyBytes
    limits.stringBytes = table.integer("stringBytes", in: 256...(1 << 30)) ?? limits.stringBytes
    limits.jsonDepth = table.integer("jsonDepth", in: 8...512) ?? limits.jsonDepth
    limits.xmlDepth = table.integer("xmlDepth", in: 16...1_024) ?? limits.xmlDepth
    limits.lines = table.integer("lines", in: 1...10_000_000) ?? limits.lines
    table.finish()
    return limits
  }

  private func groups(_ value: YAMLValue?) -> ([EntityGroup], [NamedEntity]) {
    guard let value else { return ([], []) }
    guard let fields = value.fields else {
      findings.error(
        "wrong_type", value.place, "'groups' is not a table of groups",
        fix: "Write one key for each group, and a list of entity codes below it")
      return ([], [])
    }
    var groups: [EntityGroup] = []
    var members: [NamedEntity] = []
    for field in fields {
      if field.value.list == nil, !field.value.isEmpty {
        findings.error(
          "wrong_type", field.value.place, "Group '\(field.key)' is not a list of entities",
          fix: "Write [CODE, CODE]")
      }
      var group = EntityGroup(name: field.key, entities: [])
      for element in field.value.list ?? [] {
        guard let code = element.text else {
          findings.error(
            "wrong_type", element.place, "Here stands \(element.kind), not an entity code",
            fix: "Write the code of an entity")
          continue
        }
        group.entities.append(LegalEntityID(code))
        members.append(NamedEntity(id: LegalEntityID(code), place: element.place))
      }
      groups.append(group)
    }
    return (groups, members)
  }
}

/// An entity's code where a file names it.
struct NamedEntity: Hashable {
  let id: LegalEntityID
  let place: FilePlace
}
