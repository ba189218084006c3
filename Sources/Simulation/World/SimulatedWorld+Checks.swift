import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import SQLStore

// Every promise of the design, checked against the ERPs' own books.

extension SimulatedWorld {
  // MARK: At each booking

  /// Called by an ERP that has just booked something.
  func checkBooking(_ booking: SimulatedERP.Booking, in erp: SimulatedERP) {
    let head = booking.entry.head
    let others = erp.books.dropLast()
    let isLate = lateKeys.contains(booking.key)
    let identity = EntryName(head)
    if !isLate, let earlier = others.first(where: { EntryName($0.entry.head) == identity }) {
      fail(
        .nothingTwice,
        "erp-\(erp.number) holds \(head.kind.rawValue) of \(head.source.document) twice: "
          + "\(earlier.number) and \(booking.number)")
    }
    for side in [\JournalLine.amount, \JournalLine.functionalAmount] {
      let sum = booking.entry.lines.reduce(Int64(0)) {
        $0 + ($1.side == .debit ? $1[keyPath: side] : -$1[keyPath: side]).minorUnits
      }
      if sum != 0 { fail(.balanced, "\(booking.number) in erp-\(erp.number) does not balance") }
    }
    // What comes after its time comes in no order.
    if isLate { return }
    if let reversed = head.reverses {
      guard let original = erp.books.first(where: { $0.key.text == reversed }) else {
        return fail(.inOrder, "\(booking.number) reverses \(reversed), which is not booked")
      }
      if !original.entry.isReversed(by: booking.entry) {
        fail(.immutable, "\(booking.number) is not the opposite of \(original.number)")
      }
      return
    }
    checkOrder(of: booking, after: others, in: erp)
  }

  private func checkOrder(
    of booking: SimulatedERP.Booking, after others: some Sequence<SimulatedERP.Booking>,
    in erp: SimulatedERP
  ) {
    let head = booking.entry.head
    let reversed = Set(others.compactMap(\.entry.head.reverses))
    for other in others
    where other.entry.head.source.document == head.source.document
      && other.entry.head.source.revision < head.source.revision
      && other.entry.head.kind != .reversal && !reversed.contains(other.key.text)
      && !lateKeys.contains(other.key)
    {
      fail(
        .inOrder,
        "revision \(head.source.revision) of \(head.source.document) is booked while revision "
          + "\(other.entry.head.source.revision) stands")
    }
    for reference in references(of: head.source) {
      let isThere = erp.books.dropLast().contains {
        $0.entry.head.source.document == reference && $0.entry.head.kind != .reversal
      }
      if !isThere {
        fail(.inOrder, "\(head.source.document) is booked ahead of \(reference)")
      }
    }
  }

  /// What a document settles.
  private func references(of source: EntrySource) -> [DocumentIdentity] {
    for arrival in story.arrivals {
      for document in arrival.documents
      where document.identity == source.document && document.revision == source.revision {
        return document.references.filter { $0.purpose != .follows }.map(\.identity)
      }
    }
    return []
  }

  // MARK: At each settlement

  /// Posted only if the ERP says so.
  func checkPosted(_ claimed: [Delivery.Claimed], by worker: Worker) throws {
    for one in claimed {
      guard let posting = try worker.store.read({ try $0.posting(one.posting.number) }),
        posting.state == .posted
      else { continue }
      check(posting)
    }
  }

  private func check(_ posting: StoredPosting) {
    let erp = erp(of: posting.connection)
    guard let booking = erp.booking(of: posting.entry) else {
      return fail(
        .nothingSilent,
        "Posting \(posting.number.value) is \(posting.state), and erp-\(erp.number) does not "
          + "hold \(posting.entry)")
    }
    let numbers = erp.bookings(of: posting.entry).map(\.number)
    if !numbers.contains(posting.receipt?.number ?? "") {
      fail(
        .nothingSilent,
        "Posting \(posting.number.value) has number \(posting.receipt?.number ?? "none"), in the "
          + "ERP it is \(booking.number)")
    }
  }

