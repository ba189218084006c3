package import Ledger

/// What a list shows.
package struct ListFilter: Hashable, Sendable {
  package var entities: [LegalEntityID] = []
  package var state: String?
  package var customer: String?
  package var connection: ConnectionID?
  package var source: String?
  /// Time of acceptance; for entries the UTC day is compared with the posting date.
  package var since: Moment?
  package var until: Moment?
  package var period: FiscalPeriod?
  package var fingerprint: String?
  package var exceptionClass: String?
  /// What people know a document by: its id or reference, the key of an entry, an ERP's number.
  package var name: String?
  /// Rows after this row number.
  package var cursor: Int64 = 0
  package var limit: Int = ListFilter.defaultLimit

  package static let defaultLimit = 100
  package static let maximumLimit = 1_000

  package init() {}
}

/// What ``ListFilter`` may ask for as `state`, by what the list is of.
package enum ListedStates {
  package static let documents = DocumentState.allCases.map(\.rawValue)
  /// Of entries, too: an entry is in the state of its posting.
  package static let postings = PostingState.allCases.map(\.rawValue)
  package static let exceptions = ExceptionState.allCases.map(\.rawValue)
  package static let events = DocumentEvent.Kind.allCases.map(\.rawValue)
}

/// An entry in a list, with the posting that carries it.
package struct ListedEntry: Hashable, Sendable {
  /// The row number, for the cursor.
  package var number: Int64
  package var record: EntryRecord
  package var connection: ConnectionID?
  package var postingState: PostingState?
  package var erpNumber: String?
  /// Whether the ERP has it, or gets it, as a part of a summary.
  package var isSummarised: Bool

  package init(
    number: Int64, record: EntryRecord, connection: ConnectionID?, postingState: PostingState?,
    erpNumber: String?, isSummarised: Bool = false
  ) {
    self.isSummarised = isSummarised
    self.number = number
    self.record = record
    self.connection = connection
    self.postingState = postingState
    self.erpNumber = erpNumber
  }
}

/// How many rows of a kind are in a state.
package struct StoreCount: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case document, entry, posting, exception }

  package var kind: Kind
  package var entity: LegalEntityID
  /// Only for postings.
  package var connection: ConnectionID?
  /// Empty for entries.
  package var state: String
  package var count: Int

  package init(
    kind: Kind, entity: LegalEntityID, connection: ConnectionID?, state: String, count: Int
  ) {
    self.kind = kind
    self.entity = entity
    self.connection = connection
    self.state = state
    self.count = count
  }
}

/// What an entity's postings sum to in its functional currency.
package struct EntityTotal: Hashable, Sendable {
  package var entity: LegalEntityID
  package var connection: ConnectionID
  package var state: PostingState
  package var entries: Int
  /// The sum of the debits, which is the sum of the credits.
  package var debits: Money

  package init(
    entity: LegalEntityID, connection: ConnectionID, state: PostingState, entries: Int,
    debits: Money
  ) {
    self.entity = entity
    self.connection = connection
    self.state = state
    self.entries = entries
    self.debits = debits
  }
}
