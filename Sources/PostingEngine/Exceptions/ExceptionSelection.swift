package import Ledger

/// Which open exceptions an action concerns.
package struct ExceptionSelection: Hashable, Sendable {
  /// Nothing but these; empty means by the filter below.
  package var ids: [Int64]
  /// One group: every exception of a cause.
  package var fingerprint: String?
  package var exceptionClass: String?
  package var entities: [LegalEntityID]
  package var connection: ConnectionID?
  package var customer: String?
  package var source: String?

  package init(
    ids: [Int64] = [], fingerprint: String? = nil, exceptionClass: String? = nil,
    entities: [LegalEntityID] = [], connection: ConnectionID? = nil, customer: String? = nil,
    source: String? = nil
  ) {
    self.ids = ids
    self.fingerprint = fingerprint
    self.exceptionClass = exceptionClass
    self.entities = entities
    self.connection = connection
    self.customer = customer
    self.source = source
  }

  /// Whether it names anything, and is not simply everything that is open.
  package var isNarrow: Bool {
    !ids.isEmpty || fingerprint != nil || exceptionClass != nil || !entities.isEmpty
      || connection != nil || customer != nil || source != nil
  }

  private static let pageSize = 500

  /// Every exception that is selected, the oldest first.
  package func exceptions(in queries: any PostingQueries) throws -> [PostingException] {
    guard ids.isEmpty else {
      return try Set(ids).sorted().compactMap { try queries.exception($0) }.filter {
        $0.state == .open && contains($0)
      }
    }
    var filter = ListFilter()
    filter.entities = entities
    filter.state = ExceptionState.open.rawValue
    filter.fingerprint = fingerprint
    filter.exceptionClass = exceptionClass
    filter.connection = connection
    filter.customer = customer
    filter.source = source
    filter.limit = ExceptionSelection.pageSize
    var selected: [PostingException] = []
    while true {
      let page = try queries.exceptions(filter)
      selected += page
      guard page.count == filter.limit, let last = page.last?.id else { return selected }
      filter.cursor = last
    }
  }

  /// Whether an exception named by its id is within the filter too.
  private func contains(_ exception: PostingException) -> Bool {
    (entities.isEmpty || entities.contains(exception.entity))
      && (fingerprint ?? exception.fingerprint) == exception.fingerprint
      && (exceptionClass ?? exception.exceptionClass) == exception.exceptionClass
      && (connection == nil || connection == exception.connection)
  }
}
