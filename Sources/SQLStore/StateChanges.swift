import Ledger
import PostingEngine

/// What one transaction changes about the states of documents and postings.
///
/// Gathered where the rows are written, so that no caller can forget to tell. With the commit the
/// documents' changes go into the outbox, and all of them into one record of the audit chain.
struct StateChanges {
  private(set) var events: [(document: DocumentNumber, kind: DocumentEvent.Kind)] = []
  /// The latest moment that anything written says.
  private(set) var latest: Moment?
  /// Numbers by what they have become, in the order in which that first happened.
  private var words: [String] = []
  private var numbers: [String: [Int64]] = [:]

  mutating func note(_ moment: Moment) { latest = max(latest ?? moment, moment) }

  /// A new document, which has an audit record of its own.
  mutating func note(
    _ document: DocumentNumber, from old: DocumentState?, to new: DocumentState
  ) {
    if let kind = DocumentEvent.Kind(from: old, to: new) { events.append((document, kind)) }
  }

  mutating func note(
    _ document: DocumentNumber, to new: DocumentState, before: PreparedStatement
  ) throws {
    before.bind(document.value)
    let old: DocumentState? = try before.first { try $0.word(0) }
    guard let old, old != new else { return }
    note(document, from: old, to: new)
    add("documents \(new.rawValue)", document.value)
  }

  mutating func note(_ posting: StoredPosting, before: PreparedStatement) throws {
    before.bind(posting.number.value)
    let old: (PostingState, WaitingReason?)? = try before.first {
      (try $0.word(0), try $0.optionalWord(1))
    }
    guard let old, old != (posting.state, posting.reason) else { return }
    let reason = posting.reason.map { " (\($0.rawValue))" } ?? ""
    add("postings \(posting.state.rawValue)\(reason)", posting.number.value)
  }

  private mutating func add(_ word: String, _ number: Int64) {
    if numbers[word] == nil { words.append(word) }
    numbers[word, default: []].append(number)
  }

  /// `postings sending 12 13; documents posting 4`; nil when no state changed.
  var summary: String? {
    guard !words.isEmpty else { return nil }
    return words.map { word in
      word + " " + numbers[word, default: []].map { String($0) }.joined(separator: " ")
    }.joined(separator: "; ")
  }
}

extension SQLTransaction {
  /// Writes what was gathered, as the last part of the transaction.
  func tell() throws {
    let at = changes.latest ?? writer.lastMoment
    writer.lastMoment = at
    for event in changes.events {
      let statement = statements.event
      statement.bind(at.milliseconds)
      statement.bind(event.kind.rawValue)
      statement.bind(event.document.value)
      try statement.run()
    }
    guard let summary = changes.summary else { return }
    try append(AuditRecord(at: at, actor: "store", action: "states.changed", detail: summary))
  }
}
