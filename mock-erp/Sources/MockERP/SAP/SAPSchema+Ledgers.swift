extension SAPSchema {
  // MARK: Journal Entry by Ledger – Post

  private static let ledgerAssignment = Shape(
    name: "JournalEntryAccountAssignment",
    fields: [
      text("AccountAssignmentType", 2), text("ProfitCenter", 10), text("PartnerProfitCenter", 10),
      text("Segment", 10), text("PartnerSegment", 10), text("CostCenter", 10),
      text("WBSElement", 24), text("SalesOrder", 10), text("SalesOrderItem", 6),
      text("FunctionalArea", 16),
    ])

  private static let ledgerItem = Shape(
    name: "JournalEntryItem",
    fields: [text("GLAccount", 10).required] + amounts
      + [
        text("DocumentItemText", 50), text("AssignmentReference", 18),
        text("FinancialTransactionType", 3), text("TradingPartner", 6), one("ValueDate", .date),
        text("HouseBank", 5), text("HouseBankAccount", 5), text("Material", 40),
        complex("AccountAssignment", ledgerAssignment),
      ])

  private static let ledgerEntry = Shape(
    name: "JournalEntry",
    fields: [
      text("OriginalReferenceDocumentType", 5).required, text("OriginalReferenceDocument", 20),
      text("OriginalReferenceDocumentLogicalSystem", 10),
      text("BusinessTransactionType", 4).required, text("AccountingDocumentType", 5).required,
      text("AccountingDocument", 10), text("LedgerGroup", 4).required,
      text("DocumentReferenceID", 16), text("DocumentHeaderText", 25),
      text("CreatedByUser", 12).required, text("CompanyCode", 4).required,
      one("DocumentDate", .date).required, one("PostingDate", .date).required,
      one("PostingFiscalPeriod", .digits(2)), complex("Item", ledgerItem).repeated,
    ])

  static let ledgerRequest = request("JournalEntryBulkLedgerCreateRequest", of: ledgerEntry)
}
