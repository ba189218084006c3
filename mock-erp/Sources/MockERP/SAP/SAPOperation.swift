/// A service for journal entries, as its description names it.
struct SAPOperation: Sendable {
  /// What stands in its address.
  let service: String
  let name: String
  let request: SAPSchema.Shape
  /// nil where nothing is answered.
  let confirmation: SAPSchema.Shape?

  /// Journal Entry – Post (synchronous).
  static let post = SAPOperation(
    service: "journalentrycreaterequestconfi", name: "JournalEntryCreateRequestConfirmation_In",
    request: SAPSchema.request, confirmation: SAPSchema.confirmation)

  /// Journal Entry by Ledger – Post (asynchronous).
  static let postByLedger = SAPOperation(
    service: "journalentrybulkledgercreation", name: "JournalEntryBulkLedgerCreationRequest_In",
    request: SAPSchema.ledgerRequest, confirmation: nil)

  static let all = [post, postByLedger]
}
