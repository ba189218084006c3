package import Ledger
internal import LedgerJSON
package import PostingEngine
package import StrictJSON

/// Where the page about a class of exceptions is.
package enum Runbook {
  /// `docs/runbooks/missing_mapping.md`
  package static func page(of exceptionClass: String) -> String {
    "docs/runbooks/\(exceptionClass).md"
  }
}

extension JSONWriter {
  /// - Parameter terms: what the configuration says about it; nil leaves owner and time to what is
  ///   stored.
  package mutating func write(
    _ exception: PostingException, document: DocumentIdentity?,
    terms: ExceptionPolicy.Terms? = nil
  ) {
    object { writer in
      writer.string("id", exception.id.map { String($0) })
      writer.members(ofStop: exception)
      writer.string("document", document?.description)
      writer.string("posting", exception.posting.map { String($0.value) })
      writer.string("connection", exception.connection?.code)
      writer.string("since", exception.since.text)
      writer.string("owner", terms?.owner ?? exception.owner)
      writer.string("dueAt", terms?.dueAt?.text)
      writer.string("heldUntil", exception.heldUntil?.text)
      if !exception.tags.isEmpty {
        writer.key("tags")
        writer.array { writer in
          for tag in exception.tags { writer.string(tag) }
        }
      }
      writer.string("state", exception.state.rawValue)
    }
  }

  package mutating func write(_ group: ExceptionGroup) {
    object { writer in
      writer.string("fingerprint", group.fingerprint)
      writer.string("class", group.exceptionClass)
      writer.string("entity", group.entity.code)
      writer.string("connection", group.connection?.code)
      writer.key("count")
      writer.number(group.count)
      writer.key("amounts")
      writer.array { writer in
        for amount in group.amounts {
          writer.object { writer in
            writer.money("amount", amount)
            writer.string("currency", amount.currency.code)
          }
        }
      }
      writer.string("since", group.since.text)
      writer.string("cause", group.cause)
      writer.string("fix", group.fix)
      writer.string("runbook", Runbook.page(of: group.exceptionClass))
    }
  }

  package mutating func write(_ row: ExceptionActionRun.Row) {
    object { writer in
      writer.string("id", row.exception.id.map { String($0) })
      writer.members(ofStop: row.exception)
      writer.string("document", row.document?.description)
      writer.string("result", row.result.word)
      writer.string("detail", row.result.text)
      guard !row.entries.isEmpty else { return }
      for (name, records) in [
        ("withdrawn", row.entries.withdrawn), ("added", row.entries.added),
      ] {
        writer.key(name)
        writer.array { writer in
          for record in records { writer.write(record) }
        }
      }
    }
  }

  package mutating func write(_ proposal: ExceptionProposal) {
    object { writer in
      writer.string("id", proposal.id.map { String($0) })
      writer.string("at", proposal.at.text)
      writer.string("by", proposal.actor)
      writer.string("action", proposal.action.name.rawValue)
      for (name, value) in proposal.action.parameters.sorted(by: { $0.key < $1.key }) {
        writer.key(name)
        writer.string(value)
      }
      writer.key("exceptions")
      writer.array { writer in
        for id in proposal.exceptions { writer.string(String(id)) }
      }
      writer.string("state", proposal.state.rawValue)
    }
  }
}

extension ExceptionResult {
  /// `done`, `stays`, `needsDecision` or `refused`.
  fileprivate var word: String {
    switch self {
    case .done: "done"
    case .stays: "stays"
    case .needsDecision: "needsDecision"
    case .refused: "refused"
    }
  }
}
