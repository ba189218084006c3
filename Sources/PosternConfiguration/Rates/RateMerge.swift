import Ledger
package import PostingRules

/// New exchange rates beside those that a configuration has.
package struct RateMerge {
  /// Rates that were not there.
  package private(set) var added: [RateTable.Row] = []
  /// How many were there already, the same.
  package private(set) var repeated = 0

  private struct Key: Hashable {
    let series: RateSeries
    let date: CalendarDate
  }

  /// A rate that contradicts one that is there is reported, and not taken.
  package init(
    _ rows: [RateTable.Row], into present: [RateTable.Row], file: String,
    findings: FindingList
  ) {
    var known: [Key: ExactDecimal] = [:]
    for row in present { known[Key(series: RateSeries(row), date: row.rate.date)] = row.rate.rate }
    for row in rows {
      let key = Key(series: RateSeries(row), date: row.rate.date)
      guard let other = known[key] else {
        known[key] = row.rate.rate
        added.append(row)
        continue
      }
      if other == row.rate.rate {
        repeated += 1
      } else {
        findings.error(
          "rate_contradiction", FilePlace(file: file),
          "The rate \(key.series.text) of \(key.date) is \(row.rate.rate), "
            + "and \(other) is here already",
          fix: "Find out which is right; entries may have been made with the one that is here")
      }
    }
  }

  /// A file of `rates/`, by date and pair.
  package static func text(_ rows: [RateTable.Row]) -> String {
    let lines = rows.sorted {
      ($0.rate.date, RateSeries($0)) < ($1.rate.date, RateSeries($1))
    }.map { row in
      [
        row.rate.date.text, row.rate.from.code, row.rate.to.code, row.rate.rate.text,
        quoted(row.type ?? ""), quoted(row.rate.source),
      ].joined(separator: ",")
    }
    return ([RateReader.columns.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
