import Ledger

/// One document on its way to entries in one ledger of one entity.
///
/// The treatments of the kinds of document are extensions, one file each. They add line drafts,
/// debits positive, and make an entry of them; what stands in the way is gathered, not thrown. Not
/// copyable, because a copy by accident would cost as much as the conversion.
struct DocumentConversion: ~Copyable {
  let document: Document
  let entity: EntityContext
  let ledger: LedgerRules
  let policies: EntityPolicies
  /// What the entity has to do with the document.
  let share: EntityShare
  let references: References
  /// What the entities owe each other; nil where nothing stored is looked at.
  let dues: [IntercompanyDue]?
  var finder: AccountFinder

  let postingDate: CalendarDate
  /// The posting date it would have had, were its period not closed.
  let movedFrom: CalendarDate?
  /// That of the entry in the making: the document's, but for what settles an item in another.
  var currency: Currency
  /// From ``currency``; nil where it is the entity's.
  var rate: ExchangeRate? {
    didSet { isDrafted = isTraced || rate != nil }
  }
  var facts: LineFacts
  /// Items of other documents as this one leaves them, once it has changed them.
  var changedItems: [ItemPart: OpenItem] = [:]
  var effects = Effects()
  /// What becomes of schedules, until the entry is complete.
  var schedules = ScheduleWork()
  /// What other entities render by this document.
  var supplies: [IntercompanySupply] = []

  /// The lines of the entry in the making, and beside each its signed amounts.
  private var lines: [JournalLine] = []
  private var drafts: [LineDraft] = []
  private var entries: [JournalEntry] = []
  private var stops: [Stop] = []
  /// Whether lines say what entities owe each other.
  private var hasDues = false
  /// How many lines found no account.
  private var unmappedLines = 0
  /// Past so many lines without an account, further ones are not looked into: the document is
  /// stopped anyway, and finding the nearest row reads the whole table.
  static let maximumUnmappedLines = 1_000
  /// Where the stop of a cause stands in `stops`.
  private var stopsByCause: [String: Int] = [:]
  /// The facts of each line, and their places by entry and line; used while explaining.
  private let isTraced: Bool
  /// Whether the signed amounts of lines are needed when the entry is made.
  private var isDrafted: Bool
  private var trace: [(role: AccountRole, facts: LineFacts)] = []
  private var tracedLines: [[Int]] = []

  init(
    _ document: Document, entity: EntityContext, ledger: LedgerRules, share: EntityShare = .own,
    on day: (posting: CalendarDate, movedFrom: CalendarDate?), references: References,
    dues: [IntercompanyDue]? = nil, finder: AccountFinder, isTraced: Bool
  ) {
    self.dues = dues
    self.document = document
    self.entity = entity
    self.ledger = ledger
    policies = ledger.policies
    self.share = share
    self.references = references
    self.finder = finder
    self.isTraced = isTraced
    isDrafted = isTraced
    (postingDate, movedFrom) = day
    currency = document.currency
    facts = LineFacts(currency: document.currency)
    facts.ledger = ledger.name
    facts.source = document.identity.source
    facts.customer = document.customer?.id
    facts.country = document.customer?.country
    facts.dimensions = document.dimensions
    facts.custom = document.custom
  }

  var ruleBook: RuleBook { entity.ruleBook }
  var functionalCurrency: Currency { entity.rules.entity.functionalCurrency }

  func money(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency) }

  /// An amount in functional currency, at the rate of the entry in the making.
  mutating func converted(_ amount: Int64) -> Int64 {
    guard let rate else { return amount }
    do throws(AmountFault) {
      return try rate.convert(money(amount), rounding: policies.rounding).minorUnits
    } catch {
      stopTooLarge()
      return 0
    }
  }

  /// Chooses what the next entry is in.
  mutating func change(to currency: Currency, at rate: ExchangeRate?) {
    self.currency = currency
    self.rate = rate
    facts.currency = currency
  }

  mutating func convert() -> LedgerConversion {
    treat()
    return LedgerConversion(
      entries: entries, effects: effects, stops: stops, supplies: supplies,
      considered: isTraced && stops.isEmpty ? considered : [])
  }

  private mutating func treat() {
    switch document.body {
    case .ratedUsage, .void, .periodRun: return
    default: break
    }
    if document.body.hasRate { chooseRate() }
    switch share {
    case .own: break
    case .deliverer(let supply): return convert(supply)
    case .owner: return convertAsOwner()
    case .partner: return convertAsPartner()
    case .renderer: break
    }
    switch document.body {
    case .invoice(let invoice): convert(invoice)
    case .creditMemo(let memo): convert(memo)
    case .payment(let payment): convert(payment)
    case .application(let application): convert(application)
    case .refund(let refund): convert(refund)
    case .chargeback(let chargeback): convert(chargeback)
    case .writeOff(let writeOff): convert(writeOff)
    case .payout(let payout): convert(payout)
    case .withholdingCertificate(let certificate): convert(certificate)
    case .netting(let netting): net(netting, with: netting.partner)
    case .milestone(let milestone): convert(milestone)
    case .contractChange(let change): convert(change)
    case .void, .ratedUsage, .periodRun: break
    }
  }

  /// By entry, then line.
  private var considered: [[[ConsideredRow]]] {
    tracedLines.map { places in
      places.map { place in
        guard place >= 0 else { return [] }
        let (role, facts) = trace[place]
        return finder.considered(role, of: entity.rules, facts: facts, on: postingDate)
      }
    }
  }
}

