package import Ledger

/// What an action came to for one exception.
package enum ExceptionResult: Hashable, Sendable {
  /// It is done: converted, due again, settled, noted.
  case done
  /// It stays, for these reasons.
  case stays([String])
  /// Nothing can be tried: a person has to decide.
  case needsDecision(String)
  /// The action does not fit this exception.
  case refused(Problem)

  /// Whether somebody still has to act on it.
  package var isOpen: Bool { self != .done }

  /// In words.
  package var text: String {
    switch self {
    case .done: "done"
    case .stays(let causes): "stays: " + causes.joined(separator: "; ")
    case .needsDecision(let why): "needs a decision: " + why
    case .refused(let problem): "refused: \(problem.detail). \(problem.fix)"
    }
  }

  /// In words, where the action was only tried.
  package var conditional: String {
    switch self {
    case .done: "would be done"
    case .stays(let causes): "would stay: " + causes.joined(separator: "; ")
    case .needsDecision, .refused: text
    }
  }
}

/// What an action did to the entries of one document.
package struct EntryChange: Hashable, Sendable {
  /// No longer on their way to an ERP.
  package var withdrawn: [EntryRecord]
  package var added: [EntryRecord]

  package var isEmpty: Bool { withdrawn.isEmpty && added.isEmpty }

  /// - Parameters: the entries that counted before and after, the cancelled left out.
  init(before: [EntryRecord], after: [EntryRecord]) {
    let old = Set(before.map(\.key))
    let new = Set(after.map(\.key))
    withdrawn = before.filter { !new.contains($0.key) }
    added = after.filter { !old.contains($0.key) }
  }

  /// The entries of a document that are, or shall be, in an ERP.
  static func standing(
    _ document: DocumentNumber, in queries: any PostingQueries
  ) throws -> [EntryRecord] {
    let entries = try queries.entries(of: document)
    guard !entries.isEmpty else { return [] }
    let cancelled = Set(
      try queries.postings(of: document).filter { $0.state == .cancelled }.map(\.entry))
    return entries.filter { !cancelled.contains($0.key) }
  }
}
