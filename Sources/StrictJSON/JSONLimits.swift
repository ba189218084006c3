/// Bounds on one JSON text.
package struct JSONLimits: Hashable, Sendable {
  /// How deep arrays and objects may nest.
  package var depth: Int
  /// Bytes of one string as it is written.
  package var stringBytes: Int
  /// Values and keys together; bounds the memory of a text that is all brackets.
  package var nodes: Int

  package init(depth: Int = 32, stringBytes: Int = 1 << 20, nodes: Int = 8_000_000) {
    self.depth = depth
    self.stringBytes = stringBytes
    self.nodes = nodes
  }

  package static let standard = JSONLimits()
}