extension DocumentConversion {
  /// Notes what stands in the way; a cause that is there already only adds its amount.
  mutating func stop(
    _ exceptionClass: Stop.ExceptionClass, pointer: String = "", detail: String, fix: String,
    cause: String, amount: Money? = nil
  ) {
    let stop = Stop(
      exceptionClass, pointer: pointer, detail: detail, fix: fix, cause: cause,
      amount: amount ?? document.amountAtStake)
    guard let place = stopsByCause[stop.cause] else {
      stopsByCause[stop.cause] = stops.count
      return stops.append(stop)
    }
    let (sum, overflow) = stops[place].amount.minorUnits
      .addingReportingOverflow(stop.amount.minorUnits)
    if let amount, !overflow, amount.currency == stops[place].amount.currency {
      stops[place].amount = Money(minorUnits: sum, amount.currency)
    }
  }

  mutating func stopTooLarge() {
    stop(
      .amountTooLarge,
      detail: "An amount of \(document.title) is too large to be kept exactly",
      fix: "Check the amounts and the exchange rate of the document", cause: "\(document.entity)")
  }

  private mutating func stopUnmapped(_ role: AccountRole, pointer: String, amount: Money) {
    unmappedLines += 1
    guard unmappedLines <= DocumentConversion.maximumUnmappedLines || stops.isEmpty else { return }
    let nearest = finder.nearest(role, of: entity.rules, facts: facts, on: postingDate)
    let file = nearest?.table ?? "accounts/\(role.rawValue).yaml"
    let differences = nearest?.differences.joined(separator: " ") ?? ""
    let suggestion =
      nearest.map {
        "the nearest row is row \($0.row) of \($0.table) (account \($0.account)), which wants "
          + $0.failed.joined(separator: "; ")
      } ?? "the role has no table"
    stop(
      .missingMapping, pointer: pointer,
      detail: "No row gives an account to the role \(role.rawValue) for \(document.title) in "
        + "\(entity.rules.entity.id): \(suggestion)",
      fix: "Add a row to \(file) that covers it, then retry",
      cause:
        "\(role.rawValue) \(entity.rules.entity.id)\(differences.isEmpty ? "" : " ")\(differences)",
      amount: amount)
  }
}

extension DocumentConversion {
  mutating func expect(lines count: Int) {
    lines.reserveCapacity(count)
    if isDrafted { drafts.reserveCapacity(count) }
  }

  /// Adds a line, debits positive; an amount of zero gives none.
  ///
  /// - Parameters:
  ///   - functional: fixes the functional amount; with it a line without an amount is added too.
  ///   - absorbs: whether the line takes the residue of the conversion to functional currency.
  mutating func add(
    _ role: AccountRole, _ amount: Int64, functional: Int64? = nil, absorbs: Bool = false,
    tax: JournalLine.Tax? = nil, description: String, pointer: @autoclosure () -> String = ""
  ) {
    guard amount != 0 || functional ?? 0 != 0 else { return }
    guard let row = finder.row(for: role, of: entity, facts: facts, on: postingDate) else {
      return stopUnmapped(role, pointer: pointer(), amount: money(amount).magnitude)
    }
    let (dimensions, reason) = dimensions(of: role, by: row, pointer: pointer)
    append(
      role, amount, functional: functional, absorbs: absorbs, tax: tax, description: description,
      account: row.account, dimensions: dimensions, reason: reason)
  }

  /// The account of a role for the line at hand; nil, and a stop, when no row gives one.
  mutating func account(
    _ role: AccountRole, amount: Int64, pointer: String
  ) -> ScheduleAccount? {
    guard let row = finder.row(for: role, of: entity, facts: facts, on: postingDate) else {
      stopUnmapped(role, pointer: pointer, amount: money(amount).magnitude)
      return nil
    }
    let (dimensions, reason) = dimensions(of: role, by: row) { pointer }
    return ScheduleAccount(
      role: role, account: row.account, dimensions: dimensions, reason: reason)
  }

  /// Adds a line, debits positive, on an account that was chosen before.
  mutating func add(
    _ account: ScheduleAccount, _ amount: Int64, functional: Int64? = nil,
    tax: JournalLine.Tax? = nil, description: String
  ) {
    guard amount != 0 || functional ?? 0 != 0 else { return }
    append(
      account.role, amount, functional: functional, absorbs: functional == nil, tax: tax,
      description: description, account: account.account, dimensions: account.dimensions,
      reason: account.reason)
  }

  /// How many lines the entry in the making has.
  var lineCount: Int { lines.count }

