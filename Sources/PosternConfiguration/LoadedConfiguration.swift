import Intake
package import Ledger
package import PostingRules

/// A configuration folder that can be used: everything read and checked.
package struct LoadedConfiguration: Sendable {
  package var installation: InstallationSettings
  /// The rules that decide amounts and accounts, compiled, with their content address.
  package var rules: RuleBook
  /// By code.
  package var entities: [EntityConfiguration]
  /// By code.
  package var connections: [ConnectionConfiguration]
  /// Adapters that are not written in Swift, by name.
  package var adapters: [AdapterFolder]
  /// By code.
  package var sources: [SourceConfiguration]
  package var dimensions: [KnownDimension]
  /// In the order of the files.
  package var rates: [RateTable.Row]
  /// In the order of the files.
  package var ruleTests: [RuleTest]
  package var exceptions: ExceptionSettings
  package var alerts: AlertSettings
  package var halfPosted: HalfPostedSettings
  /// Warnings and notices, by file and line.
  package var findings: [ConfigurationFinding]
  /// Whether exchange rates of the source ``sampleRateSource`` are among the rates.
  package var hasSampleRates: Bool

  /// The source of the exchange rates that `init` writes.
  package static let sampleRateSource = "SAMPLE"

  package func source(_ code: String) -> SourceConfiguration? {
    sources.first { $0.source.code == code }
  }

  /// The source of documents that name none; nil when there is no such source.
  package var defaultSource: SourceConfiguration? {
    installation.defaultSource.flatMap { source($0) }
  }

  package func entity(_ id: LegalEntityID) -> EntityConfiguration? {
    entities.first { $0.id == id }
  }

  package func adapter(_ name: String) -> AdapterFolder? {
    adapters.first { $0.name == name }
  }

  package func connection(_ id: ConnectionID) -> ConnectionConfiguration? {
    connections.first { $0.id == id }
  }
}
