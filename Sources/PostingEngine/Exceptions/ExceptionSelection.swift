package import Ledger

/// Which exceptions an action concerns.
package struct ExceptionSelection: Hashable, Sendable {
  /// Nothing but these; empty means by the filter below.
  package var ids: [Int64]
  /// One group: every exception of a cause.
  package var fingerprint: String?
  package var exceptionClass: String?
  package var entities: [LegalEntityID]
  package var connection: ConnectionID?

  package init(
    ids: [Int64] = [], fingerprint: String? = nil, exceptionClass: String? = nil,
    entities: [LegalEntityID] = [], connection: ConnectionID? = nil
  ) {
    self.ids = ids
    self.fingerprint = fingerprint
    self.exceptionClass = exceptionClass
    self.entities = entities
    self.connection = connection
  }

  /// One page of the open exceptions that are selected.
  package func page(
    after cursor: Int64, limit: Int, in queries: any PostingQueries
  ) throws -> [PostingException] {
    var filter = ListFilter()
    filter.entities = entities
    filter.state = ExceptionState.open.rawValue
    filter.fingerprint = fingerprint
    filter.exceptionClass = exceptionClass
    filter.connection = connection
    filter.cursor = cursor
    filter.limit = limit
    return try queries.exceptions(filter)
  }

  package func contains(_ exception: PostingException) -> Bool {
    ids.isEmpty || exception.id.map { ids.contains($0) } ?? false
  }
}
