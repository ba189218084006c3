package import Intake

/// The documents in bytes that are all here.
package struct DocumentPieces {
  private var stream: DocumentStream
  private let bytes: [UInt8]
  private var position = 0
  private var ready: [DocumentPiece] = []
  private var nextReady = 0
  private var isFinished = false

  private static let chunk = 1 << 18

  /// - Parameter bytes: NDJSON.
  package init(ofLines bytes: [UInt8], limits: IntakeLimits) {
    stream = DocumentStream(format: .ndjson, limits: limits)
    self.bytes = bytes
  }

  /// The next document; nil at the end.
  package mutating func next() -> DocumentPiece? {
    while nextReady == ready.count {
      guard !isFinished else { return nil }
      nextReady = 0
      if position < bytes.count {
        let end = min(position + DocumentPieces.chunk, bytes.count)
        ready = stream.push(bytes[position..<end])
        position = end
      } else {
        ready = stream.finish()
        isFinished = true
      }
    }
    defer { nextReady += 1 }
    return ready[nextReady]
  }

  /// Every document in a text of any syntax.
  package static func all(in bytes: [UInt8], limits: IntakeLimits) -> [DocumentPiece] {
    var stream = DocumentStream(format: .auto, limits: limits)
    var pieces = stream.push(bytes)
    pieces += stream.finish()
    return pieces
  }

  /// Whether the text is an array, whose documents are answered together.
  static func isArray(_ bytes: [UInt8]) -> Bool {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "[")
  }
}
