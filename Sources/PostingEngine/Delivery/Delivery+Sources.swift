internal import AdapterKit
internal import Ledger
internal import LedgerJSON
internal import PostingRules

extension Delivery {
  /// The document behind a posting for an ERP's native one, with what it refers to as far as it was
  /// posted through this connection; nil where the adapter wants none, and for month-end runs, which
  /// sum up many documents.
  func source(
    of posting: StoredPosting, in queries: any PostingQueries
  ) throws -> SourceDocument? {
    guard descriptor.wantsDocuments else { return nil }
    let document = try document(of: posting, in: queries)
    guard document.identity.type != .periodRun else { return nil }
    var references: [DocumentIdentity: PostedDocument] = [:]
    for identity in Set(document.references.map(\.identity)) {
      references[identity] = try posted(identity, in: queries) { _ in true }
    }
    return SourceDocument(document, references: references)
  }

  /// The customer of a posting's document, to be created where the ERP does not know it; nil where
  /// the connection creates none, the entry does not name it, or it was created for this posting
  /// already.
  func customerToCreate(
    for posting: StoredPosting, _ record: EntryRecord, in queries: any PostingQueries
  ) throws -> Customer? {
    guard createsCustomers,
      let customer = try document(of: posting, in: queries).customer,
      record.entry.lines.contains(where: { $0.party == customer.id })
    else { return nil }
    let isCreated = try queries.attempts(of: posting.number).contains {
      $0.code == Problem.customerCreatedCode
    }
    return isCreated ? nil : customer
  }

  private func document(
    of posting: StoredPosting, in queries: any PostingQueries
  ) throws -> Document {
    let content = try queries.content(of: posting.document)
    guard case .success(let document) = DocumentReader.stored.read(content) else {
      throw Problem(
        code: "entry_missing",
        detail: "The document of posting \(posting.number.value) cannot be read from the store",
        fix: "Check the store's file, and restore a backup if it is damaged")
    }
    return document
  }

  /// What the ERP holds of the entry that another one reverses; nil where it holds nothing, or holds
  /// it in a summary, of which only that part is to be reversed.
  func original(of record: EntryRecord, in queries: any PostingQueries) throws -> PostedDocument? {
    guard reversesNatively, let text = record.entry.head.reverses, let key = PostingKey(text),
      let original = try queries.entry(key), let posting = try queries.posting(of: key),
      try queries.summary(ofDetail: posting.number) == nil
    else { return nil }
    return try posted(original.entry.head.source.document, in: queries) { $0 == key }
  }

  /// The first posting of a document that this connection's ERP holds.
  private func posted(
    _ identity: DocumentIdentity, in queries: any PostingQueries,
    where isWanted: (PostingKey) -> Bool
  ) throws -> PostedDocument? {
    for revision in try queries.revisions(of: identity).reversed() {
      for posting in try queries.postings(of: revision.number)
      where posting.connection == connection && isWanted(posting.entry) {
        if let receipt = posting.receipt {
          return PostedDocument(key: posting.entry, receipt: receipt)
        }
      }
    }
    return nil
  }
}
