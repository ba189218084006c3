import Ledger
import XMLTree

/// Reads UBL 2.1 Invoice and CreditNote (CEN/TS 16931-3-2).
struct UBL {
  static let cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  static let cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
  static let invoice = XMLName(
    "Invoice", in: "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2")
  static let creditNote = XMLName(
    "CreditNote", in: "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2")
  static let attachment = XMLName("EmbeddedDocumentBinaryObject", in: cbc)

  private let root: LocatedElement
  private let isCreditNote: Bool

  init(_ element: XMLElement) {
    isCreditNote = element.name == UBL.creditNote
    root = LocatedElement(element: element, path: .root(element.name.local))
  }

  func read(_ reader: inout TermReader) -> EN16931Invoice {
    var invoice = EN16931Invoice()
    invoice.isCreditNote = isCreditNote
    invoice.number = reader.required(root[.cbc("ID")], "BT-1, the invoice number,")
    if reader.required(root[.cbc("IssueDate")], "BT-2, the issue date,") != nil {
      invoice.issueDate = reader.date(root[.cbc("IssueDate")], "BT-2, the issue date,")
    }
    invoice.typeCode = reader.required(
      root[.cbc(isCreditNote ? "CreditNoteTypeCode" : "InvoiceTypeCode")], "BT-3, the type code,")
    invoice.currency = reader.currency(root[.cbc("DocumentCurrencyCode")], "BT-5, the currency,")
    reader.currency = invoice.currency?.value
    invoice.dueDate = reader.date(
      isCreditNote ? root[.cac("PaymentMeans"), .cbc("PaymentDueDate")] : root[.cbc("DueDate")],
      "BT-9, the due date,")
    invoice.project = reader.identifier(project)
    invoice.contract = reader.identifier(root[.cac("ContractDocumentReference"), .cbc("ID")])
    invoice.purchaseOrder = reader.identifier(root[.cac("OrderReference"), .cbc("ID")])
    invoice.precedingInvoices = root.all(.cac("BillingReference")).compactMap {
      reader.identifier($0[.cac("InvoiceDocumentReference"), .cbc("ID")])
    }
    invoice.period = period(root, "BG-14, the invoicing period,", &reader)
    invoice.seller = party(root[.cac("AccountingSupplierParty"), .cac("Party")], &reader)
    invoice.buyer = party(root[.cac("AccountingCustomerParty"), .cac("Party")], &reader)
    invoice.adjustments = root.all(.cac("AllowanceCharge")).map { adjustment($0, &reader) }
    readTaxes(into: &invoice, &reader)
    invoice.lines =
      reader.lines(of: root, .cac(isCreditNote ? "CreditNoteLine" : "InvoiceLine"))
      .map { line($0, &reader) }
    return invoice
  }

  /// A CreditNote has no ProjectReference: there it is a document reference of type 50.
  private var project: LocatedElement {
    let reference = root.all(.cac("AdditionalDocumentReference"))
      .first { isCreditNote && $0[.cbc("DocumentTypeCode")].text == "50" }
    return (reference ?? root[.cac("ProjectReference")])[.cbc("ID")]
  }

  private func period(
    _ parent: LocatedElement, _ term: String, _ reader: inout TermReader
  ) -> EN16931Period {
    let period = parent[.cac("InvoicePeriod")]
    guard period.element != nil else { return EN16931Period() }
    let start = reader.date(period[.cbc("StartDate")], term)
    let end = reader.date(period[.cbc("EndDate")], term)
    return reader.period(start, end, term)
  }

  private func party(
    _ located: LocatedElement, _ reader: inout TermReader
  ) -> EN16931Party {
    var party = EN16931Party(path: located.path)
    let legal = located[.cac("PartyLegalEntity")]
    party.name =
      legal[.cbc("RegistrationName")].label ?? located[.cac("PartyName"), .cbc("Name")].label
    // With scheme SEPA it is BT-90, the creditor's identifier at the bank.
    party.id =
      located.all(.cac("PartyIdentification")).map { $0[.cbc("ID")] }
      .first { $0.element?.attribute("schemeID") != "SEPA" }
      .flatMap { reader.identifier($0) }
    party.registration = reader.identifier(legal[.cbc("CompanyID")])
    for scheme in located.all(.cac("PartyTaxScheme")) {
      let isVAT = scheme[.cac("TaxScheme"), .cbc("ID")].text?.uppercased() == "VAT"
      let id = reader.identifier(scheme[.cbc("CompanyID")])
      if isVAT {
        party.vatID = party.vatID ?? id
      } else {
        party.taxRegistration = party.taxRegistration ?? id
      }
    }
    party.electronicAddress = reader.identifier(located[.cbc("EndpointID")])
    party.country =
      located[.cac("PostalAddress"), .cac("Country"), .cbc("IdentificationCode")].text
    return party
  }

