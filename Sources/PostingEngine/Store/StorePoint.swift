/// A point in the order in which the store took things in: what came before it counts.
///
/// What became of a document depends on what was there when it was converted; a trial of rules looks
/// back at that.
package struct StorePoint: Hashable, Sendable {
  /// The number of the first open-item change that no longer counts.
  package var openItemChange: Int64
  /// The same of schedule movements.
  package var scheduleMovement: Int64
  /// The same of entries.
  package var entry: Int64

  package init(openItemChange: Int64, scheduleMovement: Int64, entry: Int64) {
    self.openItemChange = openItemChange
    self.scheduleMovement = scheduleMovement
    self.entry = entry
  }

  /// Everything counts.
  package static let now = StorePoint(
    openItemChange: .max, scheduleMovement: .max, entry: .max)
}

package protocol HistoryQueries {
  /// Where the store stood when a document was converted; that of the next document that did
  /// something, where it did nothing itself.
  func point(before document: DocumentNumber) throws -> StorePoint
  /// Whether a document had entries at a point.
  func hasEntries(_ document: DocumentNumber, before point: StorePoint) throws -> Bool
}
