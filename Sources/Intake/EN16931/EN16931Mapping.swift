import Ledger
import LedgerJSON

/// Makes the canonical document of an invoice whose arithmetic holds.
struct EN16931Mapping {
  let source: IntakeSource

  /// UNTDID 1001 codes that EN 16931 lists as credit notes, and the self-billed credit note.
  private static let creditCodes: Set<String> = ["81", "83", "261", "381", "396", "532"]
  private static let selfBilledCodes: Set<String> = ["261", "389"]
  private static let prepaymentCode = "386"
  /// The product of a line that names none.
  private static let unnamedProduct = "unspecified"

  /// The type under which the document is handed over; nil while the type code is unknown.
  func type(of invoice: EN16931Invoice) -> DocumentType? {
    if invoice.isCreditNote { return .creditMemo }
    guard let code = invoice.typeCode?.value else { return nil }
    return Self.creditCodes.contains(code) ? .creditMemo : .invoice
  }

  /// The document's id by the source's policy; nil while a part of it is unknown.
  func id(of invoice: EN16931Invoice) -> String? {
    guard let number = invoice.number?.value else { return nil }
    switch source.identity {
    case .number: return number
    case .sellerAndNumber: return sellerID(of: invoice).map { "\($0):\(number)" }
    }
  }

  private func sellerID(of invoice: EN16931Invoice) -> String? {
    let seller = invoice.seller
    return seller.vatID ?? seller.registration ?? seller.id ?? seller.taxRegistration
      ?? seller.electronicAddress
  }

  /// BT-46, else BT-47, BT-48, BT-49, else BT-44 case-folded.
  private func customerID(of buyer: EN16931Party) -> String? {
    buyer.id ?? buyer.registration ?? buyer.vatID ?? buyer.electronicAddress
      ?? buyer.name.map { shortened($0.lowercased()) }
  }

  /// The document; nil when something that it needs is missing, which is noted.
  func document(of invoice: EN16931Invoice, _ reader: inout TermReader) -> Document? {
    checkTypeCode(invoice, &reader)
    let identity = identity(of: invoice, &reader)
    let entity = entity(of: invoice, &reader)
    let customer = customer(of: invoice, &reader)
    if source.approval == .required, let path = invoice.number?.path {
      reader.note(
        "not_approved", at: path,
        "UBL and CII cannot say who approved a document, and source \(source.code) demands it",
        fix: "Configure source \(source.code) with approval: trusted if it hands over approved "
          + "documents only, or hand the document over as JSON with its approval")
    }
    guard reader.problems.isEmpty, let identity, let entity, let customer,
      let date = invoice.issueDate?.value, let currency = invoice.currency?.value,
      let number = invoice.number?.value, let content = content(of: invoice)
    else { return nil }
    let isPrepayment = invoice.typeCode?.value == Self.prepaymentCode
    let body: Document.Body =
      identity.type == .creditMemo
      ? .creditMemo(CreditMemo(content: content))
      : .invoice(
        Invoice(dueDate: invoice.dueDate?.value, content: content, isPrepayment: isPrepayment))
    let document = Document(
      identity: identity, entity: entity, reference: number, documentDate: date,
      currency: currency, customer: customer, approval: Approval(by: source.code, at: nil),
      contract: invoice.contract, purchaseOrder: invoice.purchaseOrder, project: invoice.project,
      body: body)
    return mirrored(document, invoice, &reader)
  }

  /// The document with a gross that is not negative.
  private func mirrored(
    _ document: Document, _ invoice: EN16931Invoice, _ reader: inout TermReader
  ) -> Document? {
    guard let totals = invoice.totals else { return nil }
    do throws(Problem) {
      var result = try document.mirroredWhereNegative()
      if case .invoice(var turned) = result.body, turned.dueDate == nil {
        turned.dueDate = invoice.dueDate?.value
        result.body = .invoice(turned)
      }
      return result
    } catch {
      reader.note(error.code, at: totals.gross.path, error.detail, fix: error.fix)
      return nil
    }
  }

  private func checkTypeCode(_ invoice: EN16931Invoice, _ reader: inout TermReader) {
    guard let code = invoice.typeCode, Self.selfBilledCodes.contains(code.value),
      source.selfBilled == .refuse
    else { return }
    reader.note(
      "self_billed", at: code.path,
      "type code \(code.value) is a self-billed invoice: the customer wrote it",
      fix: "Configure source \(source.code) with selfBilled: accept to take such documents")
  }

  private func identity(
    of invoice: EN16931Invoice, _ reader: inout TermReader
  ) -> DocumentIdentity? {
    if invoice.number != nil, source.identity == .sellerAndNumber, sellerID(of: invoice) == nil {
      reader.note(
        "missing_field", at: invoice.seller.path,
        "the seller has no identifier (BT-31, BT-30, BT-29, BT-32 or BT-34)",
        fix: "Give the seller's VAT number, or configure the source with identity: number")
    }
    guard let number = invoice.number, let id = id(of: invoice), let type = type(of: invoice) else {
      return nil
    }
    if let fault = Identifier.fault(of: id) {
      reader.note("invalid_id", at: number.path, fault.detail, fix: fault.fix)
      return nil
    }
    return DocumentIdentity(source: source.code, type: type, id: id)
  }

  private func customer(of invoice: EN16931Invoice, _ reader: inout TermReader) -> Customer? {
    let buyer = invoice.buyer
    guard let id = customerID(of: buyer) else {
      reader.note(
        "missing_field", at: buyer.path, "the buyer has neither an identifier nor a name (BT-44)",
        fix: "Give the buyer's name and customer number in the billing system")
      return nil
    }
    return Customer(id: id, name: buyer.name, country: buyer.country, taxID: buyer.vatID)
  }

