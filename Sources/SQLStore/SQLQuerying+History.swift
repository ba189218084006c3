import Ledger
import PostingEngine

extension SQLQuerying {
  func point(before document: DocumentNumber) throws -> StorePoint {
    func first(_ statement: String) throws -> Int64 {
      try connection.first(statement) {
        $0.bind(document.value)
        $0.bind(document.value)
      } read: {
        $0.optionalInteger(0)
      }.flatMap { $0 } ?? .max
    }
    return StorePoint(
      openItemChange: try first(HistoryStatements.firstChange),
      scheduleMovement: try first(HistoryStatements.firstMovement),
      entry: try first(HistoryStatements.firstEntry))
  }

  func hasEntries(_ document: DocumentNumber, before point: StorePoint) throws -> Bool {
    try connection.first(HistoryStatements.hasTrace) {
      $0.bind(document.value)
      $0.bind(point.entry)
      $0.bind(document.value)
      $0.bind(point.openItemChange)
    } read: {
      $0.flag(0)
    } ?? false
  }
}

private enum HistoryStatements {
  static let firstChange = first(of: "open_item_changes", by: "by_document")
  static let firstMovement = first(of: "schedule_movements", by: "by_document")
  static let firstEntry = first(of: "entries", by: "document")
  /// A revision that changed nothing in the books has no entries, and moved the open items all the
  /// same.
  static let hasTrace = """
    SELECT EXISTS (SELECT 1 FROM entries WHERE document = ? AND number < ?)
      OR EXISTS (SELECT 1 FROM open_item_changes WHERE by_document = ? AND number < ?)
    """

  /// The first row of a document, or of the next one that has any.
  private static func first(of table: String, by column: String) -> String {
    """
    SELECT coalesce((SELECT min(number) FROM \(table) WHERE \(column) = ?),
      (SELECT number FROM \(table) WHERE \(column) > ? ORDER BY \(column), number LIMIT 1))
    """
  }
}
