/// The records that postings become.
enum NetSuiteRecord: String, Hashable, Sendable, CaseIterable {
  case journalEntry, advIntercompanyJournalEntry, invoice, creditMemo, customerPayment

  /// `type` of the table `transaction`.
  var transactionType: String {
    switch self {
    case .journalEntry, .advIntercompanyJournalEntry: "Journal"
    case .invoice: "CustInvc"
    case .creditMemo: "CustCred"
    case .customerPayment: "CustPymt"
    }
  }

  var isJournal: Bool { self == .journalEntry || self == .advIntercompanyJournalEntry }
}
