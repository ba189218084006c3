package import Ledger

/// What other rules would change in the books.
package struct TrialResult: Sendable {
  /// One account of one entity in one period.
  package struct Place: Hashable, Sendable, Comparable {
    package var entity: LegalEntityID
    package var ledger: String
    package var period: FiscalPeriod
    package var account: AccountCode

    package static func < (left: Self, right: Self) -> Bool {
      (left.entity, left.ledger, left.period, left.account.code)
        < (right.entity, right.ledger, right.period, right.account.code)
    }
  }

  /// Debits less credits in functional currency.
  package struct Change: Hashable, Sendable {
    package var before: Money
    package var after: Money
    /// Documents that change the account.
    package var documents: Int

    package var difference: Money { after - before }
  }

  package struct ChangedDocument: Hashable, Sendable {
    package var identity: DocumentIdentity
    package var revision: Int
    /// Why it would give no entries: the class of the exception, or `waits`; nil when it gives some.
    package var because: String?
    /// Each place that changes, in order.
    package var lines: [(place: Place, before: Money, after: Money)]

    package static func == (left: Self, right: Self) -> Bool {
      left.identity == right.identity && left.revision == right.revision
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(identity)
      hasher.combine(revision)
    }
  }

  package private(set) var looked = 0
  package private(set) var changed = 0
  /// Changed documents that would give no entries, by reason.
  package private(set) var stopped: [String: Int] = [:]
  package private(set) var changes: [Place: Change] = [:]
  /// As many as were asked for, in the order of acceptance.
  package private(set) var documents: [(number: DocumentNumber, document: ChangedDocument)] = []
  private let documentLimit: Int

  package init(documentLimit: Int) { self.documentLimit = documentLimit }

  /// A line's place, with what a change of it makes a change: what is on it beside the account.
  private struct Cell: Hashable {
    let place: Place
    let currency: Currency
    let dimensions: Dimensions
    let party: String?
    let tax: String?
  }

  private struct Amount: Equatable {
    var transaction: Int64 = 0
    var functional: Int64 = 0
  }

  /// - Parameter replaced: what is taken off `after`: where `before` says only what differs from it.
  mutating func compare(
    _ stored: StoredDocument, _ before: [JournalEntry], with after: [JournalEntry],
    insteadOf replaced: [JournalEntry] = [], because: String? = nil
  ) {
    looked += 1
    let old = Self.cells(before)
    let new = Self.cells(after, less: replaced)
    guard old.cells != new.cells else { return }
    changed += 1
    if let because { stopped[because, default: 0] += 1 }
    var places: [Place: (before: Int64, after: Int64)] = [:]
    for (cell, amount) in old.cells where new.cells[cell] != amount {
      places[cell.place, default: (0, 0)].before += amount.functional
      places[cell.place, default: (0, 0)].after += new.cells[cell]?.functional ?? 0
    }
    for (cell, amount) in new.cells where old.cells[cell] == nil {
      places[cell.place, default: (0, 0)].after += amount.functional
    }
    var lines: [(place: Place, before: Money, after: Money)] = []
    for (place, amounts) in places.sorted(by: { $0.key < $1.key }) {
      guard let currency = old.currencies[place] ?? new.currencies[place] else { continue }
      let line = (
        place, Money(minorUnits: amounts.before, currency),
        Money(minorUnits: amounts.after, currency)
      )
      add(Change(before: line.1, after: line.2, documents: 1), to: place)
      lines.append(line)
    }
    if documents.count < documentLimit {
      documents.append(
        (
          stored.number,
          ChangedDocument(
            identity: stored.identity, revision: stored.revision, because: because, lines: lines)
        ))
    }
  }

  mutating func add(_ other: TrialResult) {
    looked += other.looked
    changed += other.changed
    stopped.merge(other.stopped, uniquingKeysWith: +)
    for (place, change) in other.changes { add(change, to: place) }
    documents = Array(
      (documents + other.documents).sorted { $0.number < $1.number }.prefix(documentLimit))
  }

  private mutating func add(_ change: Change, to place: Place) {
    guard let present = changes[place] else {
      changes[place] = change
      return
    }
    changes[place] = Change(
      before: present.before + change.before, after: present.after + change.after,
      documents: present.documents + change.documents)
  }

  private static func cells(
    _ entries: [JournalEntry], less replaced: [JournalEntry] = []
  ) -> (cells: [Cell: Amount], currencies: [Place: Currency]) {
    var cells: [Cell: Amount] = [:]
    var currencies: [Place: Currency] = [:]
    for (entry, direction) in entries.map({ ($0, Int64(1)) }) + replaced.map({ ($0, -1) }) {
      let head = entry.head
      for line in entry.lines {
        let place = Place(
          entity: head.legalEntity, ledger: head.ledger, period: head.period,
          account: line.account)
        let cell = Cell(
          place: place, currency: head.currency, dimensions: line.dimensions, party: line.party,
          tax: line.tax?.code)
        let sign = line.side == .debit ? direction : -direction
        cells[cell, default: Amount()].transaction += sign * line.amount.minorUnits
        cells[cell, default: Amount()].functional += sign * line.functionalAmount.minorUnits
        currencies[place] = head.functionalCurrency
      }
    }
    return (cells.filter { $0.value != Amount() }, currencies)
  }
}
