import AdapterKit
import Digest
import Foundation
import GRDB
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

/// A store in a folder of its own, and sample records.
struct StoreFixture {
  let folder: TemporaryFolder
  let file: URL
  let store: SQLStore

  init(settings: SQLStoreSettings = SQLStoreSettings()) throws {
    folder = try TemporaryFolder("store")
    file = folder.url.appendingPathComponent("postern.sqlite")
    store = try SQLStore(file: file, settings: settings)
  }

  /// Another connection, as another program would have it.
  func outside() throws -> DatabaseQueue { try DatabaseQueue(path: file.path) }

  func runOutside(_ sql: String) throws {
    try outside().writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  /// Stores a document with one entry and one posting that is due.
  @discardableResult
  func accept(
    _ sample: Sample, state: PostingState = .due, reason: WaitingReason? = nil,
    after: [PostingNumber] = [], connection: ConnectionID = Sample.erp
  ) throws -> (document: DocumentNumber, posting: PostingNumber) {
    try store.write {
      try sample.accept(
        in: $0, state: state, reason: reason, after: after, connection: connection)
    }
  }

  func update(_ number: PostingNumber, _ change: (inout StoredPosting) -> Void) throws {
    try store.write { transaction throws in
      var posting = try #require(try transaction.posting(number))
      change(&posting)
      try transaction.update(posting)
    }
  }

  func claimable(at moment: Int64, limit: Int = 100) throws -> [PostingNumber] {
    try store.read {
      try $0.claimable(Sample.erp, at: Moment(milliseconds: moment), limit: limit).map(\.number)
    }
  }
}

/// One invoice and what it gives.
struct Sample {
  var id: String
  var revision = 1
  var entity = LegalEntityID("ACME-DE")
  var customer = "C-1007"
  var acceptedAt = Moment(milliseconds: 1_000)
  var postingDate = Sample.day("2026-10-31")
  var content: [UInt8]

  static let erp = ConnectionID("erp-de")
  static let euro = Sample.currency("EUR")
  static let dollar = Sample.currency("USD")
  static let reason = AccountReason(
    table: "accounts/revenue.yaml", row: 3, because: "product = API-CALLS")

  init(_ id: String) {
    self.id = id
    content = Array("{\"id\":\"\(id)\"}".utf8)
  }

  var identity: DocumentIdentity {
    DocumentIdentity(source: "billing-eu", type: .invoice, id: id)
  }

  var key: PostingKey { PostingKey(digest: SHA256.hash("\(id) \(revision)").bytes) }

  static func day(_ text: String) -> CalendarDate {
    guard let day = CalendarDate(text) else { preconditionFailure("a day that exists") }
    return day
  }

  static func currency(_ code: String) -> Currency {
    guard let currency = Currency(code) else { preconditionFailure("a currency that exists") }
    return currency
  }

  static func euros(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, euro) }

  var document: NewDocument {
    let zero = Sample.euros(0)
    let totals = DocumentTotals(net: zero, tax: zero, gross: zero, rounding: zero, prepaid: zero)
    let document = Document(
      identity: identity, revision: revision, entity: entity, reference: "No. \(id)",
      documentDate: postingDate, currency: Sample.euro, customer: Customer(id: customer),
      approval: Approval(by: "controller", at: nil),
      body: .invoice(Invoice(content: BilledContent(lines: [], totals: totals))))
    return NewDocument(
      document: document, content: content, contentHash: SHA256.hash(content).bytes,
      state: .accepted, acceptedAt: acceptedAt, receivable: Sample.euros(11_900))
  }

  func line(
    _ role: AccountRole, _ side: Side, _ amount: Int64, tax: JournalLine.Tax? = nil,
    dimensions: Dimensions = [:], description: String = "Invoice"
  ) -> JournalLine {
    JournalLine(
      role: role, account: AccountCode("1200"), side: side, amount: Sample.euros(amount),
      functionalAmount: Sample.euros(amount), party: role == .receivable ? customer : nil,
      tax: tax, dimensions: dimensions, description: description, reason: Sample.reason)
  }

  func record() throws -> EntryRecord {
    let head = EntryHead(
      legalEntity: entity, kind: .invoice, postingDate: postingDate, documentDate: postingDate,
      currency: Sample.euro, functionalCurrency: Sample.euro, reference: id,
      description: "Invoice", source: EntrySource(document: identity, revision: revision),
      rulesVersion: "sha256:1")
    let entry = try JournalEntry(
      head,
      lines: [
        line(.receivable, .debit, 11_900), line(.revenue, .credit, 10_000),
        line(.taxPayable, .credit, 1_900),
      ])
    return EntryRecord(key: key, set: key, entry: entry)
  }

  func accept(
    in transaction: any PostingTransaction, state: PostingState = .due,
    reason: WaitingReason? = nil, after: [PostingNumber] = [],
    connection: ConnectionID = Sample.erp
  ) throws -> (document: DocumentNumber, posting: PostingNumber) {
    let number = try transaction.insert(document)
    try transaction.insert(record(), of: number)
    let posting = try transaction.insert(
      NewPosting(
        entry: key, document: number, entity: entity, connection: connection, state: state,
        reason: reason, after: after))
    try transaction.append(
      AuditRecord(
        at: acceptedAt, actor: "intake", action: "document.accepted", document: number,
        posting: posting))
    return (number, posting)
  }
}
