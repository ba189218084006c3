import Ledger
package import PostingRules

/// Reads exchange rates: `date,from,to,rate,type,source`.
package struct RateReader {
  private let findings: FindingList

  package static let columns = ["date", "from", "to", "rate", "type", "source"]
  /// `type` may be absent.
  private static let required = ["date", "from", "to", "rate", "source"]

  package init(findings: FindingList) { self.findings = findings }

  /// Every row that can be read; each of the others is reported with its line.
  package func read(_ bytes: [UInt8], file: String) -> [RateTable.Row] {
    guard let table = CSVReader.read(bytes, file: file, into: findings) else { return [] }
    let header = FilePlace(file: file, line: 1)
    for column in table.header where !Self.columns.contains(column) {
      findings.error(
        "csv_header", header, "There is no column '\(column)'",
        fix: Suggestion.fix(for: column, known: Self.columns))
    }
    let missing = Self.required.filter { table.column($0) == nil }
    guard missing.isEmpty else {
      findings.error(
        "csv_header", header, "Columns are missing: \(missing.joined(separator: ", "))",
        fix: "Write the header \(Self.columns.joined(separator: ","))")
      return []
    }
    return table.records.compactMap { row($0, in: table) }
  }

  private func row(_ record: CSVReader.Record, in table: CSVReader.Table) -> RateTable.Row? {
    func field(_ name: String) -> String { table.column(name).map { record.fields[$0] } ?? "" }
    func fault(_ code: String, _ detail: String, _ fix: String) {
      findings.error(code, record.place, detail, fix: fix)
    }
    let date = CalendarDate(field("date"))
    if date == nil {
      fault("invalid_date", "'\(field("date"))' is no date", "Write a day as YYYY-MM-DD")
    }
    let currencies = ["from", "to"].map { column -> Currency? in
      let currency = Currency(field(column))
      if currency == nil {
        fault(
          "unknown_currency", "'\(field(column))' in '\(column)' is no currency of ISO 4217",
          "Write three capital letters such as EUR")
      }
      return currency
    }
    let rate = try? ExactDecimal(field("rate"))
    if rate.map({ $0.coefficient > 0 }) != true {
      fault(
        "invalid_rate", "'\(field("rate"))' is no rate above zero in plain decimals",
        "Write units of 'to' for one unit of 'from', with a point and at most 12 decimals")
    }
    if field("source").isEmpty {
      fault("missing_value", "The rate has no source", "Write who says so, such as ECB")
    }
    guard let date, let from = currencies[0], let to = currencies[1], let rate,
      !field("source").isEmpty
    else { return nil }
    guard from != to else {
      fault("invalid_rate", "'from' and 'to' are both \(from)", "Remove the row")
      return nil
    }
    guard
      let exchange = ExchangeRate(
        from: from, to: to, rate: rate, date: date, source: field("source"))
    else { return nil }
    return RateTable.Row(exchange, type: field("type").isEmpty ? nil : field("type"))
  }
}
