import Ledger

/// Reads a chart of accounts: `number,name` and, where it is known, `type`.
struct ChartReader {
  let findings: FindingList

  /// nil, with the faults, when the file is no chart.
  func read(_ bytes: [UInt8], file: String) -> ChartOfAccounts? {
    guard let table = CSVReader.read(bytes, file: file, into: findings) else { return nil }
    let place = FilePlace(file: file, line: 1)
    guard let number = table.column("number"), let name = table.column("name") else {
      findings.error(
        "csv_header", place, "A chart needs the columns number and name",
        fix: "Write the header number,name,type")
      return nil
    }
    for column in table.header where !["number", "name", "type"].contains(column) {
      findings.add(
        .warning, "csv_header", place, "The column '\(column)' is not read",
        fix: Suggestion.fix(for: column, known: ["number", "name", "type"]))
    }
    var lines: [AccountCode: FilePlace] = [:]
    var accounts: [ChartOfAccounts.Account] = []
    for record in table.records {
      let code = AccountCode(record.fields[number])
      guard !code.code.isEmpty else {
        findings.error(
          "missing_value", record.place, "The account has no number", fix: "Write its number")
        continue
      }
      if let first = lines[code] {
        findings.error(
          "duplicate_account", record.place,
          "Account \(code) stands here and in line \(first.line ?? 0)", fix: "Keep one of them")
        continue
      }
      lines[code] = record.place
      let type = table.column("type").map { record.fields[$0] }
      accounts.append(
        ChartOfAccounts.Account(
          number: code, name: record.fields[name], type: type.flatMap { $0.isEmpty ? nil : $0 }))
    }
    return ChartOfAccounts(file: file, accounts: accounts)
  }
}
