package import AdapterKit
package import Ledger

/// One way into one ERP, as `connections/<code>.yaml` describes it.
package struct ConnectionConfiguration: Sendable {
  package let id: ConnectionID
  /// The adapter's name: `generic-rest`.
  package let adapter: String
  /// What the adapter reads: its own keys, `errors` as it is written, and of `timeouts` the
  /// `request` in whole seconds, rounded up.
  package let settings: AdapterSettings
  package var limits = Limits()
  package var timeouts = Timeouts()
  /// Overrides of the adapter's outcome table, as written; nil when there are none.
  package var errors: SettingValue?
  /// Where the ERP's books are read for reconciliation, with `{company}` and `{period}` in the
  /// text; nil when the adapter itself reads them, or nothing does.
  package var readBack: String?
  /// How often submitted postings are asked about; nil for the engine's own choice.
  package var pollEvery: Duration?
  /// How long an acknowledgement may take before people are told; nil for the engine's own choice.
  package var acknowledgeWithin: Duration?
  /// `connections/erp.yaml`.
  package let place: String

  package init(id: ConnectionID, adapter: String, settings: AdapterSettings, place: String) {
    self.id = id
    self.adapter = adapter
    self.settings = settings
    self.place = place
  }

  /// What the ERP lets us do; nil means no limit of that kind.
  package struct Limits: Hashable, Sendable {
    package static let defaultConcurrency = 4

    /// Requests at the same time.
    package var concurrency = defaultConcurrency
    package var perSecond: Int?
    package var perMinute: Int?
    package var perDay: Int?

    package init() {}
  }

  package struct Timeouts: Hashable, Sendable {
    package var connect = Duration.seconds(10)
    package var request = Duration.seconds(60)

    package init() {}
  }
}
