import Ledger

/// What a document gives in one ledger of one entity.
struct LedgerConversion: Sendable {
  var entries: [JournalEntry]
  var effects: Effects
  var stops: [Stop]
  /// What other entities render by it.
  var supplies: [IntercompanySupply]
  var considered: [[[ConsideredRow]]]
}

/// What a document gives in all ledgers of all entities that it concerns.
struct GatheredConversion {
  private var entries: [JournalEntry] = []
  private var effects = Effects()
  private var considered: [[[ConsideredRow]]] = []
  private var stops: [Stop] = []
  private var causes: Set<String> = []
  /// The closed period that it waits for.
  private var held: WaitReason?

  mutating func add(_ part: LedgerConversion) {
    if entries.isEmpty { entries = part.entries } else { entries += part.entries }
    effects.add(part.effects)
    considered += part.considered
    for stop in part.stops { add(stop) }
  }

  /// Other books may stop for the same cause: it is shown once.
  mutating func add(_ stop: Stop) {
    if causes.insert(stop.cause).inserted { stops.append(stop) }
  }

  mutating func hold(_ period: FiscalPeriod, of entity: LegalEntityID) {
    if held == nil { held = .period(period, of: entity) }
  }

  var explanation: Explanation {
    if !stops.isEmpty { return Explanation(conversion: .stopped(stops)) }
    if let held { return Explanation(conversion: .waiting(held)) }
    return Explanation(conversion: .entries(entries, effects: effects), considered: considered)
  }
}
