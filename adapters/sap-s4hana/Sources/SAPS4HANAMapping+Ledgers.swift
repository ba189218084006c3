import AdapterKit
import Ledger
import XMLTree

/// Entries of parallel ledgers, as Journal Entry by Ledger – Post takes them: G/L items alone, our key
/// in `DocumentReferenceID`, which is the one reference that the service has.
extension SAPS4HANAMapping {
  func ledgerEntry(_ submission: Submission) throws(Problem) -> XMLElement {
    let head = submission.entry.head
    guard let group = settings.ledgerGroups[head.ledger] else {
      throw Problem(
        code: "not_expressible", pointer: "/ledger",
        detail: "The entry cannot be written in this ERP: the connection names no ledger group for "
          + "ledger \(head.ledger)",
        fix: "Write SAP's ledger group under 'ledgerGroups' of the connection")
    }
    let items = try ledgerItems(of: submission.entry)
    return SAPWire.group(
      "JournalEntry",
      [
        SAPWire.part("OriginalReferenceDocumentType", "BKPFF"),
        SAPWire.part("OriginalReferenceDocumentLogicalSystem", settings.logicalSystem),
        SAPWire.part("BusinessTransactionType", "RFBU"),
        SAPWire.part("AccountingDocumentType", settings.documentType),
        SAPWire.part("LedgerGroup", group),
        SAPWire.part("DocumentReferenceID", submission.key.text),
        SAPWire.part("DocumentHeaderText", SAPText.text(head.description, longest: 25)),
        SAPWire.part("CreatedByUser", settings.user),
        SAPWire.part("CompanyCode", settings.company),
        SAPWire.part("DocumentDate", head.documentDate.text),
        SAPWire.part("PostingDate", head.postingDate.text),
      ] + items)
  }

  private func ledgerItems(of entry: JournalEntry) throws(Problem) -> [XMLElement] {
    let hasFunctional = hasFunctionalAmounts(entry)
    var items: [XMLElement] = []
    for (index, line) in entry.lines.enumerated() {
      let place = Place(
        number: String(index + 1), pointer: "/lines/\(index)",
        amounts: amounts(of: line, hasFunctional))
      items.append(try ledgerItem(line, place))
    }
    return items
  }

  /// Parties, documents and taxes are no items of their own here: what people read says whose it is.
  private func ledgerItem(_ line: JournalLine, _ place: Place) throws(Problem) -> XMLElement {
    for pair in line.dimensions.pairs {
      guard let field = settings.dimensions[pair.name], !field.isOfLedgers else { continue }
      throw Problem(
        code: "not_expressible", pointer: "\(place.pointer)/dimensions/\(pair.name)",
        detail: "The entry cannot be written in this ERP: items of a ledger group have no "
          + field.rawValue,
        fix: "Leave the dimension out of entries of this ledger, or map it to another field")
    }
    let account = try SAPText.code(
      "GLAccount", line.account.code, longest: 10, at: place.pointer + "/account")
    let partner = try tradingPartner(of: line, place)
    let assignment = try assignment(line, place)
    return SAPWire.group(
      "Item",
      [SAPWire.part("GLAccount", account)] + place.amounts.values + [
        place.amounts.side,
        SAPWire.part("DocumentItemText", SAPText.text(line.description, longest: 50)),
        SAPWire.part("AssignmentReference", SAPText.text(line.party ?? "", longest: 18)),
        SAPWire.part("TradingPartner", partner),
        assignment,
      ])
  }
}
