internal import Ledger
package import PostingRules

/// What a conversion means for the store, worked out before anything is written.
struct ConversionPlan: Sendable {
  var conversion: Conversion
  var records: [EntryRecord]
  /// One for each record.
  var connections: [ConnectionID]
  var state: DocumentState
  /// What the document itself opens.
  var receivable: Carrying?
  var rate: ExchangeRate?
  /// Changes of open items besides the document's own receivable.
  var changes: [OpenItemChange]
  /// What becomes of schedules, its own and those of others.
  var schedules: [ScheduleChange]
  /// Documents whose postings go first.
  var predecessors: [DocumentIdentity]
  /// What a void takes back; nil for every other document.
  var voided: VoidedDocument?
  /// Whether the entries say only what differs from the earlier revisions, which stand.
  var corrects = false

  /// The same document, stopped instead.
  func stopped(_ stop: Stop) -> ConversionPlan {
    var plan = self
    plan.conversion = .stopped([stop])
    plan.records = []
    plan.connections = []
    plan.changes = []
    plan.schedules = []
    plan.predecessors = []
    plan.receivable = nil
    plan.rate = nil
    plan.state = .exception
    return plan
  }

  init(
    _ conversion: Conversion, records: [EntryRecord], for document: Document,
    _ acceptance: Acceptance
  ) {
    self.conversion = conversion
    self.records = []
    connections = []
    state = .accepted
    changes = []
    schedules = []
    predecessors = []
    switch conversion {
    case .entries(_, let effects):
      for head in records.map(\.entry.head) {
        let rules = acceptance.ruleBook.entities[head.legalEntity]
        guard let connection = rules?.connections[head.ledger] else {
          self = stopped(.noConnection(of: head, for: document))
          return
        }
        connections.append(connection)
      }
      self.records = records
      rate =
        records.first {
          $0.entry.head.legalEntity == document.itemEntity
            && $0.entry.head.ledger == EntryHead.primaryLedger
        }?.entry.head.rate
      take(effects, of: document)
    case .waiting: break
    case .stopped: state = .exception
    }
  }

  private mutating func take(_ effects: Effects, of document: Document) {
    for change in effects.openItems {
      if change.part == .receivable, change.item == document.identity,
        change.ledger == EntryHead.primaryLedger
      {
        let opened = Carrying(amount: change.amount, functional: change.functional)
        receivable = receivable.map { $0 + opened } ?? opened
      } else {
        changes.append(change)
      }
    }
    schedules = effects.schedules
    // An invoice that is only followed (EN 16931 BG-3) may be settled all the same.
    predecessors = document.references.filter { $0.purpose != .follows }.map(\.identity)
    var known = Set(predecessors)
    for item in changes.map(\.item) where known.insert(item).inserted {
      predecessors.append(item)
    }
    for case .existing(_, let identity) in schedules.map(\.target)
    where known.insert(identity).inserted { predecessors.append(identity) }
  }

  /// Whether an exception of this cause would stop the document now.
  func isStopped(by fingerprint: String) -> Bool {
    guard case .stopped(let stops) = conversion else { return false }
    return stops.contains { $0.cause == fingerprint }
  }

  /// For the timeline.
  var summary: String {
    switch conversion {
    case .entries:
      voided.map(\.summary) ?? (records.count == 1 ? "1 entry" : "\(records.count) entries")
    case .waiting(let reason): reason.text
    case .stopped(let stops): stops.map(\.problem.detail).joined(separator: "; ")
    }
  }
}

extension WaitReason {
  /// What is waited for, in words.
  package var text: String {
    switch self {
    case .reference(let identities):
      "Waits for " + identities.map(\.description).joined(separator: ", ")
    case .period(let period, let entity):
      "Waits until period \(period) of \(entity) is open"
    }
  }
}

extension Stop {
  fileprivate static func noConnection(of head: EntryHead, for document: Document) -> Stop {
    Stop(
      .missingMapping, pointer: "/entity",
      detail: "Entity \(head.legalEntity) has no connection for ledger \(head.ledger)",
      fix: "Set 'connection' in entities/\(head.legalEntity).yaml",
      cause: "connection \(head.legalEntity) \(head.ledger)", amount: document.stakes)
  }
}
