internal import Ledger
internal import PostingRules

extension Acceptance {
  /// Writes what a document does to schedules.
  func store(
    _ changes: [ScheduleChange], by number: DocumentNumber,
    in transaction: any PostingTransaction
  ) throws {
    for change in changes {
      let schedule =
        switch change.target {
        case .new(let terms): try transaction.insert(terms, of: number)
        case .existing(let schedule, _): schedule
        }
      for movement in change.movements {
        try transaction.insert(
          StoredScheduleMovement(
            schedule: schedule, movement: movement, by: number, postingDate: change.postingDate))
      }
    }
  }

  /// Adds the schedules that a document may amend to what is known of the documents it names.
  func addSchedules(
    to known: inout [DocumentIdentity: ReferencedDocument], for document: Document,
    in transaction: any PostingTransaction
  ) throws {
    switch document.body {
    case .creditMemo, .writeOff: break
    case .invoice(let invoice):
      guard invoice.content.lines.contains(where: { $0.net.isNegative }) else { return }
    case .chargeback(let chargeback):
      guard chargeback.stage == .lost else { return }
      try addInvoices(paidBy: chargeback.payment, to: &known, in: transaction)
    case .milestone(let milestone):
      try addContract(milestone.contract, of: document, to: &known, in: transaction)
      return
    case .contractChange(let change):
      try addContract(change.contract, of: document, to: &known, in: transaction)
      return
    case .payment, .refund, .payout, .application, .void, .ratedUsage, .periodRun: return
    }
    for identity in known.keys {
      guard let stored = try inForce(identity, in: transaction) else { continue }
      known[identity]?.schedules = try transaction.schedules(of: stored.number).map(\.schedule)
    }
  }

  private func addInvoices(
    paidBy identity: DocumentIdentity, to known: inout [DocumentIdentity: ReferencedDocument],
    in transaction: any PostingTransaction
  ) throws {
    guard case .payment(let payment)? = known[identity]?.document.body else { return }
    for application in payment.applications {
      let invoice = DocumentIdentity(
        source: identity.source, type: .invoice, id: application.invoice)
      guard known[invoice] == nil, let stored = try inForce(invoice, in: transaction) else {
        continue
      }
      known[invoice] = ReferencedDocument(
        document: try storedDocument(stored.number, in: transaction), rate: stored.rate)
    }
  }

  private func addContract(
    _ contract: String, of document: Document,
    to known: inout [DocumentIdentity: ReferencedDocument],
    in transaction: any PostingTransaction
  ) throws {
    for stored in try transaction.schedules(ofContract: contract, of: document.entity) {
      let identity = stored.schedule.document
      if known[identity] == nil {
        known[identity] = ReferencedDocument(
          document: try storedDocument(stored.document, in: transaction))
      }
      known[identity]?.schedules.append(stored.schedule)
    }
  }
}

extension Document {
  /// Whether it says something about a contract, whose documents only the store knows.
  var isAboutContract: Bool {
    switch body {
    case .milestone, .contractChange: true
    default: false
    }
  }
}

// MARK: Documents that are taken back

extension Acceptance {
  /// Takes back what documents did to schedules, for a reversal, a void or a higher revision.
  ///
  /// Their own schedules end, and what month-end runs have released of them is given back by
  /// entries of `number`. Schedules of others get back what the documents took; months that are
  /// over meanwhile are made good in the first that is open. The entries of the documents
  /// themselves, catch-ups included, are the caller's to reverse.
  ///
  /// - Parameter number: the document that takes them back.
  /// - Returns: the postings of the entries.
  func takeBackSchedules(
    of documents: [DocumentNumber], by number: DocumentNumber, noEarlierThan day: CalendarDate,
    at now: Moment, in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    var parts: [LegalEntityID: [(StoredSchedule, DeferredAmount)]] = [:]
    for document in documents {
      let own = try transaction.schedules(of: document)
      for stored in own {
        let released = try end(stored, by: number, on: day, in: transaction)
        guard !released.isZero else { continue }
        parts[stored.schedule.terms.entity, default: []].append((stored, released))
      }
      let numbers = Set(own.map(\.schedule.number))
      let elsewhere = try transaction.scheduleMovements(by: document)
        .filter { !numbers.contains($0.schedule) }
      for (schedule, movements) in Dictionary(grouping: elsewhere, by: \.schedule)
        .sorted(by: { $0.key < $1.key })
      {
        try undo(movements, of: schedule, by: number, on: day, in: transaction)
      }
    }
    var postings: [PostingNumber] = []
    for (entity, released) in parts.sorted(by: { $0.key < $1.key }) {
      postings += try giveBack(
        released, of: entity, by: number, noEarlierThan: day, at: now, in: transaction)
    }
    return postings
  }