  /// Downstream is told *posted* only of what the ERPs hold.
  func checkEvents() {
    queries { queries in
      var filter = ListFilter()
      filter.cursor = lastEvent
      for event in try queries.events(filter) {
        lastEvent = event.number
        guard event.kind == .posted else { continue }
        for posting in try queries.postings(of: event.document) {
          switch posting.state {
          case .posted: check(posting)
          case .reversed, .cancelled: break
          default: fail(.nothingSilent, "\(event.identity) is told posted, a posting is not")
          }
        }
      }
    }
  }

  // MARK: When everything has settled

  /// - Parameter isLast: the person has worked off the list.
  func check(isLast: Bool) {
    guard violation == nil else { return }
    queries { queries in
      try checkDocuments(in: queries, isLast: isLast)
      for posting in try allPostings(in: queries) {
        try check(posting, in: queries, isLast: isLast)
      }
      try checkBooks(in: queries)
      try checkSets(in: queries)
      if isLast { try checkLateSuccesses(in: queries) }
    }
    do {
      if sabotage == .auditChanged, isLast {
        try disk.tamper(
          "DROP TRIGGER IF EXISTS audit_unchanged; UPDATE audit SET detail = 'x' WHERE number = 1;")
      }
      if let problem = try workers[0].store.verifyAuditChain() { fail(.auditChain, problem.detail) }
      if isLast, let problem = try workers[0].store.integrityCheck().first {
        fail(.noDefect, problem.detail)
      }
    } catch {
      fail(.noDefect, "\(error)")
    }
  }

  private func checkDocuments(in queries: any PostingQueries, isLast: Bool) throws {
    for arrival in story.arrivals {
      for document in arrival.documents {
        guard let kind = told[document], kind != .conflict else { continue }
        let stored = try queries.revisions(of: document.identity)
          .first { $0.revision == document.revision }
        guard let stored else {
          fail(.nothingLost, "\(document.storyName) was answered \(kind) and is not there")
          continue
        }
        try check(stored, document, in: queries, isLast: isLast)
      }
    }
  }

  private func check(
    _ stored: StoredDocument, _ document: Document, in queries: any PostingQueries, isLast: Bool
  ) throws {
    let name = document.storyName
    let postings = try queries.postings(of: stored.number)
    let entries = try queries.entries(of: stored.number)
    if Set(entries.map(\.key)) != Set(postings.map(\.entry)) {
      fail(.nothingLost, "\(name) has \(entries.count) entries and \(postings.count) postings")
    }
    let open = try queries.openExceptions(of: stored.number)
    switch stored.state {
    case .accepted, .posting:
      // Visible: it waits, or one of its postings does.
      let waits = try queries.wait(of: stored.number) != nil
      if !waits, !postings.contains(where: { !$0.state.isFinal }) {
        fail(.nothingSilent, "\(name) is \(stored.state) and nothing happens to it")
      }
    case .exception:
      if open.isEmpty { fail(.nothingSilent, "\(name) is stopped, and no exception is open") }
    case .posted:
      if postings.contains(where: { !$0.state.isFinal }) {
        fail(.nothingSilent, "\(name) is posted, and a posting of it is not")
      }
      if entries.isEmpty, !document.movesNothing {
        fail(.nothingLost, "\(name) is posted, and it has no entry")
      }
    case .reversed, .discarded: break
    }
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    let told = try queries.events(filter).last { $0.document == stored.number }?.kind
    let expected: DocumentEvent.Kind? =
      switch stored.state {
      case .accepted, .posting: told == .resumed ? .resumed : .accepted
      case .posted: .posted
      case .exception: .exception
      case .reversed: .reversed
      case .discarded: .discarded
      }
    if told != expected {
      fail(.nothingSilent, "\(name) is \(stored.state), downstream was told \(told as Any)")
    }
    // One that was taken back stays on somebody's list until he has seen it; so does one that an
    // ERP booked late besides.
    let isTold =
      stored.state == .reversed
      && open.allSatisfy { $0.tellsOfCompensation || (!isLast && $0.tellsOfLateSuccess) }
    if stored.state != .exception, !open.isEmpty, !isTold {
      let classes = open.map(\.exceptionClass).joined(separator: ", ")
      fail(.nothingSilent, "\(name) is \(stored.state), and an exception is open: \(classes)")
    }
  }

