import Ledger

/// Takes chunks of bytes and gives documents, one at a time: an XML document, a JSON document, the
/// elements of a JSON array, or the lines of NDJSON. Holds no more than one document.
///
/// An array is taken apart element by element, so the first are given before the last is there.
package struct DocumentStream: Sendable {
  /// Blanks in front of a document, at most.
  package static let maximumBlanks = 1 << 20

  private enum State: Hashable {
    /// Nothing but blanks so far.
    case start
    /// One document that ends with the stream.
    case whole
    /// A JSON document of which it is not known yet whether others follow on lines of their own.
    case firstDocument
    case lines
    /// Inside a JSON array.
    case array(ArrayPlace)
    /// The rest of a line that is too long.
    case skippingLine
    /// After the end of an array, or after a fault that hides where documents begin.
    case ended
    case failed
  }

  private enum ArrayPlace: Hashable {
    case beforeFirst, inElement, afterElement, afterComma
  }

  private let format: IntakeFormat
  private let limit: Int
  private var state = State.start
  private var scanner = BracketScanner()
  private var buffer: [UInt8] = []
  /// Blanks since the last document.
  private var blanks = 0
  private var line = 1
  private var firstLine = 1
  private var index = 0

  /// - Parameter format: `auto` tells XML, an array, one document and NDJSON apart by themselves.
  package init(format: IntakeFormat = .auto, limits: IntakeLimits = .standard) {
    self.format = format
    limit = limits.bodyBytes
    if format == .ndjson { state = .lines }
    if format == .ubl || format == .cii { state = .whole }
  }

  /// Takes the next bytes; returns the documents that they complete.
  package mutating func push(_ chunk: some Collection<UInt8>) -> [DocumentPiece] {
    let pieces = chunk.withContiguousStorageIfAvailable { push($0) }
    return pieces ?? Array(chunk).withUnsafeBufferPointer { push($0) }
  }

  private mutating func push(_ chunk: UnsafeBufferPointer<UInt8>) -> [DocumentPiece] {
    var pieces: [DocumentPiece] = []
    var rest = chunk[...]
    while !rest.isEmpty, state != .failed {
      switch state {
      case .start: start(&rest, &pieces)
      case .whole: takeWhole(&rest, &pieces)
      case .firstDocument: takeFirst(&rest, &pieces)
      case .lines, .skippingLine: takeLine(&rest, &pieces)
      case .array(let place): takeElement(&rest, place, &pieces)
      case .ended: takeEnd(&rest, &pieces)
      case .failed: break
      }
    }
    return pieces
  }

  /// Says that the stream is over; returns what was still held.
  package mutating func finish() -> [DocumentPiece] {
    var pieces: [DocumentPiece] = []
    switch state {
    case .start:
      fail("empty", "Nothing was sent", fix: "Send a document", &pieces)
    case .whole, .firstDocument: emit(&pieces)
    case .lines: emitLine(&pieces)
    case .array:
      fail(
        "invalid_json", "The text ends inside an array of documents",
        fix: "Send the whole array, with its closing bracket", &pieces)
    case .skippingLine, .ended, .failed: break
    }
    state = .failed
    return pieces
  }

  // MARK: One document

  private mutating func start(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pieces: inout [DocumentPiece]
  ) {
    guard skipBlanks(&rest, &pieces), let byte = rest.first else { return }
    switch byte {
    case UInt8(ascii: "["):
      state = .array(.beforeFirst)
      rest.removeFirst()
    case UInt8(ascii: "{") where format == .auto:
      firstLine = line
      state = .firstDocument
    default:
      firstLine = line
      state = .whole
    }
  }

  private mutating func takeWhole(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pieces: inout [DocumentPiece]
  ) {
    guard buffer.count + rest.count <= limit else { return failTooLarge(&pieces) }
    buffer.append(contentsOf: rest)
    rest = rest[rest.endIndex...]
  }

  /// Takes bytes up to the line break after the first complete value: lines follow.
  private mutating func takeFirst(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pieces: inout [DocumentPiece]
  ) {
    var position = rest.startIndex
    while position < rest.endIndex {
      let byte = rest[position]
      position += 1
      if byte == UInt8(ascii: "\n") {
        line += 1
        if scanner.isComplete {
          take(&rest, upTo: position)
          guard buffer.count <= limit else { return failTooLarge(&pieces) }
          emit(&pieces)
          state = .lines
          return
        }
      }
      scanner.scan(byte)
    }
    take(&rest, upTo: position)
    if buffer.count > limit { failTooLarge(&pieces) }
  }

  // MARK: Lines

  private mutating func takeLine(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pieces: inout [DocumentPiece]
  ) {
    let lineBreak = rest.firstIndex(of: UInt8(ascii: "\n"))
    let end = lineBreak ?? rest.endIndex
    if state == .skippingLine {
      rest = rest[(lineBreak.map { $0 + 1 } ?? end)...]
    } else if buffer.count + (end - rest.startIndex) > limit {
      firstLine = line
      report(tooLarge, &pieces)
      buffer = []
      state = .skippingLine
      rest = rest[(lineBreak.map { $0 + 1 } ?? end)...]
    } else {
      take(&rest, upTo: end)
      guard lineBreak != nil else { return }
      rest.removeFirst()
      emitLine(&pieces)
    }
    if lineBreak != nil {
      state = .lines
      line += 1
    }
  }

  /// Gives the line that was gathered, unless it is blank.
  private mutating func emitLine(_ pieces: inout [DocumentPiece]) {
    if buffer.last == UInt8(ascii: "\r") { buffer.removeLast() }
    guard buffer.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else {
      buffer.removeAll(keepingCapacity: true)
      return
    }
    firstLine = line
    emit(&pieces)
  }

  // MARK: Arrays

  private mutating func takeElement(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ place: ArrayPlace,
    _ pieces: inout [DocumentPiece]
  ) {
    if place == .inElement { return takeInsideElement(&rest, &pieces) }
    guard skipBlanks(&rest, &pieces), let byte = rest.first else { return }
    switch (byte, place) {
    case (UInt8(ascii: "]"), .beforeFirst), (UInt8(ascii: "]"), .afterElement):
      rest.removeFirst()
      state = .ended
    case (UInt8(ascii: ","), .afterElement):
      rest.removeFirst()
      state = .array(.afterComma)
    case (UInt8(ascii: "]"), _), (UInt8(ascii: ","), _), (_, .afterElement):
      fail(
        "invalid_json", "A comma or bracket of the array of documents is missing or too many",
        fix: "Send JSON as RFC 8259 defines it", &pieces)
    default:
      scanner = BracketScanner()
      firstLine = line
      state = .array(.inElement)
    }
  }

  private mutating func takeInsideElement(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pieces: inout [DocumentPiece]
  ) {
    var position = rest.startIndex
    while position < rest.endIndex {
      let byte = rest[position]
      if scanner.isOutside, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") { break }
      countLine(byte)
      scanner.scan(byte)
      position += 1
    }
    let isAtEnd = position < rest.endIndex
    take(&rest, upTo: position)
    guard buffer.count <= limit else { return failTooLarge(&pieces) }
    guard isAtEnd else { return }
    emit(&pieces)
    state = .array(.afterElement)
  }

  private mutating func takeEnd(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pieces: inout [DocumentPiece]
  ) {
    guard let place = rest.firstIndex(where: { ![0x20, 0x09, 0x0D, 0x0A].contains($0) }) else {
      rest = rest[rest.endIndex...]
      return
    }
    rest = rest[place...]
    fail(
      "invalid_json", "Something follows the end of the array of documents",
      fix: "Send one array, or one document on each line", &pieces)
  }

  // MARK: Giving

  /// Skips the blanks between documents; false when there are too many.
  private mutating func skipBlanks(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pieces: inout [DocumentPiece]
  ) -> Bool {
    var position = rest.startIndex
    let base = rest.base
    while position < rest.endIndex {
      let byte = base[position]
      guard byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A else { break }
      countLine(byte)
      position += 1
    }
    blanks += position - rest.startIndex
    rest = rest[position...]
    guard blanks <= DocumentStream.maximumBlanks else {
      failTooLarge(&pieces)
      return false
    }
    return true
  }

  private mutating func countLine(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") { line += 1 }
  }

  private mutating func take(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, upTo position: Int
  ) {
    buffer.append(contentsOf: rest[rest.startIndex..<position])
    rest = rest[position...]
  }

  private mutating func emit(_ pieces: inout [DocumentPiece]) {
    let bytes = buffer
    buffer = []
    blanks = 0
    pieces.append(DocumentPiece(index: index, line: firstLine, content: .success(bytes)))
    index += 1
  }

  private mutating func report(_ problem: Problem, _ pieces: inout [DocumentPiece]) {
    pieces.append(DocumentPiece(index: index, line: firstLine, content: .failure(problem)))
    index += 1
  }

  /// Reports a fault after which nothing more can be told apart.
  private mutating func fail(
    _ code: String, _ detail: String, fix: String, _ pieces: inout [DocumentPiece]
  ) {
    firstLine = line
    report(Problem(code: code, detail: "\(detail) (line \(line))", fix: fix), &pieces)
    buffer = []
    state = .failed
  }

  private mutating func failTooLarge(_ pieces: inout [DocumentPiece]) {
    report(tooLarge, &pieces)
    buffer = []
    state = .failed
  }

  private var tooLarge: Problem {
    Problem(
      code: "too_large", detail: "The document on line \(firstLine) exceeds \(limit) bytes",
      fix: "Split it, or raise the limit in the configuration")
  }
}
