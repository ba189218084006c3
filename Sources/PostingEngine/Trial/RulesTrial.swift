package import Ledger
internal import PostingRules
internal import Synchronization

/// Puts past documents through other rules, and tells what would stand on other accounts. Writes
/// nothing.
///
/// Each document is converted with what it refers to as the store holds it, and on the posting date
/// that the books have: what differs is the rules' doing.
package struct RulesTrial: Sendable {
  package struct Options: Sendable {
    /// The time of acceptance; nil leaves that end open.
    package var since: Moment?
    package var until: Moment?
    /// Empty means every entity.
    package var entities: [LegalEntityID] = []
    /// How many documents are told of one by one.
    package var documentLimit = 0
    /// How many converters work side by side.
    package var workers = 2

    package init() {}
  }

  private let acceptance: Acceptance
  private let store: any PostingStore

  /// Where the next batch begins.
  private final class Cursor: Sendable {
    let next = Atomic<Int64>(0)
  }

  /// Documents read on one state of the store.
  private static let batch = 250

  /// - Parameter acceptance: the rules that are tried.
  package init(_ acceptance: Acceptance, store: any PostingStore) {
    var book = acceptance.ruleBook
    // Which periods are closed now decides nothing about what was posted then.
    for (id, var rules) in book.entities {
      rules.closedPeriods = []
      for index in rules.parallelLedgers.indices { rules.parallelLedgers[index].closedPeriods = [] }
      book.entities[id] = rules
    }
    self.acceptance = Acceptance(ruleBook: book, installation: "trial")
    self.store = store
  }

  /// - Parameter progress: called with about the number of documents looked at so far.
  package func run(
    _ options: Options, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) async throws -> TrialResult {
    let last = try store.read { try $0.lastDocumentNumber() }
    let cursor = Cursor()
    let size = Int64(RulesTrial.batch)
    return try await withThrowingTaskGroup(of: TrialResult.self) { group in
      for _ in 0..<max(options.workers, 1) {
        group.addTask {
          var result = TrialResult(documentLimit: options.documentLimit)
          var converter = acceptance.makeConverter()
          while !Task.isCancelled {
            let start = cursor.next.add(size, ordering: .relaxed).oldValue
            guard start < last.value else { break }
            try look(
              at: start + 1...min(start + size, last.value), options, &converter, &result)
            progress(Int(min(start + size, last.value)))
          }
          return result
        }
      }
      var total = TrialResult(documentLimit: options.documentLimit)
      for try await part in group { total.add(part) }
      return total
    }
  }

  private func look(
    at numbers: ClosedRange<Int64>, _ options: Options, _ converter: inout Converter,
    _ result: inout TrialResult
  ) throws {
    var filter = ListFilter()
    filter.cursor = numbers.lowerBound - 1
    filter.limit = numbers.count
    filter.since = options.since
    filter.until = options.until
    filter.entities = options.entities
    try store.read { queries in
      for stored in try queries.documents(filter) where stored.number.value <= numbers.upperBound {
        try compare(stored, queries, &converter, &result)
      }
    }
  }

  private func compare(
    _ stored: StoredDocument, _ queries: any PostingQueries, _ converter: inout Converter,
    _ result: inout TrialResult
  ) throws {
    guard stored.state != .discarded, stored.state != .reversed,
      stored.identity.type != .periodRun,
      try queries.document(stored.identity)?.number == stored.number
    else { return }
    var document = try acceptance.storedDocument(stored.number, in: queries)
    let entries = try queries.entries(of: stored.number).map(\.entry).filter {
      // Those of the document alone: what it took back of accruals depends on the day.
      $0.head.reverses == nil && $0.head.kind != .accrualReversal
        && $0.head.source.document == stored.identity
    }
    if let date = entries.first?.head.postingDate { document.postingDate = date }
    let references =
      document.references.isEmpty && !document.needsStore
      ? .none : try acceptance.references(of: document, inPlaceOf: [stored], in: queries)
    let dues = try acceptance.dues(of: document, inPlaceOf: [stored], in: queries)
    switch converter.convert(document, references: references, dues: dues) {
    case .entries(let tried, _): result.compare(stored, entries, with: tried)
    case .waiting: result.compare(stored, entries, with: [], because: "waits")
    case .stopped(let stops):
      let classes = Set(stops.map(\.exceptionClass.rawValue)).sorted().joined(separator: ", ")
      result.compare(stored, entries, with: [], because: classes)
    }
  }
}
