package import Ledger
internal import PostingRules
internal import Synchronization

/// Puts past documents through other rules, and tells what would stand on other accounts. Writes
/// nothing.
///
/// Each document is converted with what it refers to as it stood when it was converted, and on the
/// posting date that the books have: what differs is the rules' doing.
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
      stored.identity.type != .periodRun
    else { return }
    let revisions = try queries.revisions(of: stored.identity)
    for later in revisions where later.revision > stored.revision {
      guard try leavesStanding(later, queries) else { return }
    }
    let entries = try ownEntries(of: stored, queries)
    let day = entries.first?.head.postingDate
    let tried = try conversion(of: stored, among: revisions, on: day, queries, &converter)
    guard case .entries(var made, _) = tried else {
      return result.compare(stored, entries, with: [], because: tried.hindrance)
    }
    // What others had done with it stopped it, or a closed period; not the rules.
    if entries.isEmpty, try isStoppedElsewhere(stored, queries) { made = [] }
    var instead: [JournalEntry] = []
    // A correction says what differs from the revision before.
    if entries.contains(where: { $0.head.kind == .correction }),
      let before = revisions.last(where: {
        $0.revision < stored.revision && $0.state != .discarded
      }),
      case .entries(let old, _) = try conversion(
        of: before, among: revisions, on: day, queries, &converter)
    {
      instead = old
    } else if entries.isEmpty, stored.revision > 1, stored.state == .posted {
      made = []
    }
    result.compare(stored, entries, with: made, insteadOf: instead)
  }

  private func isStoppedElsewhere(
    _ stored: StoredDocument, _ queries: any PostingQueries
  ) throws -> Bool {
    if try queries.wait(of: stored.number)?.reason == .period { return true }
    let classes = [
      Stop.ExceptionClass.revisionBelowSettled, .settledSince, .settlementCurrency, .periodClosed,
      .overSettled, .creditBeyondLine, .chargebackBeyondPayment,
    ].map(\.rawValue)
    return try queries.openExceptions(of: stored.number).contains {
      classes.contains($0.exceptionClass)
    }
  }

  /// A document through the rules that are tried, on what it found when it was converted.
  private func conversion(
    of stored: StoredDocument, among revisions: [StoredDocument], on day: CalendarDate?,
    _ queries: any PostingQueries, _ converter: inout Converter
  ) throws -> Conversion {
    var document = try acceptance.storedDocument(stored.number, in: queries)
    if let day { document.postingDate = day }
    guard !document.references.isEmpty || document.needsStore else {
      return converter.convert(document)
    }
    let point = try queries.point(before: stored.number)
    let earlier = revisions.filter { $0.revision < stored.revision }
    return converter.convert(
      document,
      references: try acceptance.references(
        of: document, inPlaceOf: earlier, before: point, in: queries),
      dues: try acceptance.dues(of: document, inPlaceOf: earlier, before: point, in: queries))
  }

  /// What a document gave by itself: not what it reversed, nor what it took back of releases in
  /// summarised runs or of accruals, which depends on the day; of entries that were replaced the last.
  private func ownEntries(
    of stored: StoredDocument, _ queries: any PostingQueries
  ) throws -> [JournalEntry] {
    let entries = try queries.entries(of: stored.number).map(\.entry).filter {
      $0.head.kind != .reversal && $0.head.kind != .accrualReversal && $0.head.reverses == nil
        && $0.head.source.document == stored.identity
    }
    let step = EntryReplacement.sequenceStep
    guard entries.contains(where: { $0.head.source.sequence >= step }) else { return entries }
    return entries.filter { entry in
      !entries.contains {
        entry.head.isSamePart(as: $0.head)
          && entry.head.source.sequence < $0.head.source.sequence
      }
    }
  }

  /// Whether a higher revision leaves those before it in the books.
  private func leavesStanding(
    _ stored: StoredDocument, _ queries: any PostingQueries
  ) throws -> Bool {
    try ownEntries(of: stored, queries).allSatisfy { $0.head.kind == .correction }
  }
}

extension Conversion {
  /// Why it gives no entries: `waits`, or the classes of what stops it.
  fileprivate var hindrance: String {
    guard case .stopped(let stops) = self else { return "waits" }
    return Set(stops.map(\.exceptionClass.rawValue)).sorted().joined(separator: ", ")
  }
}
