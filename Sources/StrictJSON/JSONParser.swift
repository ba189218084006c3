/// Reads one JSON text (RFC 8259) into a flat tape of nodes, without recursion.
struct JSONParser: ~Copyable {
  let bytes: UnsafeBufferPointer<UInt8>
  let limits: JSONLimits
  private var position = 0
  /// The tape; memory of its own, so that adding a node is one store.
  private var nodes: UnsafeMutableBufferPointer<JSONNode>
  private var nodeCount = 0
  /// The innermost container that is open.
  private var current: Container?
  /// The containers around it, outermost first.
  private var outer: [Container] = []

  private struct Container {
    let node: Int
    let isObject: Bool
    /// A bit for each kind of key seen; a key whose bit is clear is new.
    var seen: UInt64 = 0
    var keys = 0
  }

  /// Objects with more keys are checked for duplicates by sorting, at their end.
  private static let keysComparedOneByOne = 32
  /// Bytes of text for one node, about; the first guess at the size of the tape.
  private static let bytesPerNode = 8
  private static let largestFirstGuess = 1 << 16

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
    nodes = .allocate(
      capacity: min(bytes.count / JSONParser.bytesPerNode + 8, JSONParser.largestFirstGuess))
  }

  deinit { nodes.deallocate() }

  /// What was read so far; valid as long as this parser.
  var tape: UnsafeBufferPointer<JSONNode> {
    UnsafeBufferPointer(rebasing: nodes[..<nodeCount])
  }

  mutating func parse() throws(JSONFault) {
    guard bytes.count < Int(Int32.max) else {
      throw fault(.tooLarge, at: 0, "The text is longer than 2 GiB")
    }
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw fault(.invalidJSON, at: 0, "The text begins with a byte-order mark")
    }
    skipBlanks()
    try value()
    while let container = current {
      try member(isFirst: nodeCount == container.node + 1, isObject: container.isObject)
    }
    skipBlanks()
    guard position == bytes.count else {
      throw fault(.invalidJSON, at: position, "Something follows the end of the JSON value")
    }
  }

  /// Reads what follows inside the innermost container: a member, an element or its end.
  @inline(__always)
  private mutating func member(isFirst: Bool, isObject: Bool) throws(JSONFault) {
    skipBlanks()
    guard position < bytes.count else { throw endOfText() }
    if bytes[position] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return try end() }
    if !isFirst {
      guard bytes[position] == UInt8(ascii: ",") else {
        throw unexpected(isObject ? "a comma or }" : "a comma or ]")
      }
      position += 1
      skipBlanks()
      guard position < bytes.count else { throw endOfText() }
    }
    guard isObject else { return try value() }
    guard bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
    try string()
    try checkKey(nodeCount - 1)
    skipBlanks()
    guard position < bytes.count else { throw endOfText() }
    guard bytes[position] == UInt8(ascii: ":") else { throw unexpected("a colon") }
    position += 1
    skipBlanks()
    try value()
  }

  private mutating func end() throws(JSONFault) {
    guard let container = current else { return }
    if container.keys > JSONParser.keysComparedOneByOne { try checkManyKeys(container) }
    position += 1
    nodes[container.node].end = UInt32(truncatingIfNeeded: position)
    nodes[container.node].next = UInt32(truncatingIfNeeded: nodeCount)
    current = outer.popLast()
  }

  @inline(__always)
  private mutating func value() throws(JSONFault) {
    guard position < bytes.count else { throw endOfText() }
    switch bytes[position] {
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "{"): try begin(.object)
    case UInt8(ascii: "["): try begin(.array)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case UInt8(ascii: "t"): try word("true", .true)
    case UInt8(ascii: "f"): try word("false", .false)
    case UInt8(ascii: "n"): try word("null", .null)
    default: throw unexpected("a value")
    }
  }

  private mutating func begin(_ kind: JSONKind) throws(JSONFault) {
    if let current { outer.append(current) }
    guard outer.count < limits.depth else {
      current = nil
      throw fault(.tooDeep, at: position, "Arrays and objects nest deeper than \(limits.depth)")
    }
    current = Container(node: nodeCount, isObject: kind == .object)
    try append(kind, from: position, to: position)
    position += 1
  }

  private mutating func word(_ word: StaticString, _ kind: JSONKind) throws(JSONFault) {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else {
      throw bytes[position...].elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: bytes.count - position))
        ? endOfText(at: bytes.count) : unexpected("a value")
    }
    for index in 0..<word.utf8CodeUnitCount where bytes[position + index] != word.utf8Start[index] {
      throw unexpected("a value")
    }
    try append(kind, from: position, to: end)
    position = end
  }

  private mutating func number() throws(JSONFault) {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    guard position < bytes.count else { throw endOfText() }
    if bytes[position] == UInt8(ascii: "0") {
      position += 1
      if position < bytes.count, isDigit(bytes[position]) {
        throw fault(.invalidJSON, at: start, "A number begins with a needless zero")
      }
    } else {
      try digits()
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      try digits()
    }
    guard position - start <= limits.stringBytes else {
      throw fault(.tooLarge, at: start, "A number is longer than \(limits.stringBytes) bytes")
    }
    try append(.number, from: start, to: position)
  }

  private mutating func digits() throws(JSONFault) {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    guard position > start else {
      throw position < bytes.count ? unexpected("a digit") : endOfText()
    }
  }

  /// Reads a string from its opening quote to its closing one.
  private mutating func string() throws(JSONFault) {
    position += 1
    let start = position
    var hasEscapes = false
    while true {
      skipPlain()
      guard position < bytes.count else { throw endOfText() }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape()
      } else if byte < 0x20 {
        throw fault(
          .invalidJSON, at: position, "A control character stands in a string without an escape")
      } else if byte >= 0x80 {
        guard let length = UTF8Sequence.length(in: bytes, at: position) else {
          throw fault(.invalidUTF8, at: position, "The bytes of a string are not UTF-8")
        }
        position += length
      } else {
        position += 1
      }
    }
    guard position - start <= limits.stringBytes else {
      throw fault(.tooLarge, at: start, "A string is longer than \(limits.stringBytes) bytes")
    }
    try append(.string, from: start, to: position, hasEscapes: hasEscapes)
    position += 1
  }

  /// Moves on while whole words of eight bytes are plain: ASCII, no quote, backslash or control.
  @inline(__always)
  private mutating func skipPlain() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let base = UnsafeRawPointer(bytes.baseAddress)
    while let base, position + 8 <= bytes.count {
      let word = UInt64(
        littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      let special =
        ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        | ((word &- ones &* 0x20) & ~word) | word
      let marks = special & highs
      guard marks == 0 else {
        position += marks.trailingZeroBitCount >> 3
        return
      }
      position += 8
    }
  }

  private mutating func escape() throws(JSONFault) {
    guard position + 1 < bytes.count else { throw endOfText(at: bytes.count) }
    switch bytes[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      let start = position
      let first = try codeUnit()
      guard (0xD800...0xDFFF).contains(first) else { return }
      guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u"), (0xDC00...0xDFFF).contains(try codeUnit())
      else {
        throw fault(.invalidUTF8, at: start, "Half of a surrogate pair stands alone")
      }
    default:
      throw fault(.invalidJSON, at: position, "An escape that JSON does not know")
    }
  }

  /// Reads `\uXXXX`.
  private mutating func codeUnit() throws(JSONFault) -> UInt32 {
    guard position + 6 <= bytes.count else { throw endOfText(at: bytes.count) }
    guard let unit = JSONEscapes.hexadecimal(in: bytes, at: position + 2) else {
      throw fault(.invalidJSON, at: position, "\\u is not followed by four hexadecimal digits")
    }
    position += 6
    return unit
  }

  @inline(__always)
  private mutating func append(
    _ kind: JSONKind, from start: Int, to end: Int, hasEscapes: Bool = false
  ) throws(JSONFault) {
    if nodeCount == nodes.count { try grow(at: start) }
    let node = JSONNode(
      start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
      next: UInt32(truncatingIfNeeded: nodeCount + 1), kind: kind, hasEscapes: hasEscapes)
    (nodes.baseAddress.unsafelyUnwrapped + nodeCount).initialize(to: node)
    nodeCount += 1
  }

  private mutating func grow(at start: Int) throws(JSONFault) {
    guard nodeCount < limits.nodes else {
      throw fault(.tooLarge, at: start, "The text holds more than \(limits.nodes) values and keys")
    }
    let larger = UnsafeMutableBufferPointer<JSONNode>.allocate(
      capacity: min(nodeCount * 2, limits.nodes))
    _ = larger.moveInitialize(fromContentsOf: nodes)
    nodes.deallocate()
    nodes = larger
  }

  @inline(__always)
  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }
}