  private func entity(of invoice: EN16931Invoice, _ reader: inout TermReader) -> LegalEntityID? {
    guard let mapping = source.entityFrom else {
      if source.entity == nil, let number = invoice.number {
        reader.note(
          "missing_field", at: number.path, "nothing says which legal entity this document is of",
          fix: "Configure source \(source.code) with entity or entityFrom")
      }
      return source.entity
    }
    let seller = invoice.seller
    let buyer = invoice.buyer
    let values: [String?] =
      switch mapping.field {
      case .sellerTaxID: [seller.vatID, seller.taxRegistration]
      case .sellerID: [seller.id, seller.registration]
      case .sellerCountry: [seller.country]
      case .customerID: [customerID(of: buyer)]
      case .customerCountry: [buyer.country]
      case .customerTaxID: [buyer.vatID]
      case .currency: [invoice.currency?.value.code]
      }
    if let entity = mapping.entity(for: values.compactMap(\.self)) ?? source.entity {
      return entity
    }
    let stated = values.compactMap(\.self).map { "“\($0.excerpt)”" }.joined(separator: ", ")
    reader.note(
      "missing_field", at: mapping.field.isOfBuyer ? buyer.path : seller.path,
      "no legal entity is configured for \(mapping.field.rawValue) "
        + (stated.isEmpty ? "where the document has none" : stated),
      fix: "Add the value to entityFrom of source \(source.code)")
    return nil
  }

  // MARK: Content

  private func content(of invoice: EN16931Invoice) -> BilledContent? {
    guard let totals = invoice.totals else { return nil }
    var ids = LineIDs()
    let lines = invoice.lines.compactMap { line($0, of: invoice, &ids) }
    let adjustments = invoice.adjustments.compactMap { adjustment($0, &ids) }
    let prefix = source.identity == .sellerAndNumber ? sellerID(of: invoice) : nil
    return BilledContent(
      lines: lines + adjustments,
      totals: DocumentTotals(
        net: totals.net.value, tax: totals.tax.value, gross: totals.gross.value,
        rounding: totals.rounding.value, prepaid: totals.prepaid.value),
      documentTaxes: taxes(of: invoice),
      precedingInvoices: invoice.precedingInvoices.map { number in
        prefix.map { "\($0):\(number)" } ?? number
      })
  }

  /// The groups of the breakdown; BT-111 is shared among them in proportion to their tax.
  private func taxes(of invoice: EN16931Invoice) -> [TaxDetail] {
    var details = invoice.taxes.compactMap { tax -> TaxDetail? in
      guard let code = tax.tax, let base = tax.base?.value, let amount = tax.amount?.value else {
        return nil
      }
      return TaxDetail(
        code: code.code, category: code.category, rate: code.rate, base: base, amount: amount)
    }
    guard let total = invoice.accountingTax, !details.isEmpty else { return details }
    let shares = total.shared(by: details.map { abs($0.amount?.minorUnits ?? 0) })
    for index in details.indices { details[index].accountingAmount = StatedAmount(shares[index]) }
    return details
  }

  private func line(
    _ line: EN16931Line, of invoice: EN16931Invoice, _ ids: inout LineIDs
  ) -> DocumentLine? {
    guard let net = line.net?.value else { return nil }
    let item = line.sellerItemID ?? line.standardItemID
    let product = item ?? (line.name ?? line.description).map(shortened)
    let description = product == line.name ? line.description : line.name ?? line.description
    let period =
      source.documentPeriodAppliesToLines ? line.period.completed(by: invoice.period) : line.period
    return DocumentLine(
      id: ids.unique(line.id ?? "line"), kind: .charge, product: product ?? Self.unnamedProduct,
      description: description, quantity: line.quantity,
      unitPrice: line.unitPrice, net: net, taxes: detail(line.tax),
      servicePeriod: period.range)
  }

  private func adjustment(
    _ adjustment: EN16931Adjustment, _ ids: inout LineIDs
  ) -> DocumentLine? {
    guard let amount = adjustment.amount?.value else { return nil }
    let name = adjustment.isCharge ? "charge" : "allowance"
    return DocumentLine(
      id: ids.unique(name), kind: adjustment.isCharge ? .fee : .discount,
      product: adjustment.reasonCode ?? adjustment.reason.map(shortened) ?? name,
      description: adjustment.reason,
      net: adjustment.isCharge ? amount : -amount, taxes: detail(adjustment.tax))
  }

  /// A name in the place of a code: as much of it as a code may have.
  private func shortened(_ name: String) -> String {
    var short = String.UnicodeScalarView()
    short.append(contentsOf: name.unicodeScalars.prefix(DocumentIdentity.maximumIDLength))
    return String(short)
  }

  /// Lines carry the code alone: the document has its taxes as a whole.
  private func detail(_ tax: EN16931TaxCode?) -> [TaxDetail] {
    tax.map { [TaxDetail(code: $0.code, category: $0.category, rate: $0.rate)] } ?? []
  }
}

/// Line ids of one document. EN 16931 does not demand that they differ, so a repeated one gets a
/// number after it.
private struct LineIDs {
  private var taken: Set<String> = []
  /// The number that the id's last repetition got.
  private var numbers: [String: Int] = [:]

  mutating func unique(_ id: String) -> String {
    guard !taken.insert(id).inserted else { return id }
    var number = numbers[id] ?? 1
    var candidate: String
    repeat {
      number += 1
      candidate = "\(id)#\(number)"
    } while !taken.insert(candidate).inserted
    numbers[id] = number
    return candidate
  }
}

extension EntityMapping.Field {
  fileprivate var isOfBuyer: Bool {
    switch self {
    case .customerID, .customerCountry, .customerTaxID: true
    case .sellerTaxID, .sellerID, .sellerCountry, .currency: false
    }
  }
}
