package import Ledger
internal import PostingRules

/// A document with everything about it that can be worked out without the store.
///
/// A class because it is large and never changes: what passes it on copies a reference.
package final class PreparedDocument: Sendable {
  package let document: Document
  /// Canonical JSON.
  let content: [UInt8]
  let contentHash: [UInt8]
  /// nil when it refers to other documents, which only the store knows.
  let conversion: Conversion?
  /// The entries of the conversion with their keys.
  let records: [EntryRecord]

  init(
    document: Document, content: [UInt8], contentHash: [UInt8], conversion: Conversion?,
    records: [EntryRecord]
  ) {
    self.document = document
    self.content = content
    self.contentHash = contentHash
    self.conversion = conversion
    self.records = records
  }
}

/// A document that was refused before it was looked up.
package struct RefusedDocument: Sendable {
  package let verdict: Verdict
  package let refused: RefusedIntake

  package init(verdict: Verdict, refused: RefusedIntake) {
    self.verdict = verdict
    self.refused = refused
  }
}
