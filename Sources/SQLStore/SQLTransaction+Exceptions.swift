import Ledger
import PostingEngine

extension SQLTransaction {
  func update(_ exception: PostingException) throws {
    guard let id = exception.id else { preconditionFailure("only a stored exception changes") }
    try changeOne(ExceptionStatements.update, "exception \(id)") {
      $0.bind(exception.owner)
      $0.bind(exception.heldUntil?.milliseconds)
      $0.bind(exception.storedTags)
      $0.bind(id)
    }
  }

  func insert(_ comment: ExceptionComment) throws {
    try change {
      try connection.run(ExceptionStatements.insertComment) {
        $0.bind(comment.exception)
        $0.bind(comment.at.milliseconds)
        $0.bind(comment.actor)
        $0.bind(comment.text)
      }
    }
  }

  func insert(_ proposal: ExceptionProposal) throws -> Int64 {
    try change {
      let statement = try connection.prepare(ExceptionStatements.insertProposal)
      statement.bind(proposal.at.milliseconds)
      statement.bind(proposal.actor)
      statement.bind(proposal.action.name.rawValue)
      let parameters = proposal.action.parameters.sorted { $0.key < $1.key }
      statement.bind(
        StoredJSON.table(
          parameters.map { StoredJSON.Member(name: $0.key, value: .text($0.value)) }
        ).json)
      statement.bind(StoredJSON.texts(proposal.exceptions.map { String($0) }).json)
      statement.bind(proposal.state.rawValue)
      try statement.run()
      return statement.lastInsertedRow
    }
  }

  func decide(
    proposal id: Int64, _ state: ExceptionProposal.State, by actor: String, at now: Moment
  ) throws {
    try changeOne(ExceptionStatements.decideProposal, "open proposal \(id)") {
      $0.bind(state.rawValue)
      $0.bind(actor)
      $0.bind(now.milliseconds)
      $0.bind(id)
    }
  }

  func moveOrder(from posting: PostingNumber, to replacement: PostingNumber) throws {
    try change {
      try connection.run(ExceptionStatements.moveOrder) {
        $0.bind(replacement.value)
        $0.bind(posting.value)
      }
    }
  }
}
