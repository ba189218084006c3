package import AdapterKit
package import Intake
package import Ledger

/// What `postern.yaml` says: the installation as a whole.
package struct InstallationSettings: Hashable, Sendable {
  /// Where the durable memory is.
  package enum Store: Hashable, Sendable {
    /// An absolute path, or one that begins at the folder's own path.
    case sqlite(path: String)
  }

  /// Made once by `init`: part of every posting key, so that two installations never collide.
  package var id: String
  /// The source of documents that name none; nil when there is no such source.
  package var defaultSource: String?
  package var store: Store
  package var limits: IntakeLimits
  /// In the order of the file.
  package var groups: [EntityGroup]
  package var audit: AuditSettings

  package var activation = Activation.none

  /// What has to happen before changed rules are used.
  package enum Activation: String, Hashable, Sendable, CaseIterable {
    /// Nothing: the folder as it is counts.
    case none
    /// Somebody puts them in force.
    case required
    /// One person proposes them, another one puts them in force.
    case secondPerson
  }

  package static let defaultStore = "data/postern.sqlite"
}

/// How the audit trail is signed.
package struct AuditSettings: Hashable, Sendable {
  /// Where the private Ed25519 key is, in PEM; nil signs nothing.
  package var key: SecretReference?
  /// Records from one checkpoint to the next while the service runs.
  package var every: Int

  package static let defaultEvery = 1_000

  package init(key: SecretReference? = nil, every: Int = AuditSettings.defaultEvery) {
    self.key = key
    self.every = every
  }
}

/// Entities that share rows of the account tables.
package struct EntityGroup: Hashable, Sendable {
  package var name: String
  package var entities: [LegalEntityID]

  package init(name: String, entities: [LegalEntityID]) {
    self.name = name
    self.entities = entities
  }
}
