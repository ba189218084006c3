import Ledger
import StrictJSON

/// Where the taxes of a document's lines stand.
enum TaxPlace {
  /// On the lines, each with base and amount.
  case lines
  /// In `documentTaxes`; the lines name codes alone.
  case document
  /// On lines that are no posting: with base and amount, or with neither.
  case either
}

extension DocumentReading {
  mutating func billedContent(_ slots: Slots<RootField>) -> BilledContent? {
    let root = BorrowedJSON.root
    let hasDocumentTaxes = slots[.documentTaxes].map { json.next($0) > $0 + 1 } ?? false
    let before = problems.count
    let lines = self.lines(
      required(.lines, slots, in: root), taxes: hasDocumentTaxes ? .document : .lines)
    let linesAreRead = problems.count == before
    let totals = self.totals(required(.totals, slots, in: root))
    let beforeTaxes = problems.count
    let documentTaxes = list(slots[.documentTaxes], limit: options.maximumLines) {
      $0.tax($1, in: .document, isOnLine: false)
    }
    let taxesAreRead = problems.count == beforeTaxes
    let preceding = list(slots[.precedingInvoices], limit: options.maximumLines) {
      $0.identifier($1)
    }
    guard let lines, let totals else { return nil }
    let content = BilledContent(
      lines: lines, totals: totals.stated, documentTaxes: documentTaxes ?? [],
      precedingInvoices: preceding ?? [])
    if !isStored {
      check(totals, of: content, lines: linesAreRead, taxes: linesAreRead && taxesAreRead)
    }
    return content
  }

  // MARK: Lines

  mutating func lines(_ node: Int?, taxes: TaxPlace) -> [DocumentLine]? {
    let lines = nonEmptyList(node, limit: options.maximumLines, of: "lines") {
      $0.line($1, taxes: taxes)
    }
    if let node, let lines, !isStored { checkUnique(lines, at: node) }
    return lines
  }

  private mutating func line(_ node: Int, taxes place: TaxPlace) -> DocumentLine? {
    guard let slots = fields(of: node, LineField.self) else { return nil }
    let id = identifier(required(.id, slots, in: node))
    let kind = slots[.kind].map { value($0, DocumentLine.Kind.self) } ?? .charge
    let product = identifier(required(.product, slots, in: node))
    let family = identifier(slots[.family])
    let description = text(slots[.description])
    let quantity = decimal(slots[.quantity])
    let unitPrice = decimal(slots[.unitPrice])
    let net = amount(required(.net, slots, in: node), .any)
    let taxes = list(slots[.taxes], limit: DocumentReading.maximumTaxes) {
      $0.tax($1, in: place, isOnLine: true)
    }
    let servicePeriod = period(slots[.servicePeriod])
    let deliveredBy = entity(slots[.deliveredBy])
    let usage = usage(slots[.usage])
    let dimensions = pairs(slots[.dimensions])
    let custom = pairs(slots[.custom])
    guard let id, let kind, let product, let net else { return nil }
    return DocumentLine(
      id: id, kind: kind, product: product, family: family, description: description,
      quantity: quantity, unitPrice: unitPrice, net: net, taxes: taxes ?? [],
      servicePeriod: servicePeriod, deliveredBy: deliveredBy, usage: usage, dimensions: dimensions,
      custom: custom)
  }

  /// Taxes on one line.
  static let maximumTaxes = 100

  private mutating func usage(_ node: Int?) -> DocumentLine.Usage? {
    guard let node, let slots = fields(of: node, UsageField.self) else { return nil }
    let meter = identifier(required(.meter, slots, in: node))
    let quantity = decimal(required(.quantity, slots, in: node))
    let period = self.period(required(.period, slots, in: node))
    guard let meter, let quantity, let period else { return nil }
    return DocumentLine.Usage(meter: meter, quantity: quantity, period: period)
  }

