package import Ledger

/// What corrections ask of the store.
package protocol CorrectionQueries {
  /// Every entry that names a document as its source, whichever document owns it, in the order in
  /// which they were made.
  func entries(from source: DocumentIdentity) throws -> [EntryRecord]
  func posting(of entry: PostingKey) throws -> StoredPosting?
  /// The entries of kind `reversal` of an entry; more than one only where an earlier one was
  /// withdrawn.
  func reversals(of entry: PostingKey) throws -> [PostingKey]
  func openItemChanges(on item: DocumentNumber) throws -> [StoredOpenItemChange]
  /// The documents that used the money of a payment or credit memo, or gave it back.
  func users(of item: DocumentNumber) throws -> [DocumentNumber]
}

/// What corrections need to keep.
package protocol CorrectionTransaction: CorrectionQueries {
  /// Notes that a document uses, refunds or disputes another.
  func insertUse(of item: DocumentNumber, by document: DocumentNumber) throws
}
