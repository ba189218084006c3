internal import Ledger
internal import LedgerJSON
package import PostingEngine
internal import StrictJSON

/// Turns events of the outbox into messages for the sources that have a webhook, in the order of
/// each document.
package struct EventRelay: Sendable {
  private let store: any PostingStore
  private let commit: GroupCommit
  private let sources: [String]

  private static let batch = 200

  package init(store: any PostingStore, commit: GroupCommit, sources: [String]) {
    self.store = store
    self.commit = commit
    self.sources = sources
  }

  /// How a source's webhook is named as a recipient.
  package static func recipient(of source: String) -> String { "source:\(source)" }

  /// - Returns: how many events there were; 0 when all are passed on.
  package func run() async throws -> Int {
    var count = 0
    for source in sources {
      let note = "relayed:\(source)"
      let events = try store.read { queries in
        try self.events(of: source, after: try queries.note(note), in: queries)
      }
      guard let last = events.last else { continue }
      count += events.count
      try await commit.write { transaction in
        for event in events {
          let postings = try transaction.postings(of: event.document)
          try transaction.insert(
            Notice(
              recipient: EventRelay.recipient(of: source), chain: event.identity.description,
              subject: event.kind.rawValue, content: EventRelay.json(event, postings),
              createdAt: event.at))
        }
        try transaction.setNote(note, to: String(last.number))
      }
    }
    return count
  }

  private func events(
    of source: String, after note: String?, in queries: any PostingQueries
  ) throws -> [DocumentEvent] {
    var filter = ListFilter()
    filter.source = source
    filter.cursor = note.flatMap { Int64($0) } ?? 0
    filter.limit = EventRelay.batch
    return try queries.events(filter)
  }

  /// `{ "id", "at", "event", "document", "revision", "entity", "postings": [ … ] }`; the id is the
  /// event's own, so that a message told twice can be dropped.
  private static func json(_ event: DocumentEvent, _ postings: [StoredPosting]) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("id", String(event.number))
      writer.string("at", event.at.text)
      writer.string("event", event.kind.rawValue)
      writer.string("document", event.identity.description)
      writer.key("revision")
      writer.number(event.revision)
      writer.string("entity", event.entity.code)
      writer.key("postings")
      writer.array { writer in
        for posting in postings { writer.write(posting, attempts: nil) }
      }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
