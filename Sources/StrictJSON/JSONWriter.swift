/// Writes JSON into bytes: members in the order they are written, nothing else added. The same
/// calls give the same bytes.
package struct JSONWriter: ~Copyable {
  package enum Layout: Hashable, Sendable {
    /// Without any blank.
    case compact
    /// For people: two blanks for each level, one member or element on a line.
    case indented
  }

  /// Memory of its own, so that adding a byte is one store.
  private var storage: UnsafeMutableBufferPointer<UInt8>
  private var count = 0
  private let isIndented: Bool
  private var depth = 0
  /// Nothing was written yet in the innermost container.
  private var isFirst = true
  /// A key was written and its value comes next.
  private var isAfterKey = false

  package init(_ layout: Layout = .compact, capacity: Int = 1024) {
    isIndented = layout == .indented
    storage = .allocate(capacity: max(capacity, JSONWriter.longestNumber))
  }

  deinit { storage.deallocate() }

  /// What was written.
  package var bytes: [UInt8] { Array(storage[..<count]) }

  /// What was written, as text.
  package var text: String { String(decoding: storage[..<count], as: UTF8.self) }

  /// Empties the writer and keeps its memory.
  package mutating func removeAll() {
    count = 0
    depth = 0
    isFirst = true
    isAfterKey = false
  }

  // MARK: Structure

  package mutating func object(_ members: (inout JSONWriter) -> Void) {
    begin(UInt8(ascii: "{"))
    members(&self)
    end(UInt8(ascii: "}"))
  }

  package mutating func array(_ elements: (inout JSONWriter) -> Void) {
    begin(UInt8(ascii: "["))
    elements(&self)
    end(UInt8(ascii: "]"))
  }

  package mutating func beginObject() { begin(UInt8(ascii: "{")) }
  package mutating func endObject() { end(UInt8(ascii: "}")) }
  package mutating func beginArray() { begin(UInt8(ascii: "[")) }
  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// A key that needs no escapes; its value must follow.
  @inline(__always)
  package mutating func key(_ name: StaticString) {
    separate()
    append(UInt8(ascii: "\""))
    append(name.utf8Start, name.utf8CodeUnitCount)
    endKey()
  }

  /// Any key; its value must follow.
  package mutating func key(_ name: String) {
    separate()
    append(UInt8(ascii: "\""))
    appendEscaped(name)
    endKey()
  }

  // MARK: Values

  package mutating func string(_ text: String) {
    separate()
    append(UInt8(ascii: "\""))
    appendEscaped(text)
    append(UInt8(ascii: "\""))
  }

  /// A string of ASCII that needs no escapes.
  package mutating func plainString(_ text: StaticString) {
    separate()
    append(UInt8(ascii: "\""))
    append(text.utf8Start, text.utf8CodeUnitCount)
    append(UInt8(ascii: "\""))
  }

  package mutating func bool(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  package mutating func null() { raw("null") }

  package mutating func number(_ value: some FixedWidthInteger) {
    separate()
    for byte in String(value).utf8 { append(byte) }
  }

  /// A string in plain decimal notation: `coefficient` with a point in front of its last `scale`
  /// digits, 0 to 18 of them.
  package mutating func decimalString(_ coefficient: Int64, scale: Int) {
    precondition((0...18).contains(scale), "a number has up to 18 decimals")
    separate()
    reserve(JSONWriter.longestNumber)
    put(UInt8(ascii: "\""))
    putDecimal(coefficient, scale: scale)
    put(UInt8(ascii: "\""))
  }

  /// A string `YYYY-MM-DD`.
  package mutating func dateString(year: Int, month: Int, day: Int) {
    separate()
    reserve(JSONWriter.longestNumber)
    put(UInt8(ascii: "\""))
    putTwo(year / 100)
    putTwo(year)
    put(UInt8(ascii: "-"))
    putTwo(month)
    put(UInt8(ascii: "-"))
    putTwo(day)
    put(UInt8(ascii: "\""))
  }

  /// A value that is JSON already.
  package mutating func json(_ value: some Sequence<UInt8>) {
    separate()
    for byte in value { append(byte) }
  }

  // MARK: Bytes

  /// Bytes of the longest number, date and key that are written without asking for room again.
  private static let longestNumber = 64

  /// Makes room for `more` bytes.
  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if count + more > storage.count { grow(more) }
  }

  private mutating func grow(_ more: Int) {
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: max(storage.count * 2, count + more))
    _ = larger.moveInitialize(fromContentsOf: storage[..<count])
    storage.deallocate()
    storage = larger
  }

  /// Writes a byte there is room for.
  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    (storage.baseAddress.unsafelyUnwrapped + count).initialize(to: byte)
    count += 1
  }

  @inline(__always)
  private mutating func append(_ byte: UInt8) {
    reserve(1)
    put(byte)
  }

  @inline(__always)
  private mutating func append(_ start: UnsafePointer<UInt8>, _ length: Int) {
    reserve(length)
    (storage.baseAddress.unsafelyUnwrapped + count).initialize(from: start, count: length)
    count += length
  }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    append(bracket)
    depth += 1
    isFirst = true
  }

  private mutating func end(_ bracket: UInt8) {
    depth -= 1
    if isIndented, !isFirst { breakLine() }
    append(bracket)
    isFirst = false
  }

  private mutating func raw(_ word: StaticString) {
    separate()
    append(word.utf8Start, word.utf8CodeUnitCount)
  }

  /// Writes the comma or line break that belongs before a key or value.
  @inline(__always)
  private mutating func separate() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    if !isFirst { append(UInt8(ascii: ",")) }
    isFirst = false
    if isIndented, depth > 0 { breakLine() }
  }

  @inline(__always)
  private mutating func endKey() {
    reserve(3)
    put(UInt8(ascii: "\""))
    put(UInt8(ascii: ":"))
    if isIndented { put(UInt8(ascii: " ")) }
    isAfterKey = true
  }

  private mutating func breakLine() {
    append(UInt8(ascii: "\n"))
    for _ in 0..<depth {
      append(UInt8(ascii: " "))
      append(UInt8(ascii: " "))
    }
  }

  /// Writes the last two or four digits of a number there is room for.
  @inline(__always)
  private mutating func putTwo(_ number: Int) {
    put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10 % 10))
    put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10))
  }

  private mutating func putDecimal(_ coefficient: Int64, scale: Int) {
    if coefficient < 0 { put(UInt8(ascii: "-")) }
    let start = count
    var rest = coefficient.magnitude
    var written = 0
    repeat {
      if written == scale, scale > 0 { put(UInt8(ascii: ".")) }
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
      rest = quotient
      written += 1
    } while rest > 0 || written <= scale
    storage[start..<count].reverse()
  }

  private mutating func appendEscaped(_ text: String) {
    // The copy shares the text's bytes; `withUTF8` would otherwise ask to change the argument.
    var text = text
    text.withUTF8 { appendEscaped($0) }
  }

  private mutating func appendEscaped(_ content: UnsafeBufferPointer<UInt8>) {
    reserve(content.count + 1)
    var start = 0
    for (index, byte) in content.enumerated()
    where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      append(content, start..<index)
      reserve(JSONWriter.longestEscape + content.count - index)
      putEscape(byte)
      start = index + 1
    }
    append(content, start..<content.count)
  }

  @inline(__always)
  private mutating func append(_ content: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty, let start = content.baseAddress else { return }
    append(start + range.lowerBound, range.count)
  }

  /// `\u001f`.
  private static let longestEscape = 6

  private mutating func putEscape(_ byte: UInt8) {
    put(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: put(UInt8(ascii: "b"))
    case 0x09: put(UInt8(ascii: "t"))
    case 0x0A: put(UInt8(ascii: "n"))
    case 0x0C: put(UInt8(ascii: "f"))
    case 0x0D: put(UInt8(ascii: "r"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
    default:
      put(UInt8(ascii: "u"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0") + byte >> 4)
      let digit = byte & 15
      put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
