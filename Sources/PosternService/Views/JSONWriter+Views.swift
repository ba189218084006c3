internal import AdapterKit
internal import Digest
package import Ledger
internal import LedgerJSON
package import PostingEngine
package import StrictJSON

/// What `docs/contract/entries.md` shows, written the same by the API and the command line.
extension JSONWriter {
  package mutating func write(_ verdict: Verdict) {
    object { $0.members(of: verdict) }
  }

  mutating func members(of verdict: Verdict) {
    string("source", verdict.source)
    string("type", verdict.type?.rawValue)
    string("id", verdict.id)
    string("verdict", verdict.kind.rawValue)
    string("first", verdict.first?.rawValue)
    string("state", verdict.state?.rawValue)
    string("waiting", verdict.waiting)
    problems("errors", verdict.errors)
    guard !verdict.exceptions.isEmpty else { return }
    key("exceptions")
    array { writer in
      for exception in verdict.exceptions {
        writer.object { $0.members(ofStop: exception) }
      }
    }
  }

  /// `{ "accepted": 1, … }`, every kind of verdict named.
  package mutating func write(_ totals: VerdictTotals) {
    object { writer in
      for kind in Verdict.Kind.allCases {
        writer.key(kind.rawValue)
        writer.number(totals[kind])
      }
    }
  }

  package mutating func problems(_ name: StaticString, _ problems: [Problem]) {
    guard !problems.isEmpty else { return }
    key(name)
    array { writer in
      for problem in problems { writer.write(problem) }
    }
  }

  package mutating func write(_ problem: Problem) {
    object { writer in
      writer.string("code", problem.code)
      writer.string("pointer", problem.pointer)
      writer.string("detail", problem.detail)
      writer.string("fix", problem.fix)
    }
  }

  /// The part of an exception that is known before it is stored.
  package mutating func members(ofStop exception: PostingException) {
    string("class", exception.exceptionClass)
    string("cause", exception.cause)
    string("fingerprint", exception.fingerprint)
    string("entity", exception.entity.code)
    money("amount", exception.amount)
    string("currency", exception.amount.currency.code)
    string("fix", exception.fix)
    string("runbook", Runbook.page(of: exception.exceptionClass))
  }

  /// - Parameters:
  ///   - hold: what holds its connection up, where nothing of its own holds the posting.
  ///   - exchanges: what attempts sent and got back, by the hash of it; as far as it is asked for.
  package mutating func write(
    _ posting: StoredPosting, attempts: [Attempt]?, hold: ConnectionHold? = nil,
    exchanges: [[UInt8]: String] = [:]
  ) {
    object { writer in
      writer.string("id", String(posting.number.value))
      writer.string("entry", posting.entry.text)
      writer.string("entity", posting.entity.code)
      writer.string("connection", posting.connection.code)
      writer.string("state", hold == nil ? posting.state.rawValue : PostingState.waiting.rawValue)
      writer.string("reason", (hold?.waitingReason ?? posting.reason)?.rawValue)
      writer.string("heldBy", hold?.cause.rawValue)
      writer.string("heldUntil", hold?.until?.text)
      if let notBefore = posting.notBefore, notBefore < .never {
        writer.string("notBefore", notBefore.text)
      }
      writer.string("ticket", posting.ticket?.text)
      writer.string("progress", posting.ticket?.progress)
      if let attempts {
        writer.key("attempts")
        writer.array { writer in
          for attempt in attempts { writer.write(attempt, exchanges) }
        }
      }
      if let receipt = posting.receipt {
        writer.key("erp")
        writer.object { writer in
          writer.string("id", receipt.id)
          writer.string("number", receipt.number)
          writer.string("postedAt", receipt.postedAt?.text)
          writer.string("url", receipt.url)
        }
      }
    }
  }

  private mutating func write(_ attempt: Attempt, _ exchanges: [[UInt8]: String]) {
    object { writer in
      writer.key("number")
      writer.number(attempt.number)
      writer.string("purpose", attempt.purpose.rawValue)
      writer.string("startedAt", attempt.startedAt.text)
      writer.string("endedAt", attempt.endedAt?.text)
      writer.string("outcome", attempt.outcome)
      writer.string("code", attempt.code)
      writer.string("message", attempt.message)
      writer.string("evidence", attempt.evidence.map { "sha256:" + Hex.encode($0) })
      writer.string("exchange", attempt.evidence.flatMap { exchanges[$0] })
    }
  }

  package mutating func write(_ record: EntryRecord) {
    EntryWriter.write(
      record.entry,
      identity: EntryWriter.Identity(
        id: record.key.text, key: record.key, set: record.set.text), to: &self)
  }

  /// The head of a document, as lists show it.
  package mutating func members(of document: StoredDocument) {
    string("source", document.identity.source)
    string("type", document.identity.type.rawValue)
    string("id", document.identity.id)
    key("revision")
    number(document.revision)
    string("entity", document.entity.code)
    string("customer", document.customer)
    string("reference", document.reference)
    date("documentDate", document.documentDate)
    string("currency", document.currency.code)
    string("state", document.state.rawValue)
    string("acceptedAt", document.acceptedAt.text)
  }

  /// - Parameter waiting: what it waits for, in words; nil when it does not wait.
  package mutating func write(_ document: StoredDocument, waiting: String? = nil) {
    object { writer in
      writer.members(of: document)
      writer.string("waiting", waiting)
    }
  }

  package mutating func write(_ report: DocumentReport) {
    object { writer in
      writer.members(of: report.document)
      writer.string("waiting", report.wait?.detail)
      if let open = report.open { writer.money("open", open) }
      writer.key("entries")
      writer.array { writer in
        for record in report.entries { writer.write(record) }
      }
      writer.key("postings")
      writer.array { writer in
        for (posting, attempts) in report.postings {
          writer.write(
            posting, attempts: attempts, hold: report.outlook?.hold(of: posting),
            exchanges: report.exchanges)
        }
      }
      writer.key("exceptions")
      writer.array { writer in
        for exception in report.exceptions {
          writer.write(exception, document: report.document.identity)
        }
      }
      writer.key("timeline")
      writer.array { writer in
        for record in report.timeline {
          writer.object { writer in
            writer.string("at", record.at.text)
            writer.string("actor", record.actor)
            writer.string("action", record.action)
            writer.string("posting", record.posting.map { String($0.value) })
            writer.string("detail", record.detail)
            writer.string("evidence", record.evidence.map { "sha256:" + Hex.encode($0) })
          }
        }
      }
    }
  }

  package mutating func write(_ refused: RefusedIntake) {
    object { writer in
      writer.string("id", refused.id.map { String($0) })
      writer.string("at", refused.at.text)
      writer.string("source", refused.source)
      writer.string("document", refused.identity)
      writer.problems("errors", refused.problems)
    }
  }
}
