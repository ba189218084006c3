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
    in transaction: any PostingQueries
  ) throws {
    switch document.body {
    case .creditMemo, .writeOff: break
    case .invoice(let invoice):
      guard invoice.content.lines.contains(where: { $0.net.isNegative }) else { return }
    case .chargeback(let chargeback):
      guard chargeback.stage == .lost else { return }
    case .milestone(let milestone):
      try addContract(milestone.contract, of: document, to: &known, in: transaction)
      return
    case .contractChange(let change):
      try addContract(change.contract, of: document, to: &known, in: transaction)
      return
    case .payment, .refund, .payout, .application, .void, .withholdingCertificate, .ratedUsage,
      .periodRun:
      return
    }
    for identity in known.keys {
      guard let stored = try inForce(identity, in: transaction) else { continue }
      known[identity]?.schedules = try transaction.schedules(of: stored.number).map(\.schedule)
    }
  }

  private func addContract(
    _ contract: String, of document: Document,
    to known: inout [DocumentIdentity: ReferencedDocument],
    in transaction: any PostingQueries
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
