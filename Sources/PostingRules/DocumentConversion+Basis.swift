package import Ledger

extension DocumentConversion {
  /// Chooses the rate to functional currency: the document's own, that of the one invoice it
  /// corrects, the table's.
  mutating func chooseRate() {
    guard currency != functionalCurrency else { return }
    if let own = document.exchangeRate {
      if own.from == currency, own.to == functionalCurrency {
        rate = own
        return
      }
      // It is the rate of the document's own entity; a partner takes its own table's.
      guard share.isOwn else {
        rate = tableRate(from: currency)
        return rate == nil ? stopRateMissing(from: currency) : ()
      }
      return stop(
        .rateMissing, pointer: "/exchangeRate/to",
        detail: "\(document.title) states a rate from \(own.from) to \(own.to), but the books of "
          + "\(document.entity) are in \(functionalCurrency)",
        fix: "State the rate from \(currency) to \(functionalCurrency), or leave it out to use "
          + "the table", cause: "\(document.entity) \(own.from) \(own.to)")
    }
    rate = rateOfTheOneInvoice ?? tableRate(from: currency)
    if rate == nil { stopRateMissing(from: currency) }
  }

  /// The rate to functional currency that the entity's table has for the document.
  func tableRate(from currency: Currency) -> ExchangeRate? {
    ruleBook.rates.rate(
      from: currency, to: functionalCurrency, on: document.documentDate,
      type: policies.rateType, source: policies.rateSource,
      maximumAgeDays: policies.rateMaximumAgeDays)
  }

  /// The same; nil for the entity's own currency, and nil with a stop where there is none.
  mutating func rateOfDay(from currency: Currency) -> ExchangeRate? {
    guard currency != functionalCurrency else { return nil }
    let found = tableRate(from: currency)
    if found == nil { stopRateMissing(from: currency) }
    return found
  }

  mutating func stopRateMissing(from currency: Currency) {
    let age = policies.rateMaximumAgeDays.map { ", not more than \($0) days before it," } ?? ""
    stop(
      .rateMissing, pointer: "/currency",
      detail: "There is no exchange rate from \(currency) to \(functionalCurrency) on or before "
        + "\(document.documentDate)\(age) for \(document.title)",
      fix: "Add the rate to the rates of the configuration, or state it on the document",
      cause: "\(entity.rules.entity.id) \(currency) \(functionalCurrency)")
  }

  /// The rate of the only invoice that a credit memo or write-off corrects and that is here.
  private var rateOfTheOneInvoice: ExchangeRate? {
    guard case .stored(let here) = references else { return nil }
    let candidates: Set<DocumentIdentity>
    switch document.body {
    case .creditMemo(let memo):
      let names = Set(memo.appliesTo.map(\.invoice))
      candidates = Set(
        (names.isEmpty ? Set(memo.content.precedingInvoices) : names)
          .map { document.invoiceIdentity($0) })
    case .writeOff(let writeOff): candidates = [writeOff.invoice]
    default: return nil
    }
    let found = candidates.compactMap { here[$0] }
    let isCreditMemo = document.identity.type == .creditMemo
    // An advance is not monetary: it keeps its rate whatever the policy (IAS 21.23(b)).
    guard found.count == 1,
      policies.correctionRate == .invoice || isCreditMemo && found[0].isAdvance,
      let rate = found[0].rate(in: books), rate.from == currency,
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
    let entity = entity.rules.entity.id
    if let owner = account.entity, owner != entity {
      stop(
        .moneyAccountMismatch, pointer: pointer,
        detail: "\(document.title) is for \(entity), but the account \(code) is "
          + "\(owner)'s",
        fix: "Correct the account or the entity", cause: "\(entity) \(code)")
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

extension Stop {
  /// The period of a document is closed, and a person decides.
  package static func periodClosed(
    _ period: FiscalPeriod, of entity: LegalEntityID, for document: Document
  ) -> Stop {
    let other = period.next.map { ", or choose a posting date from \($0.firstDay)" } ?? ""
    return Stop(
      .periodClosed, pointer: document.postingDate == nil ? "/documentDate" : "/postingDate",
      detail: "\(document.title) falls into the period \(period) of \(entity), which is closed",
      fix: "Reopen the period\(other)", cause: "\(entity) \(period)",
      amount: document.amountAtStake)
  }
}

extension Document {
  /// The day in the books that the document asks for.
  package var wantedPostingDate: CalendarDate { postingDate ?? documentDate }

  /// `Invoice INV-2026-00042`, as messages name it.
  package var title: String {
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
      case .withholdingCertificate: "Withholding certificate"
      case .netting: "Netting"
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
    case .withholdingCertificate(let certificate): certificate.amount
    case .netting(let netting): max(netting.dueTo, netting.dueFrom)
    case .void, .milestone, .contractChange, .ratedUsage, .periodRun: .zero(currency)
    }
  }
}
