import XMLTree

/// The two services by which entries are posted.
enum SAPService: String, Hashable, Sendable, CaseIterable {
  /// Journal Entry – Post (synchronous): to all ledgers, with a verdict in the answer.
  case allLedgers = "JournalEntryCreateRequestConfirmation_In"
  /// Journal Entry by Ledger – Post (asynchronous): G/L items of one ledger group, without a verdict.
  case ledgerGroup = "JournalEntryBulkLedgerCreationRequest_In"

  var action: String { "\(SAPWire.namespace)/\(rawValue)/\(rawValue)Request" }

  var request: XMLName {
    switch self {
    case .allLedgers: XMLName("JournalEntryBulkCreateRequest", in: SAPWire.namespace)
    case .ledgerGroup: XMLName("JournalEntryBulkLedgerCreateRequest", in: SAPWire.namespace)
    }
  }
}
