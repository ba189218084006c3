import XMLTree

/// Where an element stands in a UBL or CII document; written out only for a fault.
indirect enum ElementPath: Hashable, Sendable {
  case root(String)
  /// - Parameter position: From 1 among siblings of the same name; nil where there is one at most.
  case child(ElementPath, Step, position: Int?)
  case attribute(ElementPath, String)

  /// The XPath, with the customary prefixes whatever the document uses.
  var xpath: String {
    switch self {
    case .root(let name): "/\(name)"
    case .child(let parent, let step, let position):
      "\(parent.xpath)/\(step.prefix):\(step.name.local)\(position.map { "[\($0)]" } ?? "")"
    case .attribute(let parent, let name): "\(parent.xpath)/@\(name)"
    }
  }
}

/// A child element to go to, and the prefix that XPaths show for it.
struct Step: Hashable, Sendable {
  let prefix: String
  let name: XMLName

  static func cac(_ local: String) -> Step {
    Step(prefix: "cac", name: XMLName(local, in: UBL.cac))
  }
  static func cbc(_ local: String) -> Step {
    Step(prefix: "cbc", name: XMLName(local, in: UBL.cbc))
  }
  static func ram(_ local: String) -> Step {
    Step(prefix: "ram", name: XMLName(local, in: CII.ram))
  }
  static func rsm(_ local: String) -> Step {
    Step(prefix: "rsm", name: XMLName(local, in: CII.rsm))
  }
  static func udt(_ local: String) -> Step {
    Step(prefix: "udt", name: XMLName(local, in: CII.udt))
  }
}

/// An element and where it stands. A step to a child that is missing keeps the path, so that a
/// fault can point to the place where the child belongs.
struct LocatedElement: Sendable {
  /// nil when there is no such element.
  let element: XMLElement?
  let path: ElementPath

  /// The first child of that name.
  subscript(_ steps: Step...) -> LocatedElement {
    var current = self
    for step in steps {
      current = LocatedElement(
        element: current.element?.first(step.name), path: .child(current.path, step, position: nil))
    }
    return current
  }

  /// Every child of that name, with its position.
  func all(_ step: Step) -> [LocatedElement] {
    guard let element else { return [] }
    return element.all(step.name).enumerated().map { index, child in
      LocatedElement(element: child, path: .child(path, step, position: index + 1))
    }
  }

  /// The trimmed text; nil when the element is missing or holds only blanks.
  var text: String? {
    guard let text = element?.trimmedText, !text.isEmpty else { return nil }
    return text
  }

  /// The text as one line: where it holds control characters, every run of blanks is one space.
  var label: String? {
    guard let text else { return nil }
    guard text.unicodeScalars.contains(where: \.isControl) else { return text }
    return text.unicodeScalars.split { $0.isControl || $0 == " " }.map { String($0) }
      .joined(separator: " ")
  }
}

extension Unicode.Scalar {
  /// A control character, or a separator of lines or paragraphs.
  var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
  }
}