// MARK: Keys

extension JSONParser {
  /// Refuses the key that was just read when its object has it already.
  @inline(__always)
  private mutating func checkKey(_ key: Int) throws(JSONFault) {
    guard var container = current else { return }
    container.keys += 1
    let node = nodes[key]
    let length = node.end - node.start
    let ends =
      length == 0
      ? 0 : UInt32(bytes[Int(node.start)]) &* 7 &+ UInt32(bytes[Int(node.end) - 1])
    let bit: UInt64 = node.hasEscapes ? ~0 : 1 << UInt64((ends &+ length &* 13) & 63)
    let isPerhapsThere = container.seen & bit != 0
    container.seen |= bit
    current = container
    guard isPerhapsThere, container.keys <= JSONParser.keysComparedOneByOne else { return }
    var other = container.node + 1
    while other < key {
      if isSame(other, key) { throw duplicate(key) }
      other = Int(nodes[other + 1].next)
    }
  }

  /// Compares all keys of a large object by sorting them.
  private func checkManyKeys(_ container: Container) throws(JSONFault) {
    var keys: [Int] = []
    keys.reserveCapacity(container.keys)
    var key = container.node + 1
    while key < nodeCount {
      keys.append(key)
      key = Int(nodes[key + 1].next)
    }
    var contents: [(key: Int, bytes: [UInt8])] = []
    contents.reserveCapacity(keys.count)
    for key in keys { contents.append((key, content(key))) }
    contents.sort {
      $0.bytes.lexicographicallyPrecedes($1.bytes)
        || (!$1.bytes.lexicographicallyPrecedes($0.bytes) && $0.key < $1.key)
    }
    for (first, second) in zip(contents, contents.dropFirst())
    where first.bytes.elementsEqual(second.bytes) {
      throw duplicate(second.key)
    }
  }

