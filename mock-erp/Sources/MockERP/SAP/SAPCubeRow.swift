import Foundation

/// One line of a document, in one ledger.
struct SAPCubeRow {
  fileprivate enum Value {
    case text(String)
    /// `YYYY-MM-DD`, worded `/Date(…)/`.
    case day(String)
    case flag(Bool)
  }

  static let columns = [
    "CompanyCode", "FiscalYear", "AccountingDocument", "AccountingDocumentItem", "Ledger",
    "AccountingDocumentType", "DocumentReferenceID", "Reference1InDocumentHeader",
    "Reference2InDocumentHeader", "OriginalReferenceDocument", "ReferenceDocumentType",
    "ReferenceDocumentLogicalSystem", "AccountingDocumentHeaderText", "PostingDate",
    "DocumentDate", "FiscalPeriod", "DebitCreditCode", "GLAccount", "Customer", "Supplier",
    "TaxCode", "AssignmentReference", "DocumentItemText", "CostCenter", "ProfitCenter", "Segment",
    "AmountInTransactionCurrency", "TransactionCurrency", "AmountInCompanyCodeCurrency",
    "CompanyCodeCurrency", "IsReversal", "IsReversed", "ReverseDocument",
    "ReverseDocumentFiscalYear", "ReversalReason", "IntercompanyTransaction",
  ]

  private let values: [String: Value]

  static func rows(
    of entry: BookedEntry, reversal: BookedEntry?, ledgers: [String]
  ) -> [SAPCubeRow] {
    let header = header(of: entry, reversal: reversal)
    let ledgers = entry.content.attributes["LedgerGroup"].map { [$0] } ?? ledgers
    return ledgers.flatMap { ledger in
      entry.content.lines.enumerated().map { index, line in
        var values = header.merging(Self.line(line, entry.content)) { $1 }
        values["Ledger"] = .text(ledger)
        values["AccountingDocumentItem"] = .text(String(index + 1))
        return SAPCubeRow(values: values)
      }
    }
  }

  private static func header(
    of entry: BookedEntry, reversal: BookedEntry?
  ) -> [String: Value] {
    let content = entry.content
    let document = SAPDocument(entry)
    // The document on the other side of a reversal: ours names it by its key, the original has ours.
    let counterpart =
      reversal.map(SAPDocument.init)
      ?? content.reverses.flatMap { _ in
        content.attributes["ReversalReferenceDocument"].flatMap(SAPDocument.init(key:))
      }
    return [
      "CompanyCode": .text(entry.company), "FiscalYear": .text(document.fiscalYear),
      "AccountingDocument": .text(document.number),
      "AccountingDocumentType": content.text("AccountingDocumentType"),
      "DocumentReferenceID": content.text("DocumentReferenceID"),
      "Reference1InDocumentHeader": content.text("Reference1InDocumentHeader"),
      "Reference2InDocumentHeader": content.text("Reference2InDocumentHeader"),
      "OriginalReferenceDocument": .text(document.key),
      "ReferenceDocumentType": content.text("OriginalReferenceDocumentType"),
      "ReferenceDocumentLogicalSystem": content.text("OriginalReferenceDocumentLogicalSystem"),
      "AccountingDocumentHeaderText": .text(content.description ?? ""),
      "PostingDate": .day(content.postingDate), "DocumentDate": .day(content.documentDate),
      "FiscalPeriod": .text("0" + content.period.suffix(2)),
      "TransactionCurrency": .text(content.currency),
      "CompanyCodeCurrency": .text(content.functionalCurrency),
      "IsReversal": .flag(content.reverses != nil), "IsReversed": .flag(reversal != nil),
      "ReverseDocument": .text(counterpart?.number ?? ""),
      "ReverseDocumentFiscalYear": .text(counterpart?.fiscalYear ?? ""),
      "ReversalReason": content.text("ReversalReason"),
    ]
  }

  private static func line(_ line: BookedLine, _ content: EntryContent) -> [String: Value] {
    let sign = line.side == .credit ? "-" : ""
    func signed(_ units: Int64, _ decimals: Int) -> Value {
      .text((units == 0 ? "" : sign) + ExactAmount.text(units, decimals: decimals))
    }
    return [
      "DebitCreditCode": .text(line.side == .debit ? "S" : "H"), "GLAccount": .text(line.account),
      "Customer": .text(line.accountType == "D" ? line.party ?? "" : ""),
      "Supplier": .text(line.accountType == "K" ? line.party ?? "" : ""),
      "TaxCode": .text(line.tax?.code ?? ""),
      "DocumentItemText": .text(line.description ?? ""),
      "AssignmentReference": .text(line.dimensions["AssignmentReference"] ?? ""),
      "CostCenter": .text(line.dimensions["CostCenter"] ?? ""),
      "ProfitCenter": .text(line.dimensions["ProfitCenter"] ?? ""),
      "Segment": .text(line.dimensions["Segment"] ?? ""),
      "AmountInTransactionCurrency": signed(line.amount, content.decimals),
      "AmountInCompanyCodeCurrency": signed(line.functionalAmount, content.functionalDecimals),
    ]
  }

  /// What a condition is held against.
  func text(_ column: String) -> String {
    switch values[column] {
    case .text(let text), .day(let text): text
    case .flag(let flag): flag ? "true" : "false"
    case nil: ""
    }
  }

  /// The columns asked for; all when there are none.
  func json(_ asked: [String]) -> JSONText {
    .object(
      Self.columns.filter { asked.isEmpty || asked.contains($0) }.map { column in
        switch values[column] {
        case .text(let text): (column, .string(text))
        case .flag(let flag): (column, .boolean(flag))
        case .day(let day): (column, .string("/Date(\(Self.milliseconds(day)))/"))
        case nil: (column, "")
        }
      })
  }

  private static func milliseconds(_ day: String) -> Int {
    let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
    let moment = try? Date(day, strategy: style)
    return Int((moment ?? .distantPast).timeIntervalSince1970) * 1000
  }
}

extension EntryContent {
  fileprivate func text(_ attribute: String) -> SAPCubeRow.Value {
    .text(attributes[attribute] ?? "")
  }
}
