import PostingEngine

extension SQLQuerying {
  func documentsWithoutEntries(limit: Int) throws -> [DocumentNumber] {
    try connection.all("SELECT document FROM documents_without_entries LIMIT ?") {
      $0.bind(limit)
    } read: {
      DocumentNumber($0.integer(0))
    }
  }
}

extension SQLTransaction {
  func settleWithoutEntries(_ document: DocumentNumber) throws {
    try change {
      try connection.run("DELETE FROM documents_without_entries WHERE document = ?") {
        $0.bind(document.value)
      }
    }
  }
}
