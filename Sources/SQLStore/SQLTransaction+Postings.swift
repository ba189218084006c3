import AdapterKit
import Ledger
import PostingEngine

extension SQLTransaction {
  func insert(_ posting: NewPosting) throws -> PostingNumber {
    try change {
      let entry = try numberOfEntry(posting)
      let stored = StoredPosting(
        number: PostingNumber(entry), entry: posting.entry, document: posting.document,
        entity: posting.entity, connection: posting.connection, state: posting.state,
        reason: posting.reason, notBefore: nil, attemptCount: 0, isDoubtful: false, fence: 0,
        leasedUntil: nil, ticket: nil, receipt: nil)
      let statement = statements.posting
      statement.bind(entry)
      statement.bind(posting.document.value)
      statement.bind(posting.entity.code)
      statement.bind(posting.connection.code)
      statement.bind(posting.state.rawValue)
      statement.bind(posting.reason?.rawValue)
      statement.bind(stored.claimAt)
      try statement.run()
      for predecessor in Set(posting.after).sorted() {
        try connection.run(Statements.insertPostingOrder) {
          $0.bind(entry)
          $0.bind(predecessor.value)
        }
      }
      return stored.number
    }
  }

  private func numberOfEntry(_ posting: NewPosting) throws -> Int64 {
    let recent = recentEntries[posting.entry]
    let found =
      try recent
      ?? connection.first(Queries.entryNumber) {
        $0.bind(posting.entry.text)
      } read: {
        (number: $0.integer(0), document: DocumentNumber($0.integer(1)))
      }
    guard let found, found.document == posting.document else {
      throw StoreFault.missing(
        "entry \(posting.entry) of document \(posting.document.value)", file: connection.file)
    }
    return found.number
  }

  func update(_ posting: StoredPosting) throws {
    try change {
      try changes.note(posting, before: statements.postingState)
      let statement = statements.updatePosting
      statement.bind(posting.state.rawValue)
      statement.bind(posting.reason?.rawValue)
      statement.bind(posting.notBefore?.milliseconds)
      statement.bind(posting.attemptCount)
      statement.bind(posting.isDoubtful)
      statement.bind(posting.fence)
      statement.bind(posting.leasedUntil?.milliseconds)
      statement.bind(posting.ticket?.text)
      statement.bind(posting.receipt?.id)
      statement.bind(posting.receipt?.number)
      statement.bind(posting.receipt?.postedAt?.milliseconds)
      statement.bind(posting.receipt?.url)
      statement.bind(posting.ticket?.progress)
      statement.bind(posting.batchLimit.map { Int64($0) })
      statement.bind(posting.claimAt)
      statement.bind(posting.pollAt)
      statement.bind(posting.lapseAt)
      statement.bind(posting.number.value)
      statement.bind(posting.fence)
      try statement.run()
      guard statement.changes == 1 else { throw try staleOrMissing(posting) }
    }
  }

  private func staleOrMissing(_ posting: StoredPosting) throws -> Problem {
    guard let stored = try self.posting(posting.number) else {
      return StoreFault.missing("posting \(posting.number.value)", file: connection.file)
    }
    return Problem(
      code: "posting_claimed_since", pointer: connection.file,
      detail: """
        Posting \(posting.number.value) was claimed again (\(stored.fence)) since this answer's \
        claim (\(posting.fence))
        """,
      fix: "Leave the answer to the later claim, which looks the posting up")
  }

  func insert(_ attempt: Attempt) throws {
    try change {
      changes.note(attempt.endedAt ?? attempt.startedAt)
      let statement = statements.attempt
      statement.bind(attempt.posting.value)
      statement.bind(attempt.number)
      statement.bind(attempt.purpose.rawValue)
      statement.bind(attempt.startedAt.milliseconds)
      statement.bind(attempt.endedAt?.milliseconds)
      statement.bind(attempt.outcome)
      statement.bind(attempt.code)
      statement.bind(attempt.message)
      statement.bind(attempt.evidence)
      try statement.run()
    }
  }

  func complete(_ attempt: Attempt) throws {
    try change {
      let statement = statements.completeAttempt
      statement.bind(attempt.endedAt?.milliseconds)
      statement.bind(attempt.outcome)
      statement.bind(attempt.code)
      statement.bind(attempt.message)
      statement.bind(attempt.evidence)
      statement.bind(attempt.posting.value)
      statement.bind(attempt.number)
      try statement.run()
      guard statement.changes == 1 else {
        throw StoreFault.missing(
          "attempt \(attempt.number) of posting \(attempt.posting.value)", file: connection.file)
      }
    }
  }
}
