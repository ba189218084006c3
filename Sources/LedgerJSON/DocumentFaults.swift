package import Ledger

/// Everything that is wrong with a document, and what names it as far as that could be read.
package struct DocumentFaults: Error, Hashable, Sendable {
  package var source: String?
  package var type: DocumentType?
  package var id: String?
  /// Not empty; in the order of the contract's fields.
  package var problems: [Problem]

  package init(
    source: String? = nil, type: DocumentType? = nil, id: String? = nil, problems: [Problem]
  ) {
    self.source = source
    self.type = type
    self.id = id
    self.problems = problems
  }
}
