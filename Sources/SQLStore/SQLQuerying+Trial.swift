import PostingEngine

extension SQLQuerying {
  func lastDocumentNumber() throws -> DocumentNumber {
    try connection.first(Queries.lastDocument) { DocumentNumber($0.optionalInteger(0) ?? 0) }
      ?? DocumentNumber(0)
  }
}
