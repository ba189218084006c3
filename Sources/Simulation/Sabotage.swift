/// A guarantee that is switched off, to show that the simulator sees what follows.
package enum Sabotage: String, CaseIterable, Sendable {
  /// A lost answer is followed by another sending, and nobody asks the ERP first.
  case resendWithoutLookUp
  /// A look-up that cannot tell counts as absent.
  case silenceMeansAbsent
  /// The far side is asked before it can have finished.
  case quietPeriodSkipped
  /// Answers count whoever has claimed the posting since.
  case noFencing
  /// What was claimed is sent however long ago that was.
  case sendsAfterLease
  /// A process believes the moments that others wrote, whatever their clocks show.
  case clocksBelieved
  /// What a process had in hand when it ended counts as never sent.
  case claimsForgotten
  /// Every attempt has a key of its own.
  case keyForgotten
  /// An answer that is lost counts as a refusal of the connection.
  case settleIgnoresUnknown
  /// An answer that is lost counts as a success.
  case silenceMeansPosted
  /// A ticket counts as a posting.
  case ticketMeansPosted
  /// One verdict counts for its whole batch.
  case oneVerdictForAll
  /// Postings do not wait for what they settle.
  case orderIgnored
  /// Documents and postings are stored in two transactions.
  case noOutboxTransaction
  /// Intake answers before the commit.
  case answersBeforeCommit
  /// A commit is answered before it is on the disk.
  case commitsUnsynced
  /// A document handed over again is accepted again.
  case duplicateAccept
  /// Documents that are posted in part are told to nobody, and nothing is done about them.
  case setsForgotten
  /// A batch that was refused as a whole is sent again as it was.
  case batchesKeptWhole
  /// Nothing of a batch that was refused as a whole counts as booked.
  case partsForgotten
  /// What was posted after a doubt is never looked up again.
  case lateSuccessIgnored
  /// What has to wait is never tried again.
  case retryForgotten
  /// A record of the audit log is changed afterwards.
  case auditChanged
}