  private func check(
    _ posting: StoredPosting, in queries: any PostingQueries, isLast: Bool
  ) throws {
    let name = "Posting \(posting.number.value) on \(posting.connection)"
    let erp = erp(of: posting.connection)
    let exceptions = try queries.openExceptions(of: posting.number)
    switch posting.state {
    case .posted, .reversed:
      check(posting)
      if !exceptions.allSatisfy({ !isLast && $0.tellsOfLateSuccess }) {
        fail(.nothingSilent, "\(name) is posted, an exception is open")
      }
      let told = try queries.audit(of: posting.document).filter {
        $0.posting == posting.number && $0.action == "posting.posted"
      }
      if told.count != 1 {
        fail(.auditChain, "\(name) is posted, and \(told.count) audit records say so")
      }
    case .cancelled:
      let isExcused = lateKeys.contains(posting.entry) && !isLast
      if erp.booking(of: posting.entry) != nil, !isExcused {
        fail(.nothingLost, "\(name) is cancelled, and the ERP holds it")
      }
    case .waiting:
      let first = try queries.unpostedPredecessors(of: posting.number)
      if posting.reason != .order || first.isEmpty {
        fail(.nothingSilent, "\(name) waits for nothing that can be seen")
      }
      if isLast, erp.profile.kind != .fileDrop { try checkBlocked(by: first, name, in: queries) }
    case .rejected, .unknown:
      if exceptions.isEmpty { fail(.nothingSilent, "\(name) is \(posting.state), no exception") }
      if isLast { fail(.settles, "\(name) is still \(posting.state) after everybody did his work") }
    case .submitted:
      if isLast, erp.profile.kind != .fileDrop {
        fail(.settles, "\(name) is still submitted after everybody did his work")
      }
    case .due, .sending: fail(.settles, "\(name) is \(posting.state)")
    }
  }

  /// Nothing waits for what was taken back.
  private func checkBlocked(
    by first: [PostingNumber], _ name: String, in queries: any PostingQueries
  ) throws {
    for number in first {
      guard let predecessor = try queries.posting(number) else { continue }
      if predecessor.state == .cancelled {
        fail(.settles, "\(name) waits for posting \(number.value), which is cancelled")
      }
    }
  }

  /// The ERPs hold what the journal says, and nothing else.
  private func checkBooks(in queries: any PostingQueries) throws {
    for erp in erps {
      for booking in erp.standingBooks {
        guard let record = try queries.entry(booking.key) else {
          fail(.nothingLost, "erp-\(erp.number) holds \(booking.number), the journal does not")
          continue
        }
        if record.entry != booking.entry {
          fail(.immutable, "\(booking.number) in erp-\(erp.number) differs from its entry")
        }
        let isUnmapped = booking.entry.lines.contains { line in
          line.account != AccountCode(line.role.rawValue)
        }
        if isUnmapped { fail(.neverGuessed, "\(booking.number) has an account of no rule") }
      }
    }
  }
}

/// Which entry it is, whatever key it was sent under and however often its document came.
private struct EntryName: Hashable {
  let entity: LegalEntityID
  let type: DocumentType
  let id: Substring
  let revision: Int
  let kind: EntryKind
  let sequence: Int

  init(_ head: EntryHead) {
    entity = head.legalEntity
    type = head.source.document.type
    id = head.source.document.id.prefix { $0 != "~" }
    revision = head.source.revision
    kind = head.kind
    sequence = head.source.sequence
  }
}

extension JournalEntry {
  fileprivate func isReversed(by other: JournalEntry) -> Bool {
    func key(_ line: JournalLine, _ side: Side) -> [String] {
      [line.account.code, "\(side)", line.amount.text, line.functionalAmount.text]
    }
    return lines.map { key($0, $0.side) }.sorted { $0.lexicographicallyPrecedes($1) }
      == other.lines.map { key($0, $0.side == .debit ? .credit : .debit) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}

extension Document {
  /// An invoice of zero: nothing of it is to be posted.
  fileprivate var movesNothing: Bool {
    if case .invoice(let invoice) = body { invoice.content.totals.gross.isZero } else { false }
  }
}

extension PostingException {
  fileprivate var tellsOfCompensation: Bool { exceptionClass == "set_compensated" }
  fileprivate var tellsOfLateSuccess: Bool { exceptionClass == "late_success" }
}
