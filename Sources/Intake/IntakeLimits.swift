/// Bounds on what is read from outside.
package struct IntakeLimits: Hashable, Sendable {
  /// Bytes of one request, file or NDJSON line.
  package var bodyBytes: Int
  /// Bytes of one string in JSON; attachments in XML are apart.
  package var stringBytes: Int
  package var jsonDepth: Int
  package var xmlDepth: Int
  /// Lines, or items of rated usage, of one document.
  package var lines: Int

  package init(
    bodyBytes: Int = 64 << 20, stringBytes: Int = 1 << 20, jsonDepth: Int = 32,
    xmlDepth: Int = 64, lines: Int = 100_000
  ) {
    self.bodyBytes = bodyBytes
    self.stringBytes = stringBytes
    self.jsonDepth = jsonDepth
    self.xmlDepth = xmlDepth
    self.lines = lines
  }

  package static let standard = IntakeLimits()
}
