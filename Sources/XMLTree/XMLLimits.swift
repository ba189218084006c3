/// What reading accepts before it refuses.
public struct XMLLimits: Hashable, Sendable {
  /// Bytes of input.
  public var bytes: Int
  /// Levels of elements; the root is level 1.
  public var depth: Int
  /// UTF-8 bytes of text in one run, or of one attribute value; skipped content does not count.
  public var textBytes: Int
  /// Elements, runs of text and attributes together; skipped content counts too.
  public var nodes: Int
  /// Attributes and namespace declarations on one element.
  public var attributes: Int
  /// Namespace declarations in force at one place.
  public var namespaces: Int
  /// Different names, prefixes and namespaces.
  public var names: Int

  public init(
    bytes: Int = 64 << 20, depth: Int = 64, textBytes: Int = 1 << 20, nodes: Int = 5_000_000,
    attributes: Int = 256, namespaces: Int = 256, names: Int = 10_000
  ) {
    self.bytes = bytes
    self.depth = depth
    self.textBytes = textBytes
    self.nodes = nodes
    self.attributes = attributes
    self.namespaces = namespaces
    self.names = names
  }

  public static let standard = XMLLimits()
}
