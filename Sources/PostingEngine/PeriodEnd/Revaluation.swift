internal import AdapterKit
package import Ledger
internal import PostingRules

/// Values what is open in foreign currency at the closing rate of a month's last day, and takes that
/// back on the next (IAS 21.23 and 28).
///
/// What is valued are receivables and what customers may still use, both monetary; the difference
/// stands beside them on an account of its own, so that the items keep what they are carried at.
/// Always valued in full: what earlier runs of the same month booked is taken off, so that a further
/// run books only what changed since.
package struct Revaluation: PeriodEndWork {
  /// The items of one currency.
  package struct Valuation: Sendable {
    package var currency: Currency
    package var rate: ExchangeRate
    /// Open at the end of the month; credits are negative.
    package var open: Money
    package var carried: Money
    package var valued: Money
    /// What earlier runs of the month booked already.
    package var booked: Money
    package var items: [OpenBalance]

    /// What is left to book: a gain when positive.
    package var difference: Money { valued - carried - booked }
  }

  package struct Plan: Sendable {
    package var run: PeriodRun
    /// By currency.
    package var valuations: [Valuation]
    /// For each currency with a difference the revaluation, then its reversal.
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
    let valuations = try valuations(
      of: rules, books.policies, period, booked, in: queries)
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

  private func valuations(
    of rules: EntityRules, _ policies: EntityPolicies, _ period: FiscalPeriod,
    _ booked: [Currency: Money],
    in queries: any PostingQueries
  ) throws -> [Valuation] {
    let functional = rules.entity.functionalCurrency
    let day = period.lastDay
    var items: [Currency: [OpenBalance]] = [:]
    for (part, sign) in [(StoredOpenItemChange.Part.receivable, 1), (.credit, -1)] {
      for var item in try queries.openBalances(
        of: rules.entity.id, part, functional: functional, on: day)
      where item.amount.currency != functional && !item.isAdvance {
        if sign < 0 {
          item.amount = -item.amount
          item.functional = -item.functional
        }
        items[item.amount.currency, default: []].append(item)
      }
    }
    return try Set(items.keys).union(booked.keys).sorted().map { currency in
      let rate = try closingRate(of: currency, for: rules, policies, on: day)
      var valuation = Valuation(
        currency: currency, rate: rate, open: .zero(currency), carried: .zero(functional),
        valued: .zero(functional), booked: booked[currency] ?? .zero(functional),
        items: items[currency] ?? [])
      for item in valuation.items {
        valuation.open += item.amount
        valuation.carried += item.functional
        do throws(AmountFault) {
          valuation.valued += try rate.convert(item.amount, rounding: policies.rounding)
        } catch {
          throw Problem(
            code: "amount_too_large", pointer: "--period",
            detail: "\(item.identity) in \(functional) is too large",
            fix: "Check the rate \(rate.rate)")
        }
      }
      return valuation
    }
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

  /// What earlier runs of the month left on the account, by the currency that they valued.
  private func booked(
    before run: PeriodRun, of entity: LegalEntityID, _ rules: EntityRules,
    in queries: any PostingQueries
  ) throws -> [Currency: Money] {
    var booked: [Currency: Money] = [:]
    var earlier = run
    while earlier.number > 1 {
      earlier.number -= 1
      guard let stored = try queries.document(earlier.identity(of: entity)) else { continue }
      // Not what was reversed since, whether or not the ERP has the reversal yet.
      for entry in try acceptance.compensation.standing([stored], in: queries).map(\.record.entry)
      where entry.head.kind == .revaluation {
        guard let currency = entry.head.valuedCurrency else { continue }
        var sum = booked[currency] ?? .zero(rules.entity.functionalCurrency)
        for line in entry.lines where line.role == .receivableRevaluation {
          sum += line.side == .debit ? line.functionalAmount : -line.functionalAmount
        }
        booked[currency] = sum
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
      "Revaluation of \(valuation.open) at \(valuation.rate.rate): \(valuation.valued.text) less "
      + valuation.carried.text
      + (valuation.booked.isZero ? "" : " less \(valuation.booked.text) booked before")
    let head = EntryHead(
      legalEntity: entity, ledger: run.ledger, kind: .revaluation, postingDate: day,
      documentDate: day, currency: functional, functionalCurrency: functional,
      reference: EntryHead.revaluationReference(run, of: entity, valuation.currency),
      description: description,
      source: EntrySource(document: run.identity(of: entity), revision: 1, sequence: number),
      rulesVersion: acceptance.ruleBook.version)
    func line(_ role: AccountRole, _ side: Side) throws(Problem) -> JournalLine {
      guard
        let found = converter.account(
          of: role, in: entity, currency: valuation.currency, on: day)
      else {
        throw Problem(
          code: "missing_mapping", pointer: "accounts/\(role.rawValue).yaml",
          detail: "No row gives the account of \(role.rawValue) in \(entity)",
          fix: "Add a row to accounts/\(role.rawValue).yaml")
      }
      return JournalLine(
        role: role, account: found.account, side: side, amount: difference.magnitude,
        functionalAmount: difference.magnitude, dimensions: found.dimensions,
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
  /// `revalue:US01:primary:2026-03:1:EUR`
  fileprivate static func revaluationReference(
    _ run: PeriodRun, of entity: LegalEntityID, _ currency: Currency
  ) -> String {
    "\(run.identity(of: entity).id):\(currency)"
  }

  /// The currency that a revaluation valued: the last part of its reference.
  fileprivate var valuedCurrency: Currency? {
    reference.split(separator: ":").last.flatMap { Currency(String($0)) }
  }
}
