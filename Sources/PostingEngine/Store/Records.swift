package import AdapterKit
package import Ledger

/// A document as it enters the store.
package struct NewDocument: Sendable {
  package var document: Document
  /// The canonical JSON of the document.
  package var content: [UInt8]
  /// SHA-256 of the content: what makes a repeat a repeat.
  package var contentHash: [UInt8]
  package var state: DocumentState
  package var acceptedAt: Moment
  /// The open item it creates: what a customer owes by it; nil for none.
  package var receivable: Money?
  /// What that is carried at in functional currency; nil where the currencies are one.
  package var functionalReceivable: Money?
  /// Functional units per unit at which its entries were made; nil for the functional currency
  /// itself or where there are no entries.
  package var rate: ExchangeRate?

  package init(
    document: Document, content: [UInt8], contentHash: [UInt8], state: DocumentState,
    acceptedAt: Moment, receivable: Money? = nil, functionalReceivable: Money? = nil,
    rate: ExchangeRate? = nil
  ) {
    self.document = document
    self.content = content
    self.contentHash = contentHash
    self.state = state
    self.acceptedAt = acceptedAt
    self.receivable = receivable
    self.functionalReceivable = functionalReceivable
    self.rate = rate
  }
}

/// The row number of a document in the store.
package struct DocumentNumber: Hashable, Sendable, Comparable {
  package let value: Int64
  package init(_ value: Int64) { self.value = value }
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// The row number of a posting in the store; its public id is `value` in decimal.
package struct PostingNumber: Hashable, Sendable, Comparable {
  package let value: Int64
  package init(_ value: Int64) { self.value = value }
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// The head of a stored document: all but its content.
package struct StoredDocument: Hashable, Sendable {
  package var number: DocumentNumber
  package var identity: DocumentIdentity
  package var revision: Int
  package var entity: LegalEntityID
  package var customer: String?
  package var reference: String
  package var documentDate: CalendarDate
  package var currency: Currency
  package var state: DocumentState
  package var contentHash: [UInt8]
  package var acceptedAt: Moment
  package var receivable: Money?
  /// nil where the currencies are one.
  package var functionalReceivable: Money?
  package var rate: ExchangeRate?

  package init(
    number: DocumentNumber, identity: DocumentIdentity, revision: Int, entity: LegalEntityID,
    customer: String?, reference: String, documentDate: CalendarDate, currency: Currency,
    state: DocumentState, contentHash: [UInt8], acceptedAt: Moment, receivable: Money?,
    functionalReceivable: Money? = nil, rate: ExchangeRate?
  ) {
    self.number = number
    self.identity = identity
    self.revision = revision
    self.entity = entity
    self.customer = customer
    self.reference = reference
    self.documentDate = documentDate
    self.currency = currency
    self.state = state
    self.contentHash = contentHash
    self.acceptedAt = acceptedAt
    self.receivable = receivable
    self.functionalReceivable = functionalReceivable
    self.rate = rate
  }
}

/// A journal entry with the names it is known by.
package struct EntryRecord: Hashable, Sendable {
  /// The posting key; also the entry's id.
  package var key: PostingKey
  /// Shared by every entry that one revision of one document gives.
  package var set: PostingKey
  package var entry: JournalEntry

  package init(key: PostingKey, set: PostingKey, entry: JournalEntry) {
    self.key = key
    self.set = set
    self.entry = entry
  }
}

/// A posting as it enters the store: one entry on its way to one connection.
package struct NewPosting: Sendable {
  package var entry: PostingKey
  package var document: DocumentNumber
  package var entity: LegalEntityID
  package var connection: ConnectionID
  /// `due`, `waiting` with a reason, or `cancelled` for a reversal of what was never booked.
  package var state: PostingState
  package var reason: WaitingReason?
  /// Postings that have to be posted first; the state is then `waiting` for `order`.
  package var after: [PostingNumber]

  package init(
    entry: PostingKey, document: DocumentNumber, entity: LegalEntityID, connection: ConnectionID,
    state: PostingState = .due, reason: WaitingReason? = nil, after: [PostingNumber] = []
  ) {
    self.entry = entry
    self.document = document
    self.entity = entity
    self.connection = connection
    self.state = state
    self.reason = reason
    self.after = after
  }
}

/// A stored posting.
package struct StoredPosting: Hashable, Sendable {
  package var number: PostingNumber
  package var entry: PostingKey
  package var document: DocumentNumber
  package var entity: LegalEntityID
  package var connection: ConnectionID
  package var state: PostingState
  package var reason: WaitingReason?
  /// Not to be touched before; nil means at once.
  package var notBefore: Moment?
  /// Attempts so far.
  package var attemptCount: Int
  /// Whether an attempt may have reached the ERP without a clear answer, so that it has to be
  /// looked up before anything is sent again.
  package var isDoubtful: Bool
  /// Counts the claims; an answer that carries an older one is stale.
  package var fence: Int64
  /// When the claim lapses; nil when nobody holds it.
  package var leasedUntil: Moment?
  package var ticket: Ticket?
  package var receipt: Receipt?
  /// The most postings in the call that sends it; nil for the connection's own limit.
  package var batchLimit: Int?

  package init(
    number: PostingNumber, entry: PostingKey, document: DocumentNumber, entity: LegalEntityID,
    connection: ConnectionID, state: PostingState, reason: WaitingReason?, notBefore: Moment?,
    attemptCount: Int, isDoubtful: Bool, fence: Int64, leasedUntil: Moment?, ticket: Ticket?,
    receipt: Receipt?, batchLimit: Int? = nil
  ) {
    self.number = number
    self.entry = entry
    self.document = document
    self.entity = entity
    self.connection = connection
    self.state = state
    self.reason = reason
    self.notBefore = notBefore
    self.attemptCount = attemptCount
    self.isDoubtful = isDoubtful
    self.fence = fence
    self.leasedUntil = leasedUntil
    self.ticket = ticket
    self.receipt = receipt
    self.batchLimit = batchLimit
  }
}

/// One try: written before it is sent, completed with what came of it.
package struct Attempt: Hashable, Sendable {
  package enum Purpose: String, Hashable, Sendable { case submit, find, poll }

  package var posting: PostingNumber
  /// From 1, in the order of the tries of one posting.
  package var number: Int
  package var purpose: Purpose
  package var startedAt: Moment
  package var endedAt: Moment?
  /// `posted`, `alreadyPosted`, `submitted`, `rejected`, `retryLater`, `unknown`, `found`,
  /// `absent`, `cannotTell`; nil while it runs, or when the process ended first.
  package var outcome: String?
  package var code: String?
  package var message: String?
  /// SHA-256 of what was sent and what came back; nil when nothing of it is kept.
  package var evidence: [UInt8]?

  package init(
    posting: PostingNumber, number: Int, purpose: Purpose, startedAt: Moment,
    endedAt: Moment? = nil, outcome: String? = nil, code: String? = nil, message: String? = nil,
    evidence: [UInt8]? = nil
  ) {
    self.evidence = evidence
    self.posting = posting
    self.number = number
    self.purpose = purpose
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.code = code
    self.message = message
  }
}

/// A document or posting that is stopped until its cause is fixed or a person decides.
package struct PostingException: Hashable, Sendable {
  /// nil before it is stored.
  package var id: Int64?
  /// `missing_mapping`, `over_settled`, `rejected_period_closed` …
  package var exceptionClass: String
  /// What is wrong, for people.
  package var cause: String
  /// The same for every exception of one cause.
  package var fingerprint: String
  package var document: DocumentNumber?
  package var posting: PostingNumber?
  package var entity: LegalEntityID
  package var connection: ConnectionID?
  /// The money at stake.
  package var amount: Money
  package var since: Moment
  package var owner: String?
  package var fix: String
  package var state: ExceptionState
  /// Put aside by a person until then; nil means that it is to be worked on now.
  package var heldUntil: Moment?
  package var tags: [String]

  package init(
    id: Int64? = nil, exceptionClass: String, cause: String, fingerprint: String,
    document: DocumentNumber? = nil, posting: PostingNumber? = nil, entity: LegalEntityID,
    connection: ConnectionID? = nil, amount: Money, since: Moment, owner: String? = nil,
    fix: String, state: ExceptionState = .open, heldUntil: Moment? = nil, tags: [String] = []
  ) {
    self.id = id
    self.exceptionClass = exceptionClass
    self.cause = cause
    self.fingerprint = fingerprint
    self.document = document
    self.posting = posting
    self.entity = entity
    self.connection = connection
    self.amount = amount
    self.since = since
    self.owner = owner
    self.fix = fix
    self.state = state
    self.heldUntil = heldUntil
    self.tags = tags
  }

  /// Whether it is put aside until later.
  package func isHeld(at now: Moment) -> Bool { heldUntil.map { $0 > now } ?? false }
}

/// Why a document has no entries yet.
package struct DocumentWait: Hashable, Sendable {
  package var document: DocumentNumber
  /// `reference` or `period`.
  package var reason: WaitingReason
  /// The documents it waits for; empty for a period.
  package var references: [DocumentIdentity]
  package var detail: String
  /// After this it becomes an exception.
  package var until: Moment

  package init(
    document: DocumentNumber, reason: WaitingReason, references: [DocumentIdentity],
    detail: String, until: Moment
  ) {
    self.document = document
    self.reason = reason
    self.references = references
    self.detail = detail
    self.until = until
  }
}

/// One line of the audit chain, without its hashes, which the store adds.
package struct AuditRecord: Hashable, Sendable {
  package var at: Moment
  /// `engine`, `intake`, an API key's name, a person.
  package var actor: String
  /// `document.accepted`, `posting.posted`, `exception.retried` …
  package var action: String
  package var document: DocumentNumber?
  package var posting: PostingNumber?
  /// What changed, in words or JSON; no secrets, no bank details.
  package var detail: String
  /// SHA-256 of what the record vouches for: a document's content, a call to an ERP; nil for none.
  package var evidence: [UInt8]?

  package init(
    at: Moment, actor: String, action: String, document: DocumentNumber? = nil,
    posting: PostingNumber? = nil, detail: String = "", evidence: [UInt8]? = nil
  ) {
    self.at = at
    self.actor = actor
    self.action = action
    self.document = document
    self.posting = posting
    self.detail = detail
    self.evidence = evidence
  }
}

/// Intake that was refused, kept with its faults.
package struct RefusedIntake: Hashable, Sendable {
  package var id: Int64?
  package var at: Moment
  package var source: String
  /// nil where it could not be read.
  package var identity: String?
  package var problems: [Problem]
  /// What was handed over, cut to ``maximumContent`` bytes.
  package var content: [UInt8]

  package static let maximumContent = 65_536

  package init(
    id: Int64? = nil, at: Moment, source: String, identity: String?, problems: [Problem],
    content: [UInt8]
  ) {
    self.id = id
    self.at = at
    self.source = source
    self.identity = identity
    self.problems = problems
    self.content = content
  }
}

/// An API key as stored: never the key itself.
package struct StoredAPIKey: Hashable, Sendable {
  /// Short and public, for lists and revocation.
  package var id: String
  package var name: String
  /// SHA-256 of the 256 random bits.
  package var hash: [UInt8]
  /// Empty means every entity.
  package var entities: [LegalEntityID]
  /// `submit`, `read`, `operate`.
  package var rights: [String]
  package var createdAt: Moment
  package var revokedAt: Moment?

  package init(
    id: String, name: String, hash: [UInt8], entities: [LegalEntityID], rights: [String],
    createdAt: Moment, revokedAt: Moment? = nil
  ) {
    self.id = id
    self.name = name
    self.hash = hash
    self.entities = entities
    self.rights = rights
    self.createdAt = createdAt
    self.revokedAt = revokedAt
  }
}
