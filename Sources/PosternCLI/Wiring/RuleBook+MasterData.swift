internal import AdapterKit
internal import Ledger
internal import PostingEngine
internal import PostingRules

extension RuleBook {
  /// What the entries that go through a connection could name by the configuration.
  func masterData(for connection: ConnectionID) -> [MasterDataUse] {
    let users = entities.values.filter { $0.connections.values.contains(connection) }
    var uses: [MasterDataUse] = []
    for (_, table) in accounts.tables.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      for row in table.rows where users.contains(where: row.mayHold) {
        let place = "\(row.file ?? table.file), row \(row.number)"
        uses.append(MasterDataUse(.accounts, row.account.code, at: place))
        uses += row.dimensions.pairs.map {
          MasterDataUse(.dimensions, $0.value, dimension: $0.name, at: place)
        }
      }
    }
    uses += taxCodes.keys.sorted().map { MasterDataUse(.taxCodes, $0, at: "taxes.yaml") }
    for dimension in dimensions.dimensions {
      uses += (dimension.values ?? []).sorted().map {
        MasterDataUse(.dimensions, $0, dimension: dimension.name, at: DimensionRules.file)
      }
    }
    return uses
  }
}

extension AccountRow {
  /// Whether some line of the entity could get its account.
  fileprivate func mayHold(for rules: EntityRules) -> Bool {
    conditions.allSatisfy { condition in
      switch condition.attribute {
      case .entity: condition.holds(for: rules.entity.id.code)
      case .group: rules.groups.contains { condition.holds(for: $0) }
      default: true
      }
    }
  }
}
