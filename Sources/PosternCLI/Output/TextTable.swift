/// Rows and columns for a terminal: columns as wide as they need, the last cut to fit.
struct TextTable {
  enum Alignment { case left, right }

  private let titles: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) {
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  mutating func add(_ cells: [String]) {
    precondition(cells.count == titles.count, "a row has a cell for each column")
    rows.append(cells.map { $0.replacing("\n", with: " ") })
  }

  var isEmpty: Bool { rows.isEmpty }

  /// - Parameter width: columns of the terminal; nil for any width.
  func text(width: Int?) -> String {
    let widths = titles.indices.map { column in
      ([titles] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var line = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        let isLast = column == cells.count - 1
        switch alignments[column] {
        case .left: line += isLast ? cell : cell + padding
        case .right: line += padding + cell
        }
        if !isLast { line += "  " }
      }
      guard let width, line.count > width, width > 1 else { return line }
      return line.prefix(width - 1) + "…"
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([line(titles), line(rule)] + rows.map(line)).joined(separator: "\n")
  }
}
