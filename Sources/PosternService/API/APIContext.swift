internal import HTTPTypes
package import Hummingbird
package import Ledger
internal import Logging
internal import NIOCore
internal import PostingEngine

/// What the service knows about one request.
package struct APIContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// Who asks; open access until a key says otherwise.
  package var principal: Principal

  package init(source: Source) {
    coreContext = .init(source: source)
    principal = .open
  }
}

/// Who may do what.
package struct Principal: Sendable {
  package enum Right: String, Hashable, Sendable, CaseIterable {
    /// Hand documents over.
    case submit
    /// See documents, entries, postings, exceptions.
    case read
    /// Act on exceptions.
    case operate
  }

  /// For the audit trail.
  package let name: String
  /// nil means every entity.
  package let entities: Set<LegalEntityID>?
  package let rights: Set<Right>

  /// Anybody on this machine, while no key is configured.
  package static let open = Principal(
    name: "local", entities: nil, rights: Set(Right.allCases))

  init(name: String, entities: Set<LegalEntityID>?, rights: Set<Right>) {
    self.name = name
    self.entities = entities
    self.rights = rights
  }

  init(_ key: StoredAPIKey) {
    name = "key:\(key.name)"
    entities = key.entities.isEmpty ? nil : Set(key.entities)
    rights = Set(key.rights.compactMap(Right.init(rawValue:)))
  }

  package func maySee(_ entity: LegalEntityID) -> Bool { entities?.contains(entity) ?? true }
}
