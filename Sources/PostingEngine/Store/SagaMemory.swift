package import Ledger

/// What the store remembers of documents whose entries belong together across entities.
package protocol SagaQueries {
  /// Documents of which a part has been in its ERP since before `moment` and the rest is not.
  ///
  /// - Parameter unlessTold: leaves out those with an open exception `half_posted`.
  func halfPosted(
    since moment: Moment, unlessTold: Bool, limit: Int
  ) throws -> [DocumentNumber]
  /// nil when a document is not half posted.
  func halfPostedSince(_ document: DocumentNumber) throws -> Moment?
}

/// What can be changed of it.
package protocol SagaTransaction {
  /// Keeps the first moment.
  func setHalfPosted(_ document: DocumentNumber, since now: Moment) throws
  func clearHalfPosted(_ document: DocumentNumber) throws
}
