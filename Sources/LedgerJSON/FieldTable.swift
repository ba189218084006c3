import StrictJSON

/// The members one kind of JSON object may have; a case's name is the member's name.
protocol Field: CaseIterable, RawRepresentable, Sendable where RawValue == Int {
  /// Room for at least as many nodes as there are cases.
  associatedtype Storage: SlotStorage = FewSlots
  static var table: FieldTable { get }
}

/// The names of an object's members, for looking keys up without making strings of them.
struct FieldTable: Sendable {
  /// A name as three words of eight bytes, zeros behind its end.
  private struct Name: Hashable, Sendable {
    var first: UInt64
    var second: UInt64
    var third: UInt64
  }

  private static let wordBytes = 8
  static let longestName = 3 * wordBytes

  let texts: [String]
  private let names: [Name]

  init<F: Field>(_ fields: F.Type) {
    texts = F.allCases.map { String(describing: $0) }
    names = texts.map { text in
      precondition(text.utf8.count <= FieldTable.longestName, "\(text) is a short name")
      return Array(text.utf8).withUnsafeBufferPointer { FieldTable.name($0) }
    }
    precondition(names.count <= F.Storage.capacity, "an object has few fields")
  }

  /// The index of a key; nil when it is none of the names. `hint` is tried first.
  @inline(__always)
  func index(of key: UnsafeBufferPointer<UInt8>, hint: Int) -> Int? {
    guard key.count <= FieldTable.longestName else { return nil }
    let name = FieldTable.name(key)
    if hint < names.count, names[hint] == name { return hint }
    return names.firstIndex(of: name)
  }

  @inline(__always)
  private static func name(_ bytes: UnsafeBufferPointer<UInt8>) -> Name {
    Name(
      first: word(bytes, from: 0), second: word(bytes, from: wordBytes),
      third: word(bytes, from: 2 * wordBytes))
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt64 {
    guard start < bytes.count else { return 0 }
    if start + wordBytes <= bytes.count {
      return UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
        .loadUnaligned(fromByteOffset: start, as: UInt64.self)
    }
    var word: UInt64 = 0
    var index = bytes.count
    while index > start {
      index -= 1
      word = word << 8 | UInt64(bytes[index])
    }
    return UInt64(littleEndian: word)
  }
}

/// Where the members of one object stand on the tape.
struct Slots<F: Field> {
  /// The node of each field's value; 0, the root, where the field is absent.
  private var nodes = F.Storage()
  /// A bit for each field that is there.
  private(set) var present: UInt64 = 0

  subscript(field: F) -> Int? {
    let node = nodes[field.rawValue]
    return node == 0 ? nil : Int(node)
  }

  mutating func set(_ index: Int, to node: Int) {
    nodes[index] = UInt32(truncatingIfNeeded: node)
    present |= 1 << UInt64(index)
  }
}

/// A fixed number of nodes, all 0 at first.
protocol SlotStorage {
  static var capacity: Int { get }
  init()
  subscript(index: Int) -> UInt32 { get set }
}

struct FewSlots: SlotStorage {
  static let capacity = 14
  private var nodes = InlineArray<14, UInt32>(repeating: 0)

  subscript(index: Int) -> UInt32 {
    get { nodes[index] }
    set { nodes[index] = newValue }
  }
}

struct ManySlots: SlotStorage {
  static let capacity = 60
  private var nodes = InlineArray<60, UInt32>(repeating: 0)

  subscript(index: Int) -> UInt32 {
    get { nodes[index] }
    set { nodes[index] = newValue }
  }
}

/// Some of the fields of an object.
struct FieldSet<F: Field>: ExpressibleByArrayLiteral, Sendable {
  let bits: UInt64

  init(arrayLiteral fields: F...) {
    bits = fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }
}
