/// Header fields in the order they were given. Names compare without regard to ASCII case.
public struct HTTPHeaders: Hashable, Sendable {
  /// One header field.
  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public private(set) var fields: [Field]

  public init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// The first value of `name`; nil when there is none. Setting replaces every field of that name,
  /// at the place of the first; setting nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { $0.name.equalsIgnoringCase(name) }?.value }
    set {
      let place = fields.firstIndex { $0.name.equalsIgnoringCase(name) }
      fields.removeAll { $0.name.equalsIgnoringCase(name) }
      if let newValue {
        fields.insert(Field(name: name, value: newValue), at: place ?? fields.endIndex)
      }
    }
  }

  /// Every value of `name`, in order.
  public func values(of name: String) -> [String] {
    fields.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
  }

  /// Appends a field and keeps others of that name.
  public mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Field(name: $0.0, value: $0.1) })
  }
}

extension HTTPHeaders: Sequence {
  public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }
}

extension String {
  /// Compares with A to Z folded to a to z, and nothing else.
  func equalsIgnoringCase(_ other: String) -> Bool {
    let left = utf8
    let right = other.utf8
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { $0.foldedASCII == $1.foldedASCII }
  }
}

extension UInt8 {
  /// The lower case letter of an upper case ASCII letter; itself otherwise.
  var foldedASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
