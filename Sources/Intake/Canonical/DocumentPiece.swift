package import Ledger

/// The bytes of one document out of a stream of them.
package struct DocumentPiece: Hashable, Sendable {
  /// The document's number in the stream, from 0.
  package let index: Int
  /// The line on which it begins, from 1.
  package let line: Int
  /// The bytes, or why they cannot be had.
  package let content: Result<[UInt8], Problem>

  package init(index: Int, line: Int, content: Result<[UInt8], Problem>) {
    self.index = index
    self.line = line
    self.content = content
  }
}