  private func isSame(_ first: Int, _ second: Int) -> Bool {
    let (left, right) = (nodes[first], nodes[second])
    guard left.hasEscapes || right.hasEscapes else {
      let length = left.end - left.start
      guard length == right.end - right.start else { return false }
      for index in 0..<Int(length)
      where bytes[Int(left.start) + index] != bytes[Int(right.start) + index] {
        return false
      }
      return true
    }
    return content(first).elementsEqual(content(second))
  }

  private func content(_ node: Int) -> [UInt8] {
    JSONEscapes.content(of: nodes[node], in: bytes)
  }

  private func duplicate(_ key: Int) -> JSONFault {
    let name = String(decoding: content(key), as: UTF8.self)
    return fault(
      .duplicateKey, at: Int(nodes[key].start), "An object has the key \"\(name)\" twice",
      key: key)
  }
}

// MARK: Faults

extension JSONParser {
  private func fault(
    _ code: JSONFault.Code, at offset: Int, _ reason: String, key: Int? = nil
  ) -> JSONFault {
    let line = bytes[..<offset].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return JSONFault(
      code: code, offset: offset, line: line, pointer: pointer(key: key), reason: reason)
  }

  private func unexpected(_ expected: String) -> JSONFault {
    let byte = bytes[position]
    let found =
      (0x21...0x7E).contains(byte)
      ? "\"\(Character(Unicode.Scalar(byte)))\"" : "the byte \(byte)"
    return fault(.invalidJSON, at: position, "Expected \(expected), found \(found)")
  }

  private func endOfText(at offset: Int? = nil) -> JSONFault {
    fault(.invalidJSON, at: offset ?? position, "The text ends in the middle of a value")
  }

  /// The pointer of what was being read when reading stopped, or of `key`'s value.
  private func pointer(key: Int?) -> String {
    var result = ""
    let open = outer + (current.map { [$0] } ?? [])
    for (depth, container) in open.enumerated() {
      let isInnermost = depth + 1 == open.count
      let inner = isInnermost ? nodeCount : open[depth + 1].node
      var child = container.node + 1
      if container.isObject {
        while child + 1 < inner { child = Int(nodes[child + 1].next) }
        if isInnermost, let key { child = key }
        guard child < inner else { break }
        result += JSONPointer.step(content(child))
      } else {
        var index = 0
        while child < inner {
          index += 1
          child = Int(nodes[child].next)
        }
        result += "/\(index)"
      }
    }
    return result
  }
}
