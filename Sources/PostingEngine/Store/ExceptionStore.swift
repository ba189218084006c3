package import Ledger

/// What can be asked about work on exceptions.
package protocol ExceptionQueries {
  /// nil when there is none of this id, open or not.
  func exception(_ id: Int64) throws -> PostingException?
  func comments(of exception: Int64) throws -> [ExceptionComment]
  func proposal(_ id: Int64) throws -> ExceptionProposal?
  /// Those that wait for a second person, the oldest first.
  func openProposals() throws -> [ExceptionProposal]
  /// Open exceptions whose hold is over, the longest over first.
  func holdsEnded(by now: Moment, limit: Int) throws -> [PostingException]
  /// Causes of open exceptions that nobody put aside past `now`.
  func openCauses(at now: Moment) throws -> [ExceptionGroup]
}

package protocol ExceptionChanges {
  /// Replaces owner, hold and tags.
  func update(_ exception: PostingException) throws
  func insert(_ comment: ExceptionComment) throws
  /// - Returns: its id.
  func insert(_ proposal: ExceptionProposal) throws -> Int64
  func decide(
    proposal id: Int64, _ state: ExceptionProposal.State, by actor: String, at now: Moment
  ) throws
  /// What waits for one posting waits for the other instead.
  func moveOrder(from posting: PostingNumber, to replacement: PostingNumber) throws
}

/// What somebody noted about an exception.
package struct ExceptionComment: Hashable, Sendable {
  package var exception: Int64
  package var at: Moment
  package var actor: String
  package var text: String

  package init(exception: Int64, at: Moment, actor: String, text: String) {
    self.exception = exception
    self.at = at
    self.actor = actor
    self.text = text
  }
}

/// An action that one person asked for and another has to approve.
package struct ExceptionProposal: Hashable, Sendable {
  package enum State: String, Hashable, Sendable { case open, approved, rejected }

  /// nil before it is stored.
  package var id: Int64?
  package var at: Moment
  package var actor: String
  package var action: ExceptionAction
  /// The exceptions it concerns.
  package var exceptions: [Int64]
  package var state: State
  package var decidedBy: String?
  package var decidedAt: Moment?

  package init(
    id: Int64? = nil, at: Moment, actor: String, action: ExceptionAction, exceptions: [Int64],
    state: State = .open, decidedBy: String? = nil, decidedAt: Moment? = nil
  ) {
    self.id = id
    self.at = at
    self.actor = actor
    self.action = action
    self.exceptions = exceptions
    self.state = state
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
  }
}
