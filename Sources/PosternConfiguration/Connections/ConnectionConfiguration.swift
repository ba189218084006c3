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
  /// Times of the week at which nothing is sent.
  package var blackouts: [Blackout] = []
  /// The IANA zone of ``blackouts``; nil for that of the entity that uses the connection.
  package var timeZone: String?
  /// Whether a customer that the ERP does not know is created there.
  package var createsCustomers = false
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
    package var perMonth: Int?
    /// Refusals in an hour before nothing more is sent.
    package var errorsPerHour: Int?
    /// Entries sent again for each hundred sent for the first time; nil for the engine's own choice.
    package var retryPercent: Int?

    package init() {}
  }

  package struct Blackout: Hashable, Sendable {
    package enum Day: String, Hashable, Sendable, CaseIterable {
      case monday, tuesday, wednesday, thursday, friday, saturday, sunday
    }

    /// On which it begins.
    package var days: Set<Day>
    /// Minutes after midnight.
    package var from: Int
    /// Minutes after midnight; on the next day when that is not after `from`.
    package var through: Int
  }

  package struct Timeouts: Hashable, Sendable {
    package var connect = Duration.seconds(10)
    package var request = Duration.seconds(60)

    package init() {}
  }
}
