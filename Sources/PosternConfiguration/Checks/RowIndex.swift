import PostingRules

/// Finds the rows that may hold for one line together with another one.
///
/// Rows that ask for different values of the attribute with the most values never meet, so a table
/// of ten thousand products needs no comparison of each with each.
struct RowIndex {
  /// The values each row asks for; nil where it takes any.
  private let values: [[String]?]
  private let positions: [String: [Int]]
  /// The rows that take any value.
  private let others: [Int]

  init(_ rows: [RowInOrder]) {
    var known: [AttributeName: Set<String>] = [:]
    for condition in rows.lazy.flatMap(\.conditions) {
      known[condition.attribute, default: []].formUnion(condition.listedValues ?? [])
    }
    let attribute = known.max {
      ($0.value.count, $1.key.text) < ($1.value.count, $0.key.text)
    }?.key
    values = rows.map { row in
      row.conditions.first { $0.attribute == attribute }?.listedValues
    }
    var positions: [String: [Int]] = [:]
    var others: [Int] = []
    for (position, values) in values.enumerated() {
      for value in Set(values ?? []) { positions[value, default: []].append(position) }
      if values == nil { others.append(position) }
    }
    self.positions = positions
    self.others = others
  }

  /// The positions before `position` of rows that may meet the one there, in order.
  func earlierRows(thatMayMeet position: Int) -> [Int] {
    guard let values = values[position] else { return Array(0..<position) }
    let sharing = values.flatMap { (positions[$0] ?? []).prefix { $0 < position } }
    return Set(sharing + others.prefix { $0 < position }).sorted()
  }
}
