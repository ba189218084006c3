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
  ///
  /// - Parameter earlier: revisions that it takes the place of; what they did to schedules counts as
  ///   undone.
  func addSchedules(
    to known: inout [DocumentIdentity: ReferencedDocument], for document: Document,
    inPlaceOf earlier: [StoredDocument], before point: StorePoint,
    in transaction: any PostingQueries
  ) throws {
    switch document.body {
    case .creditMemo, .writeOff: break
    case .invoice(let invoice):
      guard invoice.content.lines.contains(where: { $0.net.isNegative }) else { return }
    case .chargeback(let chargeback):
      guard chargeback.stage == .lost else { return }
    case .milestone(let milestone):
      return try addContract(
        milestone.contract, of: document, inPlaceOf: earlier, before: point, to: &known,
        in: transaction)
    case .contractChange(let change):
      return try addContract(
        change.contract, of: document, inPlaceOf: earlier, before: point, to: &known,
        in: transaction)
    case .payment, .refund, .payout, .application, .void, .withholdingCertificate, .ratedUsage,
      .netting, .periodRun:
      return
    }
    let undone = try movements(by: earlier, in: transaction)
    for identity in known.keys {
      guard let stored = try inForce(identity, before: point, in: transaction) else {
        continue
      }
      known[identity]?.schedules = try transaction.schedules(
        of: stored.number, before: point
      ).map {
        $0.schedule.without(undone[$0.schedule.number] ?? [])
      }
    }
  }

  /// What documents did to the schedules of others.
  private func movements(
    by documents: [StoredDocument], in queries: any PostingQueries
  ) throws -> [ScheduleNumber: [ScheduleMovement]] {
    var movements: [ScheduleNumber: [ScheduleMovement]] = [:]
    for made in try documents.flatMap({ try queries.scheduleMovements(by: $0.number) }) {
      movements[made.schedule, default: []].append(made.movement)
    }
    return movements
  }

  private func addContract(
    _ contract: String, of document: Document, inPlaceOf earlier: [StoredDocument],
    before point: StorePoint, to known: inout [DocumentIdentity: ReferencedDocument],
    in transaction: any PostingQueries
  ) throws {
    let undone = try movements(by: earlier, in: transaction)
    for stored in try transaction.schedules(
      ofContract: contract, billedBy: document.entity, before: point)
    {
      let identity = stored.schedule.document
      if known[identity] == nil {
        known[identity] = ReferencedDocument(
          document: try storedDocument(stored.document, in: transaction))
      }
      known[identity]?.schedules.append(
        stored.schedule.without(undone[stored.schedule.number] ?? []))
    }
  }
}

extension Schedule {
  /// As it would be without movements.
  fileprivate func without(_ movements: [ScheduleMovement]) -> Schedule {
    movements.isEmpty
      ? self
      : applying(movements.map { ScheduleMovement($0.kind, $0.period, -$0.amount) })
  }
}

extension Document {
  /// Whether it is about what only the store knows, without naming a document: a contract, or what
  /// entities owe each other.
  var needsStore: Bool {
    switch body {
    case .milestone, .contractChange, .netting: true
    default: false
    }
  }
}
