import Ledger
import TestSupport

/// Documents of every type as intake makes them, with anything optional there or not.
struct RandomDocument {
  var random: SeededGenerator
  private var currency: Currency
  private let source = "billing-eu"

  init(_ seed: Seed) {
    random = SeededGenerator(seed)
    currency = Currency.all.randomElement(using: &random) ?? .all[0]
  }

  mutating func document(_ type: DocumentType) -> Document {
    currency = Currency.all.randomElement(using: &random) ?? currency
    let isMirrored = flip()
    let body = self.body(isMirrored ? type.opposite : type)
    let id = text()
    var document = Document(
      identity: DocumentIdentity(source: source, type: type, id: id),
      revision: flip() ? 1 : Int.random(in: 1...9, using: &random), entity: LegalEntityID(text()),
      reference: flip() ? id : text(), documentDate: date(), postingDate: maybe { $0.date() },
      currency: currency, customer: nil, approval: Approval(by: text(), at: maybe { $0.text() }),
      purchaseOrder: maybe { $0.text() }, project: maybe { $0.text() }, dimensions: pairs(),
      custom: pairs(), body: body)
    document.exchangeRate = maybe { $0.exchangeRate() } ?? nil
    document.customer = maybe {
      Customer(
        id: $0.text(), name: $0.maybe { $0.text() }, country: $0.maybe { _ in "DE" },
        taxID: $0.maybe { $0.text() }, parent: $0.maybe { $0.text() })
    }
    switch body {
    case .milestone(let milestone): document.contract = milestone.contract
    case .contractChange(let change): document.contract = change.contract
    default: document.contract = maybe { $0.text() }
    }
    return document
  }

  private mutating func body(_ type: DocumentType) -> Document.Body {
    switch type {
    case .invoice:
      .invoice(
        Invoice(
          dueDate: maybe { $0.date() }, content: content(), isPrepayment: flip(),
          prepaidBy: list { Invoice.Credit(from: $0.origin(), amount: $0.money()) }))
    case .creditMemo:
      .creditMemo(
        CreditMemo(
          content: content(),
          appliesTo: list { CreditMemo.Settlement(invoice: $0.text(), amount: $0.money()) }))
    case .payment:
      .payment(
        Payment(
          amount: money(), method: one(PaymentMethod.self), account: text(), fees: fees(),
          withholding: list { Withholding(code: $0.text(), amount: $0.money()) },
          applications: list { $0.application() },
          collectedFor: maybe { LegalEntityID($0.text()) }, isAdvance: flip()))
    case .refund:
      .refund(
        Refund(
          amount: money(), account: text(), of: origin(), stage: one(Refund.Stage.self),
          fees: fees(), amountInOriginalCurrency: maybe { _ in ExactDecimal(7) }))
    case .netting:
      .netting(
        Netting(
          partner: LegalEntityID(text()), dueTo: money(), dueFrom: money(), account: text(),
          partnerAccount: text()))
    case .withholdingCertificate:
      .withholdingCertificate(
        WithholdingCertificate(
          payment: reference(.payment), code: text(), amount: money(),
          outcome: one(WithholdingCertificate.Outcome.self)))
    case .chargeback:
      .chargeback(
        Chargeback(
          amount: money(), payment: reference(.payment), fee: maybe { $0.money() },
          stage: one(Chargeback.Stage.self), account: maybe { $0.text() },
          amountInOriginalCurrency: maybe { _ in ExactDecimal(7) }))
    case .writeOff: .writeOff(writeOff())
    case .payout:
      .payout(
        Payout(from: text(), to: text(), amount: money(), fees: fees(), items: list { $0.text() }))
    case .application:
      .application(
        Application(from: origin(), applications: [application()] + list { $0.application() }))
    case .void: .void(of: reference(one(DocumentType.self)))
    case .milestone:
      .milestone(
        Milestone(
          contract: text(), line: text(),
          reached: flip()
            ? .amount(money()) : .percent(ExactDecimal(Int64.random(in: 0...100, using: &random)))))
    case .contractChange:
      .contractChange(
        ContractChange(contract: text(), effective: date(), lines: list { $0.line() }))
    case .ratedUsage:
      .ratedUsage(
        RatedUsage(
          period: period(),
          items: list {
            RatedUsage.Item(
              customer: $0.text(), product: $0.text(), meter: $0.text(), quantity: $0.decimal(),
              amount: $0.signedMoney(), invoiced: $0.maybe { $0.signedMoney() })
          }, batch: text()))
    case .periodRun:
      .periodRun(
        PeriodRun(
          one(PeriodRun.Verb.self), ledger: text(), period: FiscalPeriod(containing: date()),
          number: Int.random(in: 1...9, using: &random)))
    }
  }

  private mutating func content() -> BilledContent {
    BilledContent(
      lines: [line()] + list { $0.line() },
      totals: DocumentTotals(
        net: money(), tax: money(), gross: money(),
        rounding: flip() ? .zero(currency) : signedMoney(),
        prepaid: flip() ? .zero(currency) : signedMoney()),
      documentTaxes: list { $0.tax() }, precedingInvoices: list { $0.text() })
  }

