/// Cost center, project and the like: names with values, kept in the order of the names.
public struct Dimensions: Hashable, Sendable {
  public struct Pair: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public private(set) var pairs: [Pair]

  public init() { pairs = [] }

  /// Later pairs win over earlier ones of the same name.
  public init(_ pairs: some Sequence<(String, String)>) {
    self.pairs = []
    for (name, value) in pairs { self[name] = value }
  }

  public var isEmpty: Bool { pairs.isEmpty }

  public subscript(name: String) -> String? {
    get { pairs.first { $0.name == name }?.value }
    set {
      let position = pairs.firstIndex { $0.name >= name } ?? pairs.endIndex
      let isThere = position < pairs.endIndex && pairs[position].name == name
      switch (isThere, newValue) {
      case (true, let value?): pairs[position] = Pair(name: name, value: value)
      case (true, nil): pairs.remove(at: position)
      case (false, let value?): pairs.insert(Pair(name: name, value: value), at: position)
      case (false, nil): break
      }
    }
  }

  /// These dimensions with those of `other` where this has none of the name.
  public func filled(from other: Dimensions) -> Dimensions {
    if other.isEmpty { return self }
    if isEmpty { return other }
    var result = self
    for pair in other.pairs where result[pair.name] == nil { result[pair.name] = pair.value }
    return result
  }
}

extension Dimensions: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }
}
