internal import Ledger
internal import PostingRules

extension Acceptance {
  /// What the entities of a document owe each other on its day; nil where that does not matter.
  ///
  /// - Parameter earlier: revisions of it; what they settled counts as open again.
  func dues(
    of document: Document, inPlaceOf earlier: [StoredDocument], before point: StorePoint = .now,
    in queries: any PostingQueries
  ) throws -> [IntercompanyDue]? {
    guard case .netting(let netting) = document.body else { return nil }
    var filter = DueFilter(
      between: DueParties(document.entity, netting.partner), through: document.wantedPostingDate)
    filter.ignored = earlier.map(\.number)
    filter.point = point
    return try queries.openDues(filter)
  }
}
