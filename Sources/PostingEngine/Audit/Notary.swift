package import Digest
package import Ledger

/// Signs the head of the audit trail from time to time, so that a tail that was cut off, or a chain
/// that was written anew, shows.
package struct Notary: Sendable {
  private let installation: String
  private let key: SigningKey
  /// Records from one checkpoint to the next.
  private let interval: Int

  package init(installation: String, key: SigningKey, every interval: Int) {
    self.installation = installation
    self.key = key
    self.interval = interval
  }

  package var publicKey: VerifyingKey { key.publicKey }

  /// Whether so many records came since the last checkpoint.
  package func isDue(in queries: any PostingQueries) throws -> Bool {
    let last = try queries.lastCheckpoint()?.checkpoint.number ?? 0
    return try (queries.lastAuditRecord()?.number ?? 0) - last >= interval
  }

  /// Signs the last record; nil when it is signed already, or there is none.
  package func sign(
    at now: Moment, in transaction: any PostingTransaction
  ) throws -> SignedCheckpoint? {
    guard let last = try transaction.lastAuditRecord(),
      try transaction.lastCheckpoint()?.checkpoint.number != last.number
    else { return nil }
    let checkpoint = AuditCheckpoint(
      installation: installation, number: last.number, hash: last.hash, at: now)
    let signed = SignedCheckpoint(
      checkpoint: checkpoint, signature: key.signature(of: Array(checkpoint.statement.utf8)))
    try transaction.insert(signed)
    return signed
  }
}

/// Compares the audit trail with its checkpoints.
package struct CheckpointCheck: Sendable {
  /// nil leaves signatures unchecked.
  private let key: VerifyingKey?

  package init(key: VerifyingKey?) { self.key = key }

  /// - Parameter checkpoints: from the store and from the file beside it.
  /// - Returns: nil when every checkpoint fits, else `audit_chain_broken` or `audit_truncated` with
  ///   the record concerned.
  package func problem(
    with checkpoints: [SignedCheckpoint], in queries: any PostingQueries
  ) throws -> Problem? {
    let last = try queries.lastAuditRecord()?.number ?? 0
    for signed in checkpoints.sorted(by: { $0.checkpoint.number < $1.checkpoint.number }) {
      let checkpoint = signed.checkpoint
      if let key,
        !key.isValid(signed.signature, for: Array(checkpoint.statement.utf8))
      {
        return broken(
          "The checkpoint of \(checkpoint.at) at record \(checkpoint.number) is not signed by "
            + "this installation's key")
      }
      guard checkpoint.number <= last else {
        return Problem(
          code: "audit_truncated",
          detail: "The audit log ends with record \(last), and record \(checkpoint.number) was "
            + "there at \(checkpoint.at)",
          fix:
            "Keep the file as evidence, find who wrote to it, and restore the latest sound backup")
      }
      let record = try queries.auditRecords(after: checkpoint.number - 1, limit: 1).first
      guard record?.number == checkpoint.number, record?.hash == checkpoint.hash else {
        return broken(
          "Record \(checkpoint.number) is not what was signed at \(checkpoint.at): it or one "
            + "before it was written anew")
      }
    }
    return nil
  }

  private func broken(_ detail: String) -> Problem {
    Problem(
      code: "audit_chain_broken", detail: detail,
      fix: "Keep the file as evidence, find who wrote to it, and restore the latest sound backup")
  }
}
