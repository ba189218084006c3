internal import AdapterKit
package import Ledger
internal import PostingRules

/// Values what is open in foreign currency at the closing rate of a month's last day, and takes that
/// back on the next (IAS 21.23 and 28).
///
/// What is valued are receivables, what of payments is disputed, what customers may still use, and
/// what entities owe each other, all monetary; the difference stands beside them on an account of its
/// own, so that the items keep what they are carried at.
/// Always valued in full: what earlier runs of the same month booked is taken off, so that a further
/// run books only what changed since.
package struct Revaluation: PeriodEndWork {
  /// The items of one currency, or what stands with one partner in it.
  package struct Valuation: Sendable {
    package var currency: Currency
    /// The entity with which it stands; nil for items of customers.
    package var partner: LegalEntityID?
    package var rate: ExchangeRate
    /// Open at the end of the month; credits and what is owed to the partner are negative.
    package var open: Money
    package var carried: Money
    package var valued: Money
    /// What earlier runs of the month booked already.
    package var booked: Money
    /// Empty for what stands with a partner.
    package var items: [OpenBalance]
    /// That of its entries: `revalue:US01:primary:2026-03:1:EUR`, `…:1:UK01:EUR`.
    package var reference: String

    /// What is left to book: a gain when positive.
    package var difference: Money { valued - carried - booked }
  }

  package struct Plan: Sendable {
    package var run: PeriodRun
    /// Items by currency, then partners.
    package var valuations: [Valuation]
    /// For each valuation with a difference the revaluation, then its reversal.
    package var entries: [JournalEntry]
  }

  private let acceptance: Acceptance

  package init(_ acceptance: Acceptance) { self.acceptance = acceptance }

  /// - Throws: besides, ``Problem`` `rate_missing`, `missing_mapping`.
  package func plan(
    of entity: LegalEntityID, ledger: String, period: FiscalPeriod,
    in queries: any PostingQueries
  ) throws -> Plan {
    let (rules, books) = try acceptance.openBooks(ledger, of: entity, in: period, to: "revalue")
    let run = try acceptance.nextRun(
      .revalue, of: entity, ledger: ledger, period: period, in: queries)
    let booked = try booked(before: run, of: entity, rules, in: queries)
    let carried = try carriedItems(of: rules, run, in: queries)
      .merging(try carriedDues(of: rules, run, in: queries)) { first, _ in first }
    let valuations = try Set(carried.keys).union(booked.keys).sorted().map {
      try valuation(
        of: $0, carried[$0] ?? [], booked[$0], run, for: rules, books.policies)
    }
    var plan = Plan(run: run, valuations: valuations, entries: [])
    var converter = acceptance.makeConverter()
    for valuation in valuations where !valuation.difference.isZero {
      let number = plan.entries.count / 2 + 1
      let entry = try entry(valuation, number, run, of: rules, using: &converter)
      plan.entries.append(entry)
      if let next = period.next { plan.entries.append(reversal(of: entry, on: next.firstDay)) }
    }
    return plan
  }

  package func carryOut(
    _ plan: Plan, of entity: LegalEntityID, at now: Moment, actor: String,
    in transaction: any PostingTransaction
  ) throws -> StoredRun? {
    guard !plan.entries.isEmpty else { return nil }
    return try acceptance.store(
      plan.run, of: entity,
      // Each reversal comes after the revaluation that it ends.
      entries: plan.entries.enumerated().map { place, entry in
        RunEntry(entry, following: entry.head.kind == .revaluationReversal ? place - 1 : nil)
      }, at: now, actor: actor, in: transaction)
  }

  // MARK: Valuing

  /// What is valued together.
  private struct Subject: Hashable, Comparable {
    var partner: LegalEntityID?
    var currency: Currency

    static func < (left: Self, right: Self) -> Bool {
      (left.partner?.code ?? "", left.currency.code)
        < (right.partner?.code ?? "", right.currency.code)
    }
  }

  /// An amount in foreign currency, and the customer's item that it is.
  private struct Carried {
    var carrying: Carrying
    var item: OpenBalance?
  }

  private func carriedItems(
    of rules: EntityRules, _ run: PeriodRun, in queries: any PostingQueries
  ) throws -> [Subject: [Carried]] {
    let functional = rules.entity.functionalCurrency
    var found: [Subject: [Carried]] = [:]
    for (part, sign) in [
      (StoredOpenItemChange.Part.receivable, 1), (.dispute, 1), (.credit, -1),
    ] {
      for var item in try queries.openBalances(
        of: rules.entity.id, ledger: run.ledger, part, functional: functional,
        on: run.period.lastDay)
      where item.amount.currency != functional && !item.isAdvance {
        if sign < 0 {
          item.amount = -item.amount
          item.functional = -item.functional
        }
        found[Subject(currency: item.amount.currency), default: []].append(
          Carried(
            carrying: Carrying(amount: item.amount, functional: item.functional), item: item))
      }
    }
    return found
  }

  /// What the journal has with each partner: due from it less due to it.
  private func carriedDues(
    of rules: EntityRules, _ run: PeriodRun, in queries: any PostingQueries
  ) throws -> [Subject: [Carried]] {
    var found: [Subject: [Carried]] = [:]
    for balance in try queries.intercompanyBalances(through: run.period.lastDay)
    where balance.entity == rules.entity.id && balance.ledger == run.ledger
      && balance.dueFrom.currency != rules.entity.functionalCurrency
    {
      let carrying = Carrying(
        amount: balance.dueFrom - balance.dueTo,
        functional: balance.functionalDueFrom - balance.functionalDueTo)
      guard !carrying.isZero else { continue }
      let subject = Subject(partner: balance.partner, currency: carrying.amount.currency)
      found[subject, default: []].append(Carried(carrying: carrying))
    }
    return found
  }

  private func valuation(
    of subject: Subject, _ carried: [Carried], _ booked: Money?, _ run: PeriodRun,
    for rules: EntityRules, _ policies: EntityPolicies
  ) throws -> Valuation {
    let functional = rules.entity.functionalCurrency
    let rate = try closingRate(
      of: subject.currency, for: rules, policies, on: run.period.lastDay)
    let name = [
      run.identity(of: rules.entity.id).id, subject.partner?.code, subject.currency.code,
    ]
    var valuation = Valuation(
      currency: subject.currency, partner: subject.partner, rate: rate,
      open: .zero(subject.currency), carried: .zero(functional), valued: .zero(functional),
      booked: booked ?? .zero(functional), items: carried.compactMap(\.item),
      reference: name.compactMap { $0 }.joined(separator: ":"))
    for part in carried {
      valuation.open += part.carrying.amount
      valuation.carried += part.carrying.functional
      do throws(AmountFault) {
        valuation.valued += try rate.convert(part.carrying.amount, rounding: policies.rounding)
      } catch {
        throw Problem(
          code: "amount_too_large", pointer: "--period",
          detail: "\(part.item?.identity.description ?? valuation.reference) in \(functional) is "
            + "too large", fix: "Check the rate \(rate.rate)")
      }
    }
    return valuation
  }

  /// The rate of type `closing` on the day itself, else the latest of the entity's own type.
  private func closingRate(
    of currency: Currency, for rules: EntityRules, _ policies: EntityPolicies,
    on day: CalendarDate
  ) throws(Problem) -> ExchangeRate {
    let functional = rules.entity.functionalCurrency
    func rate(_ type: String?, age: Int?) -> ExchangeRate? {
      acceptance.ruleBook.rates.rate(
        from: currency, to: functional, on: day, type: type, source: policies.rateSource,
        maximumAgeDays: age)
    }
    if let closing = rate(Revaluation.closingType, age: 0) { return closing }
    guard let found = rate(policies.rateType, age: policies.rateMaximumAgeDays) else {
      throw Problem(
        code: "rate_missing", pointer: "--period",
        detail: "There is no closing rate from \(currency) to \(functional) on \(day)",
        fix: "Add one of type '\(Revaluation.closingType)' to a file in rates/, or run "
          + "'postern rates import'")
    }
    return found
  }

  /// The type of rates that a month is closed with.
  package static let closingType = "closing"

  /// What earlier runs of the month left on the account, by what they valued.
  private func booked(
    before run: PeriodRun, of entity: LegalEntityID, _ rules: EntityRules,
    in queries: any PostingQueries
  ) throws -> [Subject: Money] {
    var booked: [Subject: Money] = [:]
    var earlier = run
    while earlier.number > 1 {
      earlier.number -= 1
      guard let stored = try queries.document(earlier.identity(of: entity)) else { continue }
      // Not what was reversed since, whether or not the ERP has the reversal yet.
      for entry in try acceptance.compensation.standing([stored], in: queries).map(\.record.entry)
      where entry.head.kind == .revaluation {
        guard let currency = entry.head.valuedCurrency else { continue }
        for line in entry.lines where line.role == .receivableRevaluation {
          let subject = Subject(partner: line.partner, currency: currency)
          let sum = booked[subject] ?? .zero(rules.entity.functionalCurrency)
          booked[subject] =
            sum + (line.side == .debit ? line.functionalAmount : -line.functionalAmount)
        }
      }
    }
    return booked
  }

  // MARK: Entries

  private func entry(
    _ valuation: Valuation, _ number: Int, _ run: PeriodRun, of rules: EntityRules,
    using converter: inout Converter
  ) throws -> JournalEntry {
    let functional = rules.entity.functionalCurrency
    let entity = rules.entity.id
    let day = run.period.lastDay
    let difference = valuation.difference
    let isGain = !difference.isNegative
    let description =
      "Revaluation of \(valuation.open)\(valuation.partner.map { " with \($0)" } ?? "") at \(valuation.rate.rate): \(valuation.valued.text) less "
      + valuation.carried.text
      + (valuation.booked.isZero ? "" : " less \(valuation.booked.text) booked before")
    let head = EntryHead(
      legalEntity: entity, ledger: run.ledger, kind: .revaluation, postingDate: day,
      documentDate: day, currency: functional, functionalCurrency: functional,
      reference: valuation.reference,
      description: description,
      source: EntrySource(document: run.identity(of: entity), revision: 1, sequence: number),
      rulesVersion: acceptance.ruleBook.version)
    func line(_ role: AccountRole, _ side: Side) throws(Problem) -> JournalLine {
      guard
        let found = converter.account(
          of: role, in: ReferencedDocument.Books(entity, run.ledger),
          currency: valuation.currency, partner: valuation.partner, on: day)
      else {
        throw Problem(
          code: "missing_mapping", pointer: "accounts/\(role.rawValue).yaml",
          detail: "No row gives the account of \(role.rawValue) in \(entity)",
          fix: "Add a row to accounts/\(role.rawValue).yaml")
      }
      return JournalLine(
        role: role, account: found.account, side: side, amount: difference.magnitude,
        functionalAmount: difference.magnitude,
        partner: role == .receivableRevaluation ? valuation.partner : nil,
        dimensions: found.dimensions,
        description: description, reason: found.reason)
    }
    return try JournalEntry(
      head,
      lines: isGain
        ? [line(.receivableRevaluation, .debit), line(.unrealisedFXGain, .credit)]
        : [line(.unrealisedFXLoss, .debit), line(.receivableRevaluation, .credit)])
  }

  private func reversal(of entry: JournalEntry, on day: CalendarDate) -> JournalEntry {
    let key = acceptance.keys.key(of: entry.head)
    let reversed = entry.reversed(key: key.text, on: day)
    var head = reversed.head
    head.kind = .revaluationReversal
    do throws(UnbalancedEntry) {
      return try JournalEntry(head, lines: reversed.lines)
    } catch {
      preconditionFailure("the same lines balance again")
    }
  }
}

extension EntryHead {
  /// The currency that a revaluation valued: the last part of its reference.
  fileprivate var valuedCurrency: Currency? {
    reference.split(separator: ":").last.flatMap { Currency(String($0)) }
  }
}
