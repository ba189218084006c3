import Ledger
import XMLTree

/// Reads UN/CEFACT Cross Industry Invoice, D16B (CEN/TS 16931-3-3).
struct CII {
  static let rsm = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  static let ram =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  static let udt = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
  static let invoice = XMLName("CrossIndustryInvoice", in: rsm)
  static let attachment = XMLName("AttachmentBinaryObject", in: ram)

  private let document: LocatedElement
  private let transaction: LocatedElement
  private let agreement: LocatedElement
  private let settlement: LocatedElement

  init(_ element: XMLElement) {
    let root = LocatedElement(element: element, path: .root("rsm:CrossIndustryInvoice"))
    document = root[.rsm("ExchangedDocument")]
    transaction = root[.rsm("SupplyChainTradeTransaction")]
    agreement = transaction[.ram("ApplicableHeaderTradeAgreement")]
    settlement = transaction[.ram("ApplicableHeaderTradeSettlement")]
  }

  func read(_ reader: inout TermReader) -> EN16931Invoice {
    var invoice = EN16931Invoice()
    invoice.number = reader.required(document[.ram("ID")], "BT-1, the invoice number,")
    let issued = document[.ram("IssueDateTime")]
    if reader.required(issued[.udt("DateTimeString")], "BT-2, the issue date,") != nil {
      invoice.issueDate = reader.compactDate(issued, "BT-2, the issue date,")
    }
    invoice.typeCode = reader.required(document[.ram("TypeCode")], "BT-3, the type code,")
    invoice.currency = reader.currency(
      settlement[.ram("InvoiceCurrencyCode")], "BT-5, the currency,")
    reader.currency = invoice.currency?.value
    invoice.dueDate = settlement.all(.ram("SpecifiedTradePaymentTerms"))
      .map { $0[.ram("DueDateDateTime")] }
      .first { $0.element != nil }
      .flatMap { reader.compactDate($0, "BT-9, the due date,") }
    invoice.project = reader.identifier(agreement[.ram("SpecifiedProcuringProject"), .ram("ID")])
    invoice.contract = reader.identifier(
      agreement[.ram("ContractReferencedDocument"), .ram("IssuerAssignedID")])
    invoice.purchaseOrder = reader.identifier(
      agreement[.ram("BuyerOrderReferencedDocument"), .ram("IssuerAssignedID")])
    invoice.precedingInvoices = settlement.all(.ram("InvoiceReferencedDocument")).compactMap {
      reader.identifier($0[.ram("IssuerAssignedID")])
    }
    invoice.period = period(settlement, "BG-14, the invoicing period,", &reader)
    invoice.seller = party(agreement[.ram("SellerTradeParty")], &reader)
    invoice.buyer = party(agreement[.ram("BuyerTradeParty")], &reader)
    invoice.adjustments = settlement.all(.ram("SpecifiedTradeAllowanceCharge"))
      .map { adjustment($0, &reader) }
    readTaxes(into: &invoice, &reader)
    invoice.lines =
      reader.lines(of: transaction, .ram("IncludedSupplyChainTradeLineItem"))
      .map { line($0, &reader) }
    return invoice
  }

  private func period(
    _ parent: LocatedElement, _ term: String, _ reader: inout TermReader
  ) -> EN16931Period {
    let period = parent[.ram("BillingSpecifiedPeriod")]
    guard period.element != nil else { return EN16931Period() }
    let start = reader.compactDate(period[.ram("StartDateTime")], term)
    let end = reader.compactDate(period[.ram("EndDateTime")], term)
    return reader.period(start, end, term)
  }

  private func party(
    _ located: LocatedElement, _ reader: inout TermReader
  ) -> EN16931Party {
    var party = EN16931Party(path: located.path)
    party.name = located[.ram("Name")].label
    party.id =
      reader.identifier(located[.ram("ID")]) ?? reader.identifier(located[.ram("GlobalID")])
    party.registration = reader.identifier(
      located[.ram("SpecifiedLegalOrganization"), .ram("ID")])
    for registration in located.all(.ram("SpecifiedTaxRegistration")) {
      let id = registration[.ram("ID")]
      switch id.element?.attribute("schemeID") {
      case "VA": party.vatID = party.vatID ?? reader.identifier(id)
      default: party.taxRegistration = party.taxRegistration ?? reader.identifier(id)
      }
    }
    party.electronicAddress = reader.identifier(
      located[.ram("URIUniversalCommunication"), .ram("URIID")])
    party.country = located[.ram("PostalTradeAddress"), .ram("CountryID")].text
    return party
  }

