package import Ledger
internal import PostingRules

/// A document with everything about it that can be worked out without the store.
package struct PreparedDocument: Sendable {
  package let document: Document
  /// Canonical JSON.
  let content: [UInt8]
  let contentHash: [UInt8]
  /// nil when it refers to other documents, which only the store knows.
  let conversion: Conversion?
  /// The entries of the conversion with their keys.
  let records: [EntryRecord]
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
