/// The transactions that the dialect takes, and the properties that each of them has.
enum NetSuiteRecord: String, CaseIterable, Sendable {
  case journalEntry
  case advIntercompanyJournalEntry
  case invoice
  case creditMemo
  case customerPayment

  /// The record of a path, whatever its case.
  init?(path: String) {
    guard let record = Self.allCases.first(where: { $0.rawValue.lowercased() == path.lowercased() })
    else { return nil }
    self = record
  }

  /// What SuiteQL has in `transaction.type`.
  var typeCode: String {
    switch self {
    case .journalEntry, .advIntercompanyJournalEntry: "Journal"
    case .invoice: "CustInvc"
    case .creditMemo: "CustCred"
    case .customerPayment: "CustPymt"
    }
  }

  var sublist: String {
    switch self {
    case .journalEntry, .advIntercompanyJournalEntry: "line"
    case .invoice, .creditMemo: "item"
    case .customerPayment: "apply"
    }
  }

  var isJournal: Bool { self == .journalEntry || self == .advIntercompanyJournalEntry }

  /// Names of the header's properties.
  var header: Set<String> {
    let all: Set = [
      "externalId", "subsidiary", "currency", "exchangeRate", "tranDate", "postingPeriod", "memo",
      "tranId", "department", "class", "location", "customForm",
    ]
    return switch self {
    case .journalEntry:
      all.union([
        "line", "approvalStatus", "approved", "reversalDate", "reversalDefer", "accountingBook",
        "nexus", "void", "toSubsidiary",
      ])
    // Its lines have rates, its header has none.
    case .advIntercompanyJournalEntry:
      all.subtracting(["exchangeRate"]).union(["line", "approvalStatus", "approved", "void"])
    case .invoice:
      all.union(["entity", "account", "item", "dueDate", "terms", "otherRefNum", "approvalStatus"])
    case .creditMemo: all.union(["entity", "account", "item", "apply", "autoApply", "otherRefNum"])
    case .customerPayment:
      all.union([
        "customer", "payment", "account", "undepFunds", "arAcct", "autoApply", "apply", "credit",
        "deposit", "paymentMethod",
      ])
    }
  }

  /// Names of a line's properties, by sublist.
  var lines: [String: Set<String>] {
    guard self == .advIntercompanyJournalEntry else { return Self.lines }
    return Self.lines.merging(
      ["line": ["lineSubsidiary", "dueToFromSubsidiary", "lineFxRate"]]
    ) { $0.union($1) }
  }

  private static let lines: [String: Set<String>] = [
    "line": [
      "account", "debit", "credit", "memo", "entity", "department", "class", "location",
      "eliminate", "line", "taxCode", "lineTaxCode", "taxRate1", "tax1Amt", "taxAccount",
      "grossAmt", "schedule", "cleared",
    ],
    "item": [
      "item", "quantity", "rate", "amount", "description", "taxCode", "taxRate1", "tax1Amt",
      "grossAmt", "department", "class", "location", "line", "price",
    ],
    "apply": ["doc", "apply", "amount", "line"],
  ]
}
