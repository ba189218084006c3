package import Ledger

/// What became of a document under the rules.
package enum Conversion: Hashable, Sendable {
  /// Balanced entries, none for a control record, and what they do besides.
  case entries([JournalEntry], effects: Effects)
  case waiting(WaitReason)
  /// Everything that stands in the way, at once, in a fixed order.
  case stopped([Stop])
}

/// What entries do besides standing in the books.
package struct Effects: Hashable, Sendable {
  package var openItems: [OpenItemChange]
  package var schedules: [ScheduleChange]

  package init(openItems: [OpenItemChange] = [], schedules: [ScheduleChange] = []) {
    self.openItems = openItems
    self.schedules = schedules
  }

  /// Adds what the same document does in other books.
  mutating func add(_ other: Effects) {
    openItems += other.openItems
    if !other.schedules.isEmpty { schedules += other.schedules }
  }
}

/// What a document waits for.
package enum WaitReason: Hashable, Sendable {
  /// Documents it refers to that are not here.
  case reference([DocumentIdentity])
  /// A closed period of an entity that holds its documents.
  case period(FiscalPeriod, of: LegalEntityID)
}
