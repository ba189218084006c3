/// A complete file in a folder.
public struct FileEntry: Hashable, Sendable {
  public let name: String
  /// In bytes.
  public let size: Int

  public init(name: String, size: Int) {
    self.name = name
    self.size = size
  }
}
