package import Ledger

/// What the store remembers of documents whose entries belong together across entities.
package protocol SagaQueries {
  /// Documents of which a part has been in its ERP since before `moment` and the rest is not.
  func halfPosted(since moment: Moment, limit: Int) throws -> [DocumentNumber]
}

/// What can be changed of it.
package protocol SagaTransaction {
  /// Keeps the first moment.
  func setHalfPosted(_ document: DocumentNumber, since now: Moment) throws
  func clearHalfPosted(_ document: DocumentNumber) throws
}