  private mutating func line() -> DocumentLine {
    DocumentLine(
      id: text(), kind: one(DocumentLine.Kind.self), product: text(), family: maybe { $0.text() },
      description: maybe { $0.text() }, quantity: maybe { $0.decimal() },
      unitPrice: maybe { $0.decimal() }, net: signedMoney(), taxes: list { $0.tax() },
      servicePeriod: maybe { $0.period() }, deliveredBy: maybe { LegalEntityID($0.text()) },
      usage: maybe {
        DocumentLine.Usage(meter: $0.text(), quantity: $0.decimal(), period: $0.period())
      }, dimensions: pairs(), custom: pairs())
  }

  private mutating func tax() -> TaxDetail {
    TaxDetail(
      code: text(), category: maybe { $0.one(TaxCategory.self) },
      rate: maybe { ExactDecimal(Int64.random(in: 0...99, using: &$0.random)) },
      base: maybe { $0.signedMoney() }, amount: maybe { $0.signedMoney() },
      jurisdiction: maybe { $0.text() }, accountingAmount: maybe { $0.statedAmount() })
  }

  private mutating func application() -> InvoiceApplication {
    InvoiceApplication(
      invoice: text(), amount: money(), discount: maybe { $0.money() },
      amountInInvoiceCurrency: maybe { ExactDecimal($0.foreignMoney().magnitude) })
  }

  private mutating func fees() -> [Fee] {
    list {
      let amount = $0.money()
      return Fee(
        kind: $0.text(), amount: amount, tax: $0.maybe { Fee.Tax(code: $0.text(), amount: amount) })
    }
  }

  private mutating func writeOff() -> WriteOff {
    let isRecovery = flip()
    return WriteOff(
      invoice: reference(.invoice), amount: money(), reason: text(), isRecovery: isRecovery,
      account: isRecovery ? maybe { $0.text() } : nil,
      amountInOriginalCurrency: isRecovery ? maybe { _ in ExactDecimal(7) } : nil)
  }

  private mutating func origin() -> DocumentIdentity {
    reference(flip() ? .payment : .creditMemo)
  }

  private mutating func reference(_ type: DocumentType) -> DocumentIdentity {
    DocumentIdentity(source: source, type: type, id: text())
  }

  private mutating func exchangeRate() -> ExchangeRate? {
    ExchangeRate(
      from: currency, to: Currency.all.randomElement(using: &random) ?? currency,
      rate: ExactDecimal(Int64.random(in: 1...1_000, using: &random)), date: date(), source: text())
  }

  // MARK: Values

  private mutating func flip() -> Bool { Bool.random(using: &random) }

  private mutating func maybe<Value>(_ make: (inout RandomDocument) -> Value) -> Value? {
    flip() ? make(&self) : nil
  }

  private mutating func list<Value>(_ make: (inout RandomDocument) -> Value) -> [Value] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in make(&self) }
  }

  private mutating func one<Value: CaseIterable>(_ values: Value.Type) -> Value {
    guard let value = Value.allCases.randomElement(using: &random) else {
      preconditionFailure("there is a value")
    }
    return value
  }

  private mutating func text() -> String {
    let alphabet = Array("abcXYZ019 -_/|\"\\äß€😀'<&{}[]:,~")
    let count = Int.random(in: 1...20, using: &random)
    return "x" + String((0..<count).compactMap { _ in alphabet.randomElement(using: &random) })
  }

  private mutating func money() -> Money { signedMoney().magnitude }

  private mutating func signedMoney() -> Money {
    let limits: [Int64] = [10, 1_000, Money.maximumMinorUnits]
    let limit = limits.randomElement(using: &random) ?? 1
    return Money(minorUnits: Int64.random(in: -limit...limit, using: &random), currency)
  }

  private mutating func foreignMoney() -> Money {
    Money(
      minorUnits: Int64.random(in: -9_999...9_999, using: &random),
      Currency.all.randomElement(using: &random) ?? currency)
  }

  private mutating func statedAmount() -> StatedAmount {
    flip() ? StatedAmount(foreignMoney()) : StatedAmount(decimal())
  }

  private mutating func decimal() -> ExactDecimal {
    let digits = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      String(Int.random(in: 0...9, using: &random))
    }.joined()
    let whole = Int.random(in: -99...99, using: &random)
    return (try? ExactDecimal("\(whole).\(digits)")) ?? .zero
  }

  private mutating func date() -> CalendarDate {
    CalendarDate(dayNumber: Int.random(in: -700_000...2_900_000, using: &random))
  }

  private mutating func period() -> DateRange {
    let from = date()
    let through = CalendarDate(dayNumber: from.dayNumber + Int.random(in: 0...400, using: &random))
    guard let period = DateRange(from: from, through: through) else {
      preconditionFailure("a period ends after it began")
    }
    return period
  }

  private mutating func pairs() -> Dimensions {
    Dimensions(list { ($0.text(), $0.text()) })
  }
}

extension DocumentType {
  /// What a mirrored document of this type has as its body.
  fileprivate var opposite: DocumentType {
    switch self {
    case .invoice: .creditMemo
    case .creditMemo: .invoice
    default: self
    }
  }
}
