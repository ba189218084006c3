import Ledger

/// Comma-separated values (RFC 4180), one row for each line of an entry.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe in front.
struct CSVJournal: JournalWriter {
  private static let columns = [
    "key", "set", "entity", "ledger", "kind", "postingDate", "documentDate", "period", "currency",
    "functionalCurrency", "rate", "reference", "description", "source", "type", "id", "revision",
    "reverses", "rulesVersion", "state", "erpNumber", "line", "role", "account", "side", "amount",
    "functionalAmount", "party", "taxCode", "taxRate", "taxBase", "jurisdiction", "dimensions",
    "lineDescription", "table", "row", "because",
  ]
  private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

  func head() -> String { Self.columns.joined(separator: ",") + "\r\n" }

  func text(of exported: ExportedEntry) -> String {
    let head = exported.entry.head
    let source = head.source.document
    let common = [
      exported.key, exported.set, Self.text(head.legalEntity.code), Self.text(head.ledger),
      head.kind.rawValue, head.postingDate.text, head.documentDate.text, head.period.text,
      head.currency.code, head.functionalCurrency.code, head.rate?.rate.text ?? "",
      Self.text(head.reference), Self.text(head.description), Self.text(source.source),
      source.type.rawValue, Self.text(source.id), String(head.source.revision),
      Self.text(head.reverses ?? ""), head.rulesVersion, exported.state ?? "",
      Self.text(exported.erpNumber ?? ""),
    ].joined(separator: ",")
    return exported.entry.lines.enumerated().map { index, line in
      common + "," + Self.cells(of: line, number: index + 1).joined(separator: ",") + "\r\n"
    }.joined()
  }

  private static func cells(of line: JournalLine, number: Int) -> [String] {
    let dimensions = line.dimensions.pairs.map { "\($0.name)=\($0.value)" }
    return [
      String(number), line.role.rawValue, text(line.account.code), line.side.rawValue,
      line.amount.text, line.functionalAmount.text, text(line.party ?? ""),
      text(line.tax?.code ?? ""), line.tax?.rate?.text ?? "", line.tax?.base?.text ?? "",
      text(line.tax?.jurisdiction ?? ""), text(dimensions.joined(separator: ";")),
      text(line.description), text(line.reason.table), String(line.reason.row),
      text(line.reason.because),
    ]
  }

  private static func text(_ value: String) -> String {
    let isFormula = value.unicodeScalars.first.map { formulaStarts.contains($0) } ?? false
    let value = isFormula ? "'" + value : value
    guard value.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
      return value
    }
    return "\"" + value.replacing("\"", with: "\"\"") + "\""
  }
}
