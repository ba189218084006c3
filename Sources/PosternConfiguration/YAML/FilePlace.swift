/// A line of a file in the configuration folder.
package struct FilePlace: Hashable, Sendable {
  /// Relative to the folder: `entities/DEMO.yaml`.
  package let file: String
  /// From 1; nil for the file as a whole.
  package let line: Int?

  package init(file: String, line: Int? = nil) {
    self.file = file
    self.line = line
  }

  /// Reads what ``description`` writes.
  init(pointer: String) {
    let colon = pointer.lastIndex(of: ":")
    let line = colon.flatMap { Int(pointer[pointer.index(after: $0)...]) }
    file = line == nil ? pointer : colon.map { String(pointer[..<$0]) } ?? pointer
    self.line = line
  }
}

extension FilePlace: Comparable, CustomStringConvertible {
  package static func < (left: FilePlace, right: FilePlace) -> Bool {
    (left.file, left.line ?? 0) < (right.file, right.line ?? 0)
  }

  /// `entities/DEMO.yaml:7`.
  package var description: String { line.map { "\(file):\($0)" } ?? file }
}