  private mutating func append(
    _ role: AccountRole, _ amount: Int64, functional: Int64?, absorbs: Bool,
    tax: JournalLine.Tax?, description: String, account: AccountCode, dimensions: Dimensions,
    reason: AccountReason
  ) {
    var place = -1
    if isTraced {
      place = trace.count
      trace.append((role, facts))
    }
    let draft = LineDraft(
      amount: amount, functional: functional ?? amount, isFixed: functional != nil,
      absorbs: absorbs, trace: place)
    let side = draft.side
    if role.isDue { hasDues = true }
    if isDrafted { drafts.append(draft) }
    lines.append(
      JournalLine(
        role: role, account: account, side: side, amount: money(side.magnitude(of: amount)),
        functionalAmount: Money(
          minorUnits: side.magnitude(of: draft.functional), functionalCurrency),
        party: role.isSubledger ? facts.customer : nil,
        partner: role.isIntercompany ? facts.partner : nil, tax: tax,
        dimensions: dimensions, description: description, reason: reason))
  }

  /// Makes one entry of the lines added since the last.
  mutating func finishEntry(_ kind: EntryKind, description: String) {
    defer {
      lines = []
      drafts = []
      hasDues = false
    }
    guard stops.isEmpty, !lines.isEmpty else { return }
    if rate != nil {
      fillFunctionalAmounts(description: description)
      guard stops.isEmpty else { return }
    }
    do throws(UnbalancedEntry) {
      entries.append(try JournalEntry(head(kind, description: description), lines: lines))
      if isTraced { tracedLines.append(drafts.map(\.trace)) }
      if hasDues { openDues() }
    } catch {
      stop(
        .totalsMismatch,
        detail: "The lines, taxes and totals of \(document.title) do not tie: debits minus "
          + "credits would be \(error.transaction) minor units",
        fix: "Have the source correct the document's amounts", cause: "\(document.entity)")
    }
  }

  /// What the last entry credits to a role in functional currency, in minor units.
  func credited(_ role: AccountRole) -> Int64? {
    entries.last?.lines.reduce(0) { sum, line in
      guard line.role == role else { return sum }
      return sum + (line.side == .credit ? 1 : -1) * line.functionalAmount.minorUnits
    }
  }

  private mutating func fillFunctionalAmounts(description: String) {
    guard let rate else { return }
    do throws(AmountFault) {
      let rest = try FunctionalAmounts.fill(&drafts, at: rate, rounding: policies.rounding)
      if rest != 0 {
        facts.leaveLine()
        facts.dimensions = document.dimensions
        add(.rounding, 0, functional: -rest, description: description)
      }
    } catch {
      return stopTooLarge()
    }
    let functionalCurrency = functionalCurrency
    for position in lines.indices {
      let functional = drafts[position].side.magnitude(of: drafts[position].functional)
      lines[position] = lines[position].with(
        functionalAmount: Money(minorUnits: functional, functionalCurrency))
    }
  }

  /// Adds an entry that was made as a whole.
  mutating func finish(_ entry: JournalEntry) {
    guard stops.isEmpty else { return }
    entries.append(entry)
    if isTraced { tracedLines.append(entry.lines.map { _ in -1 }) }
  }

  /// The entry finished last; nil when there is none or something stands in the way.
  var lastEntry: JournalEntry? { stops.isEmpty ? entries.last : nil }

  func head(_ kind: EntryKind, description: String) -> EntryHead {
    EntryHead(
      legalEntity: entity.rules.entity.id, ledger: ledger.name, kind: kind,
      postingDate: postingDate,
      documentDate: document.documentDate, currency: currency,
      functionalCurrency: functionalCurrency, rate: rate, reference: document.reference,
      description: description,
      source: EntrySource(
        document: document.identity, revision: document.revision,
        sequence: 1 + entries.count { $0.head.kind == kind }),
      rulesVersion: ruleBook.version, movedFrom: movedFrom)
  }

  /// `Invoice INV-2026-00042 Nordlicht GmbH`.
  func describe(_ noun: String) -> String {
    var text = noun
    text += " "
    text += document.reference
    if let customer = document.customer {
      text += " "
      text += customer.name ?? customer.id
    }
    return text
  }
}

extension LineDraft {
  /// An exchange difference has the side of its functional amount.
  var side: Side { amount > 0 || (amount == 0 && functional > 0) ? .debit : .credit }
}

extension Side {
  /// A signed amount, debits positive, as it stands on this side.
  fileprivate func magnitude(of signed: Int64) -> Int64 { self == .debit ? signed : -signed }
}

extension JournalLine {
  fileprivate func with(functionalAmount: Money) -> JournalLine {
    JournalLine(
      role: role, account: account, side: side, amount: amount, functionalAmount: functionalAmount,
      party: party, partner: partner, tax: tax, dimensions: dimensions, description: description,
      reason: reason)
  }
}

extension AccountRole {
  /// Whether its lines are kept per customer.
  var isSubledger: Bool {
    switch self {
    case .receivable, .unappliedCash, .customerCredit, .customerAdvance, .disputeReceivable: true
    default: false
    }
  }
}
