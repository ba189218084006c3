package import Ledger

/// A document that was not taken, with everything that is wrong with it.
package struct IntakeRefusal: Error, Hashable, Sendable {
  /// What names the document, as far as it could be read.
  package var identity: PartialIdentity
  /// Not empty; in a fixed order.
  package var problems: [Problem]

  package init(identity: PartialIdentity = PartialIdentity(), problems: [Problem]) {
    self.identity = identity
    self.problems = problems
  }
}

/// The parts of a document's identity that could be read.
package struct PartialIdentity: Hashable, Sendable {
  package var source: String?
  package var type: DocumentType?
  package var id: String?

  package init(source: String? = nil, type: DocumentType? = nil, id: String? = nil) {
    self.source = source
    self.type = type
    self.id = id
  }

  /// nil unless every part is known.
  package var complete: DocumentIdentity? {
    guard let source, let type, let id else { return nil }
    return DocumentIdentity(source: source, type: type, id: id)
  }
}
