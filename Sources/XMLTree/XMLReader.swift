/// Reads XML without DTDs, entities or network, within limits.
///
/// Comments, processing instructions and the blanks between elements are not kept.
public struct XMLReader: Sendable {
  public let limits: XMLLimits
  /// Elements that are kept without their content: attachments of many megabytes.
  public let skipping: Set<XMLName>

  public init(limits: XMLLimits = .standard, skipping: Set<XMLName> = []) {
    self.limits = limits
    self.skipping = skipping
  }

  /// Reads a whole document.
  public func read(_ bytes: [UInt8]) throws(XMLFault) -> XMLElement {
    let reader = XMLPushReader(limits: limits, skipping: skipping)
    try reader.feed(bytes)
    return try reader.finish()
  }

  /// Reads a document that `next` hands over piece by piece, `nil` at its end.
  ///
  /// - Throws: ``XMLFault``, or what `next` throws. Nothing is asked for after a fault.
  public func read(pieces next: () throws -> [UInt8]?) throws -> XMLElement {
    let reader = XMLPushReader(limits: limits, skipping: skipping)
    while let piece = try next() { try reader.feed(piece) }
    return try reader.finish()
  }
}
