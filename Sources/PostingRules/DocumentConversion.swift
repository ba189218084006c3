import Ledger

/// One document on its way to entries.
///
/// The treatments of the kinds of document are extensions, one file each. They add line drafts,
/// debits positive, and make an entry of them; what stands in the way is gathered, not thrown. Not
/// copyable, because a copy by accident would cost as much as the conversion.
struct DocumentConversion: ~Copyable {
  let document: Document
  let entity: EntityContext
  let policies: EntityPolicies
  let references: References
  var finder: AccountFinder

  var postingDate: CalendarDate
  /// The closed period the document has to wait for.
  var heldPeriod: FiscalPeriod?
  /// nil where the document's currency is the entity's.
  var rate: ExchangeRate? {
    didSet { isDrafted = isTraced || rate != nil }
  }
  var facts: LineFacts
  /// What this document has cleared of each item, in minor units.
  var cleared: [DocumentIdentity: Int128] = [:]
  var effects = Effects()

  /// The lines of the entry in the making, and beside each its signed amounts.
  private var lines: [JournalLine] = []
  private var drafts: [LineDraft] = []
  private var entries: [JournalEntry] = []
  private var stops: [Stop] = []
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
    _ document: Document, entity: EntityContext, references: References, finder: AccountFinder,
    isTraced: Bool
  ) {
    self.document = document
    self.entity = entity
    policies = entity.rules.policies
    self.references = references
    self.finder = finder
    self.isTraced = isTraced
    isDrafted = isTraced
    postingDate = document.postingDate ?? document.documentDate
    facts = LineFacts(currency: document.currency)
    facts.source = document.identity.source
    facts.customer = document.customer?.id
    facts.country = document.customer?.country
    facts.dimensions = document.dimensions
    facts.custom = document.custom
  }

  var ruleBook: RuleBook { entity.ruleBook }
  var currency: Currency { document.currency }
  var functionalCurrency: Currency { entity.rules.entity.functionalCurrency }

  func money(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, document.currency) }

  mutating func convert() -> Explanation {
    treat()
    if !stops.isEmpty { return Explanation(conversion: .stopped(stops)) }
    if let heldPeriod {
      return Explanation(conversion: .waiting(.period(heldPeriod, of: document.entity)))
    }
    return Explanation(
      conversion: .entries(entries, effects: effects), considered: isTraced ? considered : [])
  }

  private mutating func treat() {
    switch document.body {
    case .ratedUsage, .periodRun: return
    case .void, .milestone, .contractChange:
      return stopUntreated("documents of the type \(document.identity.type.rawValue)")
    default: break
    }
    chooseDate()
    chooseRate()
    switch document.body {
    case .invoice(let invoice): convert(invoice)
    case .creditMemo(let memo): convert(memo)
    case .payment(let payment): convert(payment)
    case .application(let application): convert(application)
    case .refund(let refund): convert(refund)
    case .chargeback(let chargeback): convert(chargeback)
    case .writeOff(let writeOff): convert(writeOff)
    case .payout(let payout): convert(payout)
    case .void, .milestone, .contractChange, .ratedUsage, .periodRun: break
    }
  }

  /// By entry, then line.
  private var considered: [[[ConsideredRow]]] {
    tracedLines.map { places in
      places.map { place in
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
    if amount != nil, !overflow { stops[place].amount = money(sum) }
  }

  /// Stops a document that needs a treatment the rules do not have.
  mutating func stopUntreated(_ what: String, pointer: String = "") {
    stop(
      .treatmentUnavailable, pointer: pointer,
      detail: "\(document.title) needs a treatment that is not available: \(what)",
      fix: "Post it in the ERP by hand and discard it here, or wait for a version that treats it",
      cause: "\(document.entity) \(what)")
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
        + "\(document.entity): \(suggestion)",
      fix: "Add a row to \(file) that covers it, then retry",
      cause: "\(role.rawValue) \(document.entity)\(differences.isEmpty ? "" : " ")\(differences)",
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
    var place = -1
    if isTraced {
      place = trace.count
      trace.append((role, facts))
    }
    let draft = LineDraft(
      amount: amount, functional: functional ?? amount, isFixed: functional != nil,
      absorbs: absorbs, trace: place)
    let side = draft.side
    if isDrafted { drafts.append(draft) }
    lines.append(
      JournalLine(
        role: role, account: row.account, side: side, amount: money(side.magnitude(of: amount)),
        functionalAmount: Money(
          minorUnits: side.magnitude(of: draft.functional), functionalCurrency),
        party: role.isSubledger ? facts.customer : nil, tax: tax,
        dimensions: facts.dimensions.filled(from: row.dimensions), description: description,
        reason: row.reason))
  }

  /// Makes one entry of the lines added since the last.
  mutating func finishEntry(_ kind: EntryKind, description: String) {
    defer {
      lines = []
      drafts = []
    }
    guard stops.isEmpty, !lines.isEmpty else { return }
    if rate != nil {
      fillFunctionalAmounts(description: description)
      guard stops.isEmpty else { return }
    }
    do throws(UnbalancedEntry) {
      entries.append(try JournalEntry(head(kind, description: description), lines: lines))
      if isTraced { tracedLines.append(drafts.map(\.trace)) }
    } catch {
      stop(
        .totalsMismatch,
        detail: "The lines, taxes and totals of \(document.title) do not tie: debits minus "
          + "credits would be \(error.transaction) minor units",
        fix: "Have the source correct the document's amounts", cause: "\(document.entity)")
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

  private func head(_ kind: EntryKind, description: String) -> EntryHead {
    EntryHead(
      legalEntity: document.entity, kind: kind, postingDate: postingDate,
      documentDate: document.documentDate, currency: currency,
      functionalCurrency: functionalCurrency, rate: rate, reference: document.reference,
      description: description,
      source: EntrySource(
        document: document.identity, revision: document.revision,
        sequence: 1 + entries.count { $0.head.kind == kind }),
      rulesVersion: ruleBook.version)
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
      party: party, tax: tax, dimensions: dimensions, description: description, reason: reason)
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