  /// Notes the id of every line that an earlier line has.
  private mutating func checkUnique(_ lines: [DocumentLine], at node: Int) {
    // A line that could not be read has an id all the same.
    guard lines.count < json.count(node) || !lines.areUnique else { return }
    var seen: Set<String> = []
    var element = json.first(node)
    while element < json.next(node) {
      if json.kind(element) == .object, let place = json.member("id", of: element),
        json.kind(place) == .string
      {
        let id = json.text(place)
        if !seen.insert(id).inserted {
          note(
            "duplicate_line", at: place, "Another line has the id \"\(id)\"",
            fix: "Give each line an id of its own")
        }
      }
      element = json.next(element)
    }
  }

  // MARK: Taxes

  private mutating func tax(_ node: Int, in place: TaxPlace, isOnLine: Bool) -> TaxDetail? {
    guard let slots = fields(of: node, TaxField.self) else { return nil }
    let code = identifier(required(.code, slots, in: node))
    let category = value(slots[.category], TaxCategory.self)
    let rate = self.rate(slots[.rate])
    let hasAmounts: Bool
    switch place {
    case _ where isStored: hasAmounts = false
    case .either: hasAmounts = slots[.base] != nil || slots[.amount] != nil
    case .lines: hasAmounts = true
    case .document:
      hasAmounts = !isOnLine
      if isOnLine {
        for node in [slots[.base], slots[.amount]] {
          if let node { noteTaxTwice(node) }
        }
      }
    }
    let base = amount(hasAmounts ? required(.base, slots, in: node) : slots[.base], .any)
    let amount = self.amount(
      hasAmounts ? required(.amount, slots, in: node) : slots[.amount], .any)
    let jurisdiction = identifier(slots[.jurisdiction])
    if isOnLine, !isStored {
      for place in [slots[.accountingAmount], slots[.accountingCurrency]] {
        if let place { noteUnknown(place - 1) }
      }
    }
    let accountingAmount = statedAmount(
      slots[.accountingAmount], currency: slots[.accountingCurrency])
    guard let code else { return nil }
    return TaxDetail(
      code: code, category: category, rate: rate, base: base, amount: amount,
      jurisdiction: jurisdiction, accountingAmount: accountingAmount)
  }

  private mutating func noteTaxTwice(_ node: Int) {
    note(
      "tax_in_two_places", at: node,
      "The document carries its taxes in documentTaxes; a line then names their codes alone",
      fix: "Leave base and amount out on the lines, or leave documentTaxes out")
  }

  /// An amount in a currency that may stand beside it.
  private mutating func statedAmount(_ node: Int?, currency place: Int?) -> StatedAmount? {
    guard let node else {
      if let place {
        _ = currency(place)
        note(
          "missing_field", at: place, "accountingCurrency stands without its amount",
          fix: "Send accountingAmount with it, or leave it out")
      }
      return nil
    }
    guard let place else { return decimal(node).map { StatedAmount($0) } }
    return amount(node, in: currency(place), .any).map { StatedAmount($0) }
  }

  // MARK: Totals

  /// The totals as given, and where.
  struct Totals {
    var stated: DocumentTotals
    var payable: Money?
    var slots: Slots<TotalsField>
  }

  private mutating func totals(_ node: Int?) -> Totals? {
    guard let node, let slots = fields(of: node, TotalsField.self) else { return nil }
    let net = amount(required(.net, slots, in: node), .any)
    let tax = amount(required(.tax, slots, in: node), .any)
    let gross = amount(required(.gross, slots, in: node), .any)
    let rounding = slots[.rounding].map { amount($0, .any) } ?? currency.map { .zero($0) }
    let prepaid = slots[.prepaid].map { amount($0, .any) } ?? currency.map { .zero($0) }
    let payable = amount(slots[.payable], .any)
    guard let net, let tax, let gross, let rounding, let prepaid else { return nil }
    return Totals(
      stated: DocumentTotals(
        net: net, tax: tax, gross: gross, rounding: rounding, prepaid: prepaid),
      payable: payable, slots: slots)
  }
}

extension [DocumentLine] {
  /// No two lines have one id.
  fileprivate var areUnique: Bool {
    guard count <= Self.linesComparedOneByOne else {
      return Set(lazy.map(\.id)).count == count
    }
    for index in indices {
      for other in index + 1..<Swift.max(count, index + 1) where self[index].id == self[other].id {
        return false
      }
    }
    return true
  }

  private static var linesComparedOneByOne: Int { 8 }
}
