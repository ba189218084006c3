import Intake
import Ledger
import PostingRules

/// What the files of a folder say, with the places that checks need.
struct FolderContents {
  var installation: InstallationReader.Parsed?
  var entities: [EntityReader.Parsed] = []
  var charts: [String: ChartOfAccounts] = [:]
  var connections: [ConnectionConfiguration] = []
  var adapters: [AdapterFolder] = []
  /// Those whose file is there, readable or not.
  var connectionCodes: Set<ConnectionID> = []
  var entityCodes: Set<LegalEntityID> = []
  var sourceCodes: Set<String> = []
  var sources: [SourceReader.Parsed] = []
  /// By role; those of the table's own file first.
  var rows: [AccountRole: [PlacedRow]] = [:]
  /// Roles of which rows could not be read, so that nothing can be said about holes.
  var incompleteRoles: Set<AccountRole> = []
  var taxes = TaxReader.Parsed()
  var dimensions = DimensionReader.Parsed()
  var intercompany = IntercompanyReader.Parsed()
  var bankAccounts = BankAccountReader.Parsed()
  var rates: [RateTable.Row] = []
  /// The files of rates that hold sample rates, with the number of them.
  var sampleRates: [(file: String, count: Int)] = []
  var ruleTests: [RuleTest] = []
  var exceptions = ExceptionSettings()
  var alerts = AlertSettings()
  var version = ""

  var entityRules: [EntityRules] { entities.map(\.rules) }

  /// The chart of an entity; nil when it has none.
  func chart(of entity: LegalEntityID) -> ChartOfAccounts? {
    entities.first { $0.rules.entity.id == entity }?.chart
      .flatMap { charts[ChartName.file(for: $0.name, among: charts.keys)] }
  }

  /// The table of a role as the rules take it.
  func table(of role: AccountRole) -> AccountTable {
    AccountTable(
      role: role, file: Self.file(of: role), rows: (rows[role] ?? []).map(\.row))
  }

  static func file(of role: AccountRole) -> String { "accounts/\(role.rawValue).yaml" }

  func loaded(_ settings: InstallationSettings, findings: [ConfigurationFinding])
    -> LoadedConfiguration
  {
    let rules = RuleBook(
      version: version,
      entities: Dictionary(entityRules.map { ($0.entity.id, $0) }) { first, _ in first },
      accounts: AccountDetermination(rows.keys.map { table(of: $0) }),
      rates: RateTable(rates), moneyAccounts: bankAccounts.accounts, taxCodes: taxes.codes,
      intercompany: intercompany.agreements,
      dimensions: DimensionDerivation(dimensions.rules),
      sourceDefaults: Dictionary(
        sources.compactMap { parsed in
          parsed.configuration.defaults.map { (parsed.configuration.source.code, $0) }
        }
      ) { first, _ in first })
    return LoadedConfiguration(
      installation: settings, rules: rules,
      entities: entities.map { entity in
        EntityConfiguration(
          rules: entity.rules, chart: chart(of: entity.rules.entity.id), place: entity.place.file)
      },
      connections: connections, adapters: adapters, sources: sources.map(\.configuration),
      dimensions: dimensions.known, rates: rates, ruleTests: ruleTests, exceptions: exceptions,
      alerts: alerts, halfPosted: intercompany.halfPosted, findings: findings,
      hasSampleRates: !sampleRates.isEmpty)
  }
}

/// How an entity names its chart: the file in `charts/`, or its path in the configuration folder.
enum ChartName {
  static func file(for name: String, among files: some Collection<String>) -> String {
    files.contains(name) ? name : "charts/" + name
  }
}