  private func adjustment(
    _ located: LocatedElement, _ reader: inout TermReader
  ) -> EN16931Adjustment {
    let isCharge = reader.indicator(located[.ram("ChargeIndicator"), .udt("Indicator")])
    let term = isCharge ? "BT-99, a charge," : "BT-92, an allowance,"
    return EN16931Adjustment(
      isCharge: isCharge,
      amount: reader.requiredAmount(located[.ram("ActualAmount")], term),
      reason: located[.ram("Reason")].label,
      reasonCode: reader.identifier(located[.ram("ReasonCode")]),
      tax: taxCode(located[.ram("CategoryTradeTax")], term, &reader))
  }

  private func taxCode(
    _ located: LocatedElement, _ term: String, isRequired: Bool = false,
    _ reader: inout TermReader
  ) -> EN16931TaxCode? {
    reader.taxCode(
      category: located[.ram("CategoryCode")], rate: located[.ram("RateApplicablePercent")], term,
      isRequired: isRequired)
  }

  /// BG-22, BG-23 and BT-111.
  private func readTaxes(into invoice: inout EN16931Invoice, _ reader: inout TermReader) {
    for tax in settlement.all(.ram("ApplicableTradeTax")) {
      invoice.taxes.append(
        EN16931Tax(
          tax: taxCode(tax, "BG-23", isRequired: true, &reader),
          base: reader.requiredAmount(tax[.ram("BasisAmount")], "BT-116, a taxable amount,"),
          amount: reader.requiredAmount(tax[.ram("CalculatedAmount")], "BT-117, a tax amount,")))
    }
    let sums = settlement[.ram("SpecifiedTradeSettlementHeaderMonetarySummation")]
    let taxTotals = sums.all(.ram("TaxTotalAmount"))
    let own = taxTotals.first {
      let stated = $0.element?.attribute("currencyID")
      return stated == nil || stated == reader.currency?.code
    }
    let accountingCode = settlement[.ram("TaxCurrencyCode")].text
    let other = taxTotals.first { $0.element?.attribute("currencyID") != accountingCode }
    if let code = accountingCode, code != reader.currency?.code,
      let currency = reader.currency(settlement[.ram("TaxCurrencyCode")], "BT-6, the tax currency,")
    {
      let accounting = taxTotals.first { $0.element?.attribute("currencyID") == code }
      invoice.accountingTax = accounting.flatMap {
        reader.amount($0, in: currency.value, "BT-111, the accounting tax,")?.value
      }
    }
    invoice.totals = reader.totals(
      lines: sums[.ram("LineTotalAmount")], allowances: sums[.ram("AllowanceTotalAmount")],
      charges: sums[.ram("ChargeTotalAmount")], net: sums[.ram("TaxBasisTotalAmount")],
      tax: own ?? other ?? sums[.ram("TaxTotalAmount")],
      gross: sums[.ram("GrandTotalAmount")], prepaid: sums[.ram("TotalPrepaidAmount")],
      rounding: sums[.ram("RoundingAmount")], payable: sums[.ram("DuePayableAmount")])
  }

  private func line(_ located: LocatedElement, _ reader: inout TermReader) -> EN16931Line {
    let product = located[.ram("SpecifiedTradeProduct")]
    let settlement = located[.ram("SpecifiedLineTradeSettlement")]
    let price = located[
      .ram("SpecifiedLineTradeAgreement"), .ram("NetPriceProductTradePrice")]
    let sum = settlement[.ram("SpecifiedTradeSettlementLineMonetarySummation")]
    var line = EN16931Line()
    line.id = reader.requiredIdentifier(
      located[.ram("AssociatedDocumentLineDocument"), .ram("LineID")], "BT-126, the line's id,")
    line.quantity = reader.number(
      located[.ram("SpecifiedLineTradeDelivery"), .ram("BilledQuantity")], "BT-129, the quantity,")
    line.net = reader.requiredAmount(
      sum[.ram("LineTotalAmount")], "BT-131, the line's net amount,")
    line.period = period(settlement, "BG-26, the line's period,", &reader)
    line.unitPrice = reader.unitPrice(
      price[.ram("ChargeAmount")], base: price[.ram("BasisQuantity")])
    line.tax = taxCode(settlement[.ram("ApplicableTradeTax")], "BT-151", &reader)
    line.name = product[.ram("Name")].label
    line.description = product[.ram("Description")].label
    line.sellerItemID = reader.identifier(product[.ram("SellerAssignedID")])
    line.standardItemID = reader.identifier(product[.ram("GlobalID")])
    return line
  }
}
