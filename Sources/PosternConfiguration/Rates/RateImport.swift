package import Ledger
package import PostingRules

/// Exchange rates from a file of a central bank or a treasury, on their way into `rates/`.
///
/// Two layouts are known by their header: the European Central Bank's history (`Date,USD,JPY,…`: units
/// for one euro, `N/A` where there is none) and the layout of the folder itself.
package struct RateImport {
  package struct Options: Hashable, Sendable {
    /// The type of rates whose file names none.
    package var type: String?
    /// The source of rates whose file names none.
    package var source = "ECB"
    /// Rates before this day are left out.
    package var since: CalendarDate?
    /// Whether each rate's inverse is added: rates are never inverted when documents are converted.
    package var addsInverse = false
    /// More days without a rate between two of one pair are a gap; nil allows any.
    package var longestGap: Int? = RateImport.longestGap

    package init() {}
  }

  /// Holidays close the markets for five days at most.
  package static let longestGap = 7
  /// Decimals of an inverse.
  private static let inverseScale = 12

  package let rows: [RateTable.Row]

  /// Reads a file; what is wrong is reported.
  package init(_ bytes: [UInt8], file: String, _ options: Options, into findings: FindingList) {
    var rows =
      Self.isCentralBank(bytes)
      ? Self.centralBankRows(bytes, file: file, options, findings)
      : RateReader(findings: findings).read(bytes, file: file).map { row in
        var row = row
        row.type = row.type ?? options.type
        return row
      }
    if let since = options.since { rows.removeAll { $0.rate.date < since } }
    if options.addsInverse { rows += rows.compactMap(Self.inverse) }
    self.rows = rows
    if findings.errorCount == 0, rows.isEmpty {
      findings.error(
        "no_rates", FilePlace(file: file), "The file has no exchange rates to import",
        fix: "Check the file, and the day of --since")
    }
    if let longest = options.longestGap { reportGaps(longerThan: longest, file, findings) }
  }

  // MARK: The central bank's layout

  private static func isCentralBank(_ bytes: [UInt8]) -> Bool {
    var start = bytes[...]
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
    return start.starts(with: Array("Date,".utf8))
  }

  private static func centralBankRows(
    _ bytes: [UInt8], file: String, _ options: Options, _ findings: FindingList
  ) -> [RateTable.Row] {
    guard let table = CSVReader.read(bytes, file: file, into: findings),
      let euro = Currency("EUR")
    else { return [] }
    // Currencies that no longer are have columns as well, and the last column has no name.
    let currencies = table.header.map { Currency($0) }
    var rows: [RateTable.Row] = []
    for record in table.records {
      guard let date = CalendarDate(record.fields[0]) else {
        findings.error(
          "invalid_date", record.place, "'\(record.fields[0])' is no date",
          fix: "Write a day as YYYY-MM-DD")
        continue
      }
      for (currency, field) in zip(currencies, record.fields).dropFirst() {
        guard let currency, currency != euro, !field.isEmpty, field != "N/A" else { continue }
        guard let rate = try? ExactDecimal(field), rate.coefficient > 0,
          let exchange = ExchangeRate(
            from: euro, to: currency, rate: rate, date: date, source: options.source)
        else {
          findings.error(
            "invalid_rate", record.place, "'\(field)' is no rate of \(currency) above zero",
            fix: "Load the file again; N/A stands for no rate")
          continue
        }
        rows.append(RateTable.Row(exchange, type: options.type))
      }
    }
    return rows
  }

  // MARK: Inverses

  private static func inverse(_ row: RateTable.Row) -> RateTable.Row? {
    let rate = row.rate
    // 1 ÷ (coefficient ÷ 10^scale), half away from zero.
    var numerator: Int128 = 1
    for _ in 0..<(inverseScale + rate.rate.scale) { numerator *= 10 }
    let divisor = Int128(rate.rate.coefficient)
    let quotient = (2 * numerator + divisor) / (2 * divisor)
    let digits = String(quotient)
    let padded =
      String(repeating: "0", count: max(0, inverseScale + 1 - digits.count)) + digits
    let text = padded.dropLast(inverseScale) + "." + padded.suffix(inverseScale)
    guard quotient > 0, let inverse = try? ExactDecimal(String(text)),
      let exchange = ExchangeRate(
        from: rate.to, to: rate.from, rate: inverse, date: rate.date, source: rate.source)
    else { return nil }
    return RateTable.Row(exchange, type: row.type)
  }

  // MARK: Gaps

  private func reportGaps(longerThan longest: Int, _ file: String, _ findings: FindingList) {
    for (series, rows) in Dictionary(grouping: rows, by: RateSeries.init).sorted(by: {
      $0.key < $1.key
    }) {
      let dates = rows.map(\.rate.date).sorted()
      for (earlier, later) in zip(dates, dates.dropFirst())
      where later.days(since: earlier) > longest {
        findings.error(
          "rate_gap", FilePlace(file: file),
          "There is no rate \(series.text) between \(earlier) and \(later), "
            + "\(later.days(since: earlier)) days",
          fix: "Complete the file, begin after the gap with --since, or allow it with --gap")
      }
    }
  }
}

/// The rates of one pair, type and source.
struct RateSeries: Hashable, Comparable {
  let from: Currency
  let to: Currency
  let type: String?
  let source: String

  init(_ row: RateTable.Row) {
    from = row.rate.from
    to = row.rate.to
    type = row.type
    source = row.rate.source
  }

  var text: String {
    "from \(from) to \(to) ("
      + ([type, source] as [String?]).compactMap { $0 }
      .joined(separator: ", ") + ")"
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.from, left.to, left.type ?? "", left.source)
      < (right.from, right.to, right.type ?? "", right.source)
  }
}
