/// One attribute of an element. Namespace declarations are not attributes.
public struct XMLAttribute: Hashable, Sendable {
  public let name: XMLName
  public let value: String

  public init(_ name: XMLName, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What an element may hold: comments and processing instructions are not kept.
public enum XMLNode: Hashable, Sendable {
  case element(XMLElement)
  case text(String)
}

/// An element with its attributes and content.
public struct XMLElement: Hashable, Sendable {
  /// Most elements hold one text and nothing else: those need no list.
  enum Content: Hashable, Sendable {
    case text(String)
    /// Anything else.
    case nodes([XMLNode])

    init(_ nodes: [XMLNode]) {
      if nodes.count == 1, case .text(let text) = nodes[0] {
        self = .text(text)
      } else {
        self = .nodes(nodes)
      }
    }
  }

  public var name: XMLName
  public var attributes: [XMLAttribute]
  private(set) var content: Content
  /// Line of the end of the start tag, from 1; 0 for an element that was not read. Takes no part in
  /// comparison.
  public var line: Int

  public init(
    _ name: XMLName, attributes: [XMLAttribute] = [], children: [XMLNode] = [], line: Int = 0
  ) {
    self.name = name
    self.attributes = attributes
    content = Content(children)
    self.line = line
  }

  /// An element that holds nothing but `text`.
  public init(_ name: XMLName, attributes: [XMLAttribute] = [], text: String) {
    self.name = name
    self.attributes = attributes
    content = text.isEmpty ? .nodes([]) : .text(text)
    line = 0
  }

  public var children: [XMLNode] {
    get { if case .text(let text) = content { [.text(text)] } else { nodes } }
    set { content = Content(newValue) }
  }

  /// ``children``, or none where they are one text.
  private var nodes: [XMLNode] { if case .nodes(let nodes) = content { nodes } else { [] } }

  mutating func append(_ node: XMLNode) {
    switch content {
    case .text(let text): content = .nodes([.text(text), node])
    case .nodes(var nodes):
      guard !nodes.isEmpty else {
        content = Content([node])
        return
      }
      // With one owner the list grows in its place.
      content = .nodes([])
      nodes.append(node)
      content = .nodes(nodes)
    }
  }

  public static func == (left: XMLElement, right: XMLElement) -> Bool {
    left.name == right.name && left.attributes == right.attributes
      && left.content == right.content
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(attributes)
    hasher.combine(content)
  }
}

extension XMLElement {
  /// The child elements in document order.
  public var elements: [XMLElement] {
    nodes.compactMap { if case .element(let element) = $0 { element } else { nil } }
  }

  /// The first child element of that name.
  public func first(_ name: XMLName) -> XMLElement? {
    for child in nodes {
      if case .element(let element) = child, element.name == name { return element }
    }
    return nil
  }

  /// The element reached by taking the first child of each name in turn.
  public func first(_ path: [XMLName]) -> XMLElement? {
    var current = self
    for name in path {
      guard let next = current.first(name) else { return nil }
      current = next
    }
    return current
  }

  /// The child elements of that name, in document order.
  public func all(_ name: XMLName) -> [XMLElement] {
    nodes.compactMap {
      if case .element(let element) = $0, element.name == name { element } else { nil }
    }
  }

  /// The text directly in this element, without that of its child elements.
  public var text: String {
    switch content {
    case .text(let text): return text
    case .nodes(let nodes):
      var joined = ""
      for case .text(let text) in nodes { joined += text }
      return joined
    }
  }

  /// ``text`` without the XML blanks (space, tab, line ends) around it.
  public var trimmedText: String {
    let text = text
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last else { return text }
    guard first.isXMLBlank || last.isXMLBlank else { return text }
    guard let start = bytes.firstIndex(where: { !$0.isXMLBlank }),
      let end = bytes.lastIndex(where: { !$0.isXMLBlank })
    else { return "" }
    return String(text[start...end])
  }

  /// The value of an attribute in no namespace.
  public func attribute(_ local: String) -> String? {
    for attribute in attributes
    where attribute.name.local == local && attribute.name.namespace.isEmpty {
      return attribute.value
    }
    return nil
  }

  /// The value of the attribute of that name.
  public func attribute(_ name: XMLName) -> String? {
    attributes.first { $0.name == name }?.value
  }
}

extension UInt8 {
  /// Space, tab, line feed or carriage return.
  var isXMLBlank: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }
}