  /// Ends a schedule of a document that is taken back.
  ///
  /// - Returns: what month-end runs have recognised of it.
  private func end(
    _ stored: StoredSchedule, by number: DocumentNumber, on day: CalendarDate,
    in transaction: any PostingTransaction
  ) throws -> DeferredAmount {
    var released = DeferredAmount.zero
    for made in try transaction.scheduleMovements(of: stored.schedule.number)
    where made.entry != nil || made.by == stored.document {
      if made.entry != nil { released -= made.movement.amount }
      try insert(
        made.movement.kind.isPlan ? .cancelled : .released, made.movement.period,
        -made.movement.amount, stored.schedule.number, by: number, on: day, in: transaction)
    }
    return released
  }

  private func undo(
    _ movements: [StoredScheduleMovement], of number: ScheduleNumber,
    by document: DocumentNumber, on day: CalendarDate, in transaction: any PostingTransaction
  ) throws {
    guard let schedule = try transaction.schedule(number)?.schedule else { return }
    let recognised = Set(
      movements.filter { !$0.movement.kind.isPlan }.map(\.movement.period))
    let closed = Set(
      schedule.months.filter { schedule.isFixed($0, on: day) }.map(\.period)
    ).subtracting(recognised)
    let open = schedule.months.first { !schedule.isFixed($0, on: day) }?.period
    for made in movements {
      let period = made.movement.period
      try insert(
        made.movement.kind.isPlan ? .reshaped : .released,
        closed.contains(period) ? open ?? FiscalPeriod(containing: day) : period,
        -made.movement.amount, number, by: document, on: day, in: transaction)
    }
  }

  private func insert(
    _ kind: ScheduleMovement.Kind, _ period: FiscalPeriod, _ amount: DeferredAmount,
    _ schedule: ScheduleNumber, by number: DocumentNumber, on day: CalendarDate,
    in transaction: any PostingTransaction
  ) throws {
    guard !amount.isZero else { return }
    try transaction.insert(
      StoredScheduleMovement(
        schedule: schedule, movement: ScheduleMovement(kind, period, amount), by: number,
        postingDate: day))
  }

  /// Entries that move what was recognised back to the deferred accounts.
  private func giveBack(
    _ released: [(StoredSchedule, DeferredAmount)], of entity: LegalEntityID,
    by number: DocumentNumber, noEarlierThan day: CalendarDate, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    guard let document = try transaction.document(number) else { return [] }
    var rest = released
    var postings: [PostingNumber] = []
    while let (first, _) = rest.first {
      let terms = first.schedule.terms
      func isLike(_ other: ScheduleTerms) -> Bool {
        other.ledger == terms.ledger && other.currency == terms.currency
          && other.rate == terms.rate
      }
      let parts = rest.filter { isLike($0.0.schedule.terms) }
      rest.removeAll { isLike($0.0.schedule.terms) }
      let head = EntryHead(
        legalEntity: entity, ledger: terms.ledger, kind: .reversal,
        postingDate: firstOpenDay(from: day, of: entity), documentDate: document.documentDate,
        currency: terms.currency, functionalCurrency: terms.functionalCurrency, rate: terms.rate,
        reference: first.schedule.reference,
        description: "Reversal of revenue released of \(first.schedule.reference)",
        source: EntrySource(
          document: document.identity, revision: document.revision,
          sequence: Self.firstGivenBack + postings.count), rulesVersion: ruleBook.version)
      guard
        let entry = ScheduleEntry.entry(
          head, parts.map { ScheduleEntry.Part($0.0.schedule.terms, -$0.1) }),
        let connection = ruleBook.entities[entity]?.connections[terms.ledger]
      else { continue }
      let key = keys.key(of: head)
      try transaction.insert(
        EntryRecord(
          key: key,
          set: keys.setKey(of: document.identity, revision: document.revision), entry: entry),
        of: number)
      let first = try runs(that: parts.map(\.0.schedule.number), in: transaction)
      postings.append(
        try transaction.insert(
          NewPosting(
            entry: key, document: number, entity: entity, connection: connection,
            state: first.isEmpty ? .due : .waiting, reason: first.isEmpty ? nil : .order,
            after: first)))
    }
    return postings
  }

  /// The postings of runs that released of schedules and are not in their ERPs yet.
  private func runs(
    that released: [ScheduleNumber], in transaction: any PostingTransaction
  ) throws -> [PostingNumber] {
    var keys: Set<PostingKey> = []
    var documents: Set<DocumentNumber> = []
    for schedule in released {
      for made in try transaction.scheduleMovements(of: schedule) {
        guard let key = made.entry else { continue }
        keys.insert(key)
        documents.insert(made.by)
      }
    }
    return try documents.sorted().flatMap { try transaction.postings(of: $0) }
      .filter { !$0.state.isFinal && keys.contains($0.entry) }.map(\.number)
  }

  /// Their numbers are apart from those of other reversals of one document.
  private static let firstGivenBack = 100_001
}
