package import Ledger

/// Exchange rates by pair and date.
package struct RateTable: Sendable {
  /// One row of a file of rates.
  package struct Row: Hashable, Sendable {
    package var rate: ExchangeRate
    /// What kind of rate it is: `spot`, `average`, `official`; nil where the file does not say.
    package var type: String?

    package init(_ rate: ExchangeRate, type: String? = nil) {
      self.rate = rate
      self.type = type
    }
  }

  private struct Pair: Hashable {
    let from: Currency
    let to: Currency
  }

  /// By pair, latest date first, else in the order given.
  private let rows: [Pair: [Row]]

  package init(_ rows: some Sequence<Row>) {
    var byPair: [Pair: [Row]] = [:]
    for row in rows {
      byPair[Pair(from: row.rate.from, to: row.rate.to), default: []].append(row)
    }
    // Sorting is stable in effect: equal dates compare by their place.
    self.rows = byPair.mapValues { rows in
      rows.enumerated().sorted {
        ($1.element.rate.date, $0.offset) < ($0.element.rate.date, $1.offset)
      }.map(\.element)
    }
  }

  /// The latest rate of the pair on or before `date`; nil when there is none or it is too old.
  ///
  /// Only the pair itself: an inverse or a cross rate is never computed.
  package func rate(
    from: Currency, to: Currency, on date: CalendarDate, type: String? = nil,
    source: String? = nil, maximumAgeDays: Int? = nil
  ) -> ExchangeRate? {
    guard let rows = rows[Pair(from: from, to: to)] else { return nil }
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].rate.date > date { low = middle + 1 } else { high = middle }
    }
    let found = rows[low...].first { row in
      (type == nil || row.type == type) && (source == nil || row.rate.source == source)
    }
    guard let rate = found?.rate else { return nil }
    if let maximumAgeDays, date.days(since: rate.date) > maximumAgeDays { return nil }
    return rate
  }
}
