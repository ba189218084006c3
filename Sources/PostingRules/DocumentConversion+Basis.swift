import Ledger

extension DocumentConversion {
  /// Chooses the day in the books.
  mutating func chooseDate() {
    let rules = entity.rules
    guard !rules.closedPeriods.isEmpty else { return }
    var period = FiscalPeriod(containing: postingDate)
    guard rules.closedPeriods.contains(period) else { return }
    switch rules.policies.closedPeriod {
    case .hold: heldPeriod = period
    case .nextOpen:
      while rules.closedPeriods.contains(period) {
        guard let next = period.next else { return stopClosed(period) }
        period = next
      }
      postingDate = period.firstDay
    case .ask: stopClosed(period)
    }
  }

  private mutating func stopClosed(_ period: FiscalPeriod) {
    let other = period.next.map { ", or choose a posting date from \($0.firstDay)" } ?? ""
    stop(
      .periodClosed, pointer: document.postingDate == nil ? "/documentDate" : "/postingDate",
      detail: "\(document.title) falls into the period \(period) of \(document.entity), "
        + "which is closed",
      fix: "Reopen the period\(other)", cause: "\(document.entity) \(period)")
  }

  /// Chooses the rate to functional currency: the document's own, that of the one invoice a credit
  /// memo corrects, the table's.
  mutating func chooseRate() {
    guard currency != functionalCurrency else { return }
    if let own = document.exchangeRate {
      if own.from == currency, own.to == functionalCurrency {
        rate = own
        return
      }
      return stop(
        .rateMissing, pointer: "/exchangeRate/to",
        detail: "\(document.title) states a rate from \(own.from) to \(own.to), but the books of "
          + "\(document.entity) are in \(functionalCurrency)",
        fix: "State the rate from \(currency) to \(functionalCurrency), or leave it out to use "
          + "the table", cause: "\(document.entity) \(own.from) \(own.to)")
    }
    rate =
      rateOfTheOneInvoice
      ?? ruleBook.rates.rate(
        from: currency, to: functionalCurrency, on: document.documentDate,
        type: policies.rateType, source: policies.rateSource,
        maximumAgeDays: policies.rateMaximumAgeDays)
    guard rate == nil else { return }
    let age = policies.rateMaximumAgeDays.map { ", not more than \($0) days before it," } ?? ""
    stop(
      .rateMissing, pointer: "/currency",
      detail: "There is no exchange rate from \(currency) to \(functionalCurrency) on or before "
        + "\(document.documentDate)\(age) for \(document.title)",
      fix: "Add the rate to the rates of the configuration, or state it on the document",
      cause: "\(document.entity) \(currency) \(functionalCurrency)")
  }

  /// The rate of the only invoice that a credit memo applies or refers to and that is here.
  private var rateOfTheOneInvoice: ExchangeRate? {
    guard case .creditMemo(let memo) = document.body, case .stored(let here) = references else {
      return nil
    }
    let names = Set(memo.appliesTo.map(\.invoice))
    let candidates = names.isEmpty ? Set(memo.content.precedingInvoices) : names
    let found = candidates.compactMap { here[document.invoiceIdentity($0)] }
    guard found.count == 1, let rate = found[0].rate, rate.from == currency,
      rate.to == functionalCurrency
    else { return nil }
    return rate
  }

  /// The account that documents call `code`; nil, and a stop, when it is not fit for the document.
  mutating func moneyAccount(_ code: String, pointer: String) -> MoneyAccount? {
    guard let account = ruleBook.moneyAccounts[code] else {
      stop(
        .unknownMoneyAccount, pointer: pointer,
        detail: "\(document.title) names the account \(code), which the configuration does not "
          + "have", fix: "Add \(code) to bank-accounts.yaml, or correct the document",
        cause: code)
      return nil
    }
    if let owner = account.entity, owner != document.entity {
      stop(
        .moneyAccountMismatch, pointer: pointer,
        detail: "\(document.title) is for \(document.entity), but the account \(code) is "
          + "\(owner)'s",
        fix: "Correct the account or the entity", cause: "\(document.entity) \(code)")
      return nil
    }
    if let held = account.currency, held != currency {
      stop(
        .moneyAccountMismatch, pointer: pointer,
        detail: "\(document.title) is in \(currency), but the account \(code) holds \(held)",
        fix: "Correct the account or the currency", cause: "\(document.entity) \(code) \(currency)")
      return nil
    }
    facts.account = account.code
    return account
  }
}

extension Document {
  /// `Invoice INV-2026-00042`, as messages name it.
  var title: String {
    let noun =
      switch identity.type {
      case .invoice: "Invoice"
      case .creditMemo: "Credit memo"
      case .payment: "Payment"
      case .refund: "Refund"
      case .chargeback: "Chargeback"
      case .writeOff: "Write-off"
      case .payout: "Payout"
      case .application: "Application"
      case .void: "Void"
      case .milestone: "Milestone"
      case .contractChange: "Contract change"
      case .ratedUsage: "Rated usage"
      case .periodRun: "Period run"
      }
    return "\(noun) \(reference)"
  }

  /// What cannot be posted while the document is stopped.
  var amountAtStake: Money {
    switch body {
    case .invoice(let invoice): invoice.content.totals.gross
    case .creditMemo(let memo): memo.content.totals.gross
    case .payment(let payment): payment.amount
    case .refund(let refund): refund.amount
    case .chargeback(let chargeback): chargeback.amount
    case .writeOff(let writeOff): writeOff.amount
    case .payout(let payout): payout.amount
    case .application(let application):
      (try? Money.sum(application.applications.map(\.amount), in: currency)) ?? .zero(currency)
    case .void, .milestone, .contractChange, .ratedUsage, .periodRun: .zero(currency)
    }
  }
}
