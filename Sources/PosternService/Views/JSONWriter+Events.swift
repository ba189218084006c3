internal import AdapterKit
internal import Ledger
internal import LedgerJSON
package import PostingEngine
package import StrictJSON

extension JSONWriter {
  /// An event as the stream, webhooks and lists show it: what happened, and to what; with what the
  /// ERPs said when it is about what is posted, and with what is wrong when it stopped.
  ///
  /// Told again it reads the same but for exceptions that are over by then.
  package mutating func write(_ event: DocumentEvent, in queries: any PostingQueries) throws {
    let postings =
      event.kind == .posted || event.kind == .reversed
      ? try queries.postings(of: event.document).filter { $0.receipt != nil } : []
    let exceptions =
      event.kind == .exception ? try queries.openExceptions(of: event.document) : []
    object { writer in
      writer.string("id", String(event.number))
      writer.string("at", event.at.text)
      writer.string("kind", event.kind.rawValue)
      writer.string("document", event.identity.description)
      writer.key("revision")
      writer.number(event.revision)
      writer.string("entity", event.entity.code)
      if !postings.isEmpty {
        writer.key("postings")
        writer.array { writer in
          for posting in postings { writer.write(posting, attempts: nil) }
        }
      }
      if !exceptions.isEmpty {
        writer.key("exceptions")
        writer.array { writer in
          for exception in exceptions {
            writer.write(exception, document: event.identity)
          }
        }
      }
    }
  }
}