  private func adjustment(
    _ located: LocatedElement, _ reader: inout TermReader
  ) -> EN16931Adjustment {
    let isCharge = reader.indicator(located[.cbc("ChargeIndicator")])
    let term = isCharge ? "BT-99, a charge," : "BT-92, an allowance,"
    let category = located[.cac("TaxCategory")]
    return EN16931Adjustment(
      isCharge: isCharge,
      amount: reader.requiredAmount(located[.cbc("Amount")], term),
      reason: located[.cbc("AllowanceChargeReason")].label,
      reasonCode: reader.identifier(located[.cbc("AllowanceChargeReasonCode")]),
      tax: reader.taxCode(
        category: category[.cbc("ID")], rate: category[.cbc("Percent")], term))
  }

  /// BG-22, BG-23 and BT-111.
  private func readTaxes(into invoice: inout EN16931Invoice, _ reader: inout TermReader) {
    let accountingCode = root[.cbc("TaxCurrencyCode")].text
    let totals = root.all(.cac("TaxTotal"))
    // With a second one, for BT-111, the document's own is the one in its currency.
    let own =
      totals.first { total in
        total[.cbc("TaxAmount")].element?.attribute("currencyID") == reader.currency?.code
          && total[.cac("TaxSubtotal")].element != nil
      }
      ?? totals.first { $0[.cac("TaxSubtotal")].element != nil }
      ?? totals.first {
        $0[.cbc("TaxAmount")].element?.attribute("currencyID") != accountingCode
      }
    for subtotal in own?.all(.cac("TaxSubtotal")) ?? [] {
      let category = subtotal[.cac("TaxCategory")]
      invoice.taxes.append(
        EN16931Tax(
          tax: reader.taxCode(
            category: category[.cbc("ID")], rate: category[.cbc("Percent")], "BG-23",
            isRequired: true),
          base: reader.requiredAmount(subtotal[.cbc("TaxableAmount")], "BT-116, a taxable amount,"),
          amount: reader.requiredAmount(subtotal[.cbc("TaxAmount")], "BT-117, a tax amount,")))
    }
    if let code = accountingCode, code != reader.currency?.code,
      let currency = reader.currency(root[.cbc("TaxCurrencyCode")], "BT-6, the tax currency,")
    {
      let other = totals.first {
        $0[.cbc("TaxAmount")].element?.attribute("currencyID") == code
      }
      invoice.accountingTax = other.flatMap {
        reader.amount($0[.cbc("TaxAmount")], in: currency.value, "BT-111, the accounting tax,")?
          .value
      }
    }
    let sums = root[.cac("LegalMonetaryTotal")]
    invoice.totals = reader.totals(
      lines: sums[.cbc("LineExtensionAmount")], allowances: sums[.cbc("AllowanceTotalAmount")],
      charges: sums[.cbc("ChargeTotalAmount")], net: sums[.cbc("TaxExclusiveAmount")],
      tax: own?[.cbc("TaxAmount")] ?? root[.cac("TaxTotal"), .cbc("TaxAmount")],
      gross: sums[.cbc("TaxInclusiveAmount")], prepaid: sums[.cbc("PrepaidAmount")],
      rounding: sums[.cbc("PayableRoundingAmount")], payable: sums[.cbc("PayableAmount")])
  }

  private func line(_ located: LocatedElement, _ reader: inout TermReader) -> EN16931Line {
    let item = located[.cac("Item")]
    let category = item[.cac("ClassifiedTaxCategory")]
    let price = located[.cac("Price")]
    var line = EN16931Line()
    line.id = reader.requiredIdentifier(located[.cbc("ID")], "BT-126, the line's id,")
    line.quantity = reader.number(
      located[.cbc(isCreditNote ? "CreditedQuantity" : "InvoicedQuantity")],
      "BT-129, the quantity,")
    line.net = reader.requiredAmount(
      located[.cbc("LineExtensionAmount")], "BT-131, the line's net amount,")
    line.period = period(located, "BG-26, the line's period,", &reader)
    line.unitPrice = reader.unitPrice(
      price[.cbc("PriceAmount")], base: price[.cbc("BaseQuantity")])
    line.tax = reader.taxCode(
      category: category[.cbc("ID")], rate: category[.cbc("Percent")], "BT-151")
    line.name = item[.cbc("Name")].label
    line.description = item[.cbc("Description")].label
    line.sellerItemID = reader.identifier(item[.cac("SellersItemIdentification"), .cbc("ID")])
    line.standardItemID = reader.identifier(
      item[.cac("StandardItemIdentification"), .cbc("ID")])
    return line
  }
}
