package import Ledger

/// Turns approved documents into balanced journal entries under one version of the rules.
///
/// A value without clock, files or network: what is converted depends on the rules, the document and
/// what it refers to alone. It is `mutating` because tables are compiled when first needed; one
/// converter serves any number of documents, one at a time.
package struct Converter: Sendable {
  package let ruleBook: RuleBook
  private let entities: [LegalEntityID: EntityContext]
  private var finder: AccountFinder

  package init(_ ruleBook: RuleBook) {
    self.ruleBook = ruleBook
    var entities: [LegalEntityID: EntityContext] = [:]
    for (position, id) in ruleBook.entities.keys.sorted().enumerated() {
      entities[id] = ruleBook.entities[id].map {
        EntityContext($0, of: ruleBook, position: position)
      }
    }
    self.entities = entities
    finder = AccountFinder(ruleBook.accounts, entityCount: entities.count)
  }

  /// Converts one document.
  ///
  /// - Parameters:
  ///   - references: holds a value for each of the document's `references` that is here.
  ///   - dues: what its entities owe each other; nil where nothing stored is looked at.
  package mutating func convert(
    _ document: Document, references: References = .none, dues: [IntercompanyDue]? = nil
  ) -> Conversion {
    convert(document, references: references, dues: dues, isTraced: false).conversion
  }

  /// Converts one document and tells, for every line, which rows of the account tables were
  /// considered.
  package mutating func explain(
    _ document: Document, references: References = .assumed(among: [:])
  ) -> Explanation {
    convert(document, references: references, dues: nil, isTraced: true)
  }

  /// The account of a line that no document gives, such as a month-end run makes; nil when no row
  /// of the role's table holds.
  ///
  /// - Parameter partner: the other entity of what the line is about.
  package mutating func account(
    of role: AccountRole, in books: ReferencedDocument.Books, currency: Currency,
    partner: LegalEntityID? = nil, on date: CalendarDate
  ) -> (account: AccountCode, dimensions: Dimensions, reason: AccountReason)? {
    var facts = LineFacts(currency: currency)
    facts.source = PeriodRun.source
    facts.ledger = books.ledger
    facts.partner = partner
    return entities[books.entity].flatMap {
      finder.row(for: role, of: $0, facts: facts, on: date)
    }.map { ($0.account, $0.dimensions, $0.reason) }
  }

  /// Makes entries that a month-end run needs of a document, by the same steps as those of its own.
  ///
  /// - Returns: nil when the entity is not configured.
  mutating func withConversion<Result>(
    of document: Document, in ledger: LedgerRules, on day: CalendarDate,
    _ body: (inout DocumentConversion) -> Result
  ) -> Result? {
    guard let entity = entities[document.entity] else { return nil }
    var work = DocumentConversion(
      document.filled(from: ruleBook.sourceDefaults), entity: entity, ledger: ledger,
      on: (day, nil), references: .none, finder: finder, isTraced: false)
    let result = body(&work)
    if work.finder.compiledCount > finder.compiledCount { finder = work.finder }
    return result
  }

  private mutating func convert(
    _ document: Document, references: References, dues: [IntercompanyDue]?, isTraced: Bool
  ) -> Explanation {
    guard let entity = entities[document.entity] else {
      return Explanation(conversion: .stopped([.unknownEntity(of: document)]))
    }
    let absent = references.missing(for: document)
    guard absent.isEmpty else { return Explanation(conversion: .waiting(.reference(absent))) }
    let document = document.filled(from: ruleBook.sourceDefaults)
    var gathered = GatheredConversion()
    let partners = document.partners(among: references).compactMap { entities[$0] }
    var leadingSupplies: [IntercompanySupply] = []
    for name in EntityContext.ledgerNames(of: entity, with: partners) {
      let keeping = partners.filter { $0.ledger(name) != nil }
      let day = day(of: document, in: name, of: [entity] + keeping, &gathered)
      var supplies = leadingSupplies
      if let ledger = entity.ledger(name) {
        let own = convert(
          document, entity, ledger, .own, on: day, references: references, dues: dues,
          isTraced: isTraced)
        gathered.add(own)
        supplies = own.supplies
        if name == EntryHead.primaryLedger { leadingSupplies = supplies }
      }
      for partner in keeping {
        guard let ledger = partner.ledger(name),
          let share = document.share(of: partner.rules.entity.id, supplies: supplies)
        else { continue }
        let part = convert(
          document, partner, ledger, share, on: day, references: references, dues: dues,
          isTraced: isTraced)
        gathered.add(part)
      }
    }
    return gathered.explanation
  }

  private mutating func convert(
    _ document: Document, _ entity: EntityContext, _ ledger: LedgerRules, _ share: EntityShare,
    on day: (CalendarDate, CalendarDate?), references: References,
    dues: [IntercompanyDue]?, isTraced: Bool
  ) -> LedgerConversion {
    var work = DocumentConversion(
      document, entity: entity, ledger: ledger, share: share, on: day, references: references,
      dues: dues, finder: finder, isTraced: isTraced)
    let part = work.convert()
    if work.finder.compiledCount > finder.compiledCount { finder = work.finder }
    return part
  }

  /// The day in the books of a ledger, the same for all entities that keep it; and what a closed
  /// period stands in the way of.
  private func day(
    of document: Document, in ledger: String, of entities: [EntityContext],
    _ gathered: inout GatheredConversion
  ) -> (CalendarDate, CalendarDate?) {
    let wanted = document.wantedPostingDate
    switch document.body {
    case .ratedUsage, .periodRun, .void: return (wanted, nil)
    default: break
    }
    let books = entities.compactMap { entity in
      entity.ledger(ledger).map { PostingDay.Books(entity.rules.entity.id, $0) }
    }
    if books.allSatisfy(\.closedPeriods.isEmpty) { return (wanted, nil) }
    switch PostingDay.choose(from: wanted, in: books) {
    case .on(let day, let movedFrom): return (day, movedFrom)
    case .held(let period, let entity): gathered.hold(period, of: entity)
    case .refused(let period, let entity):
      gathered.add(.periodClosed(period, of: entity, for: document))
    }
    return (wanted, nil)
  }
}

extension Document {
  /// What another entity has to do with the document; nil for nothing in its books.
  fileprivate func share(
    of partner: LegalEntityID, supplies: [IntercompanySupply]
  ) -> EntityShare? {
    switch body {
    case .payment, .refund, .chargeback: return .owner
    case .netting: return .partner
    case .milestone, .contractChange: return .renderer
    default: break
    }
    return supplies.first { $0.agreement.deliverer == partner }.map { .deliverer($0) }
  }
}

extension Stop {
  static func unknownEntity(of document: Document) -> Stop {
    Stop(
      .unknownEntity, pointer: "/entity",
      detail: "\(document.title) is for the legal entity \(document.entity), "
        + "which the configuration does not have",
      fix: "Add entities/\(document.entity).yaml, or correct the document",
      cause: document.entity.code, amount: document.amountAtStake)
  }
}
