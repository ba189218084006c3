import XMLTree

/// The children of an element, held to an `xsd:sequence`: nothing unknown, nothing out of order,
/// nothing missing.
struct ElementSequence {
  enum Part {
    case one(String)
    case optional(String)
    /// At least one.
    case many(String)
    /// Any number.
    case any(String)

    var name: String {
      switch self {
      case .one(let name), .optional(let name), .many(let name), .any(let name): name
      }
    }
  }

  private let children: [String: [XMLElement]]

  init(_ element: XMLElement, _ parts: [Part]) throws(Trouble) {
    var children: [String: [XMLElement]] = [:]
    var position = 0
    for child in element.elements {
      guard child.name.namespace == GenericSOAP.namespace,
        let found = parts[position...].firstIndex(where: { $0.name == child.name.local })
      else {
        throw Self.malformed(
          "\(child.name) is not expected here in \(element.name.local)", line: child.line)
      }
      position = found
      children[child.name.local, default: []].append(child)
    }
    for part in parts {
      let count = children[part.name]?.count ?? 0
      let isRight =
        switch part {
        case .one: count == 1
        case .optional: count <= 1
        case .many: count >= 1
        case .any: true
        }
      guard isRight else {
        throw Self.malformed(
          "\(element.name.local) has \(count) \(part.name)", line: element.line)
      }
    }
    self.children = children
  }

  /// The text as it is; empty when the element is absent.
  func text(_ name: String) -> String { children[name]?.first?.text ?? "" }

  /// The text without blanks around it: codes, dates and amounts.
  func token(_ name: String) -> String { children[name]?.first?.trimmedText ?? "" }

  func optionalText(_ name: String) -> String? { children[name]?.first?.text }
  func optionalToken(_ name: String) -> String? { children[name]?.first?.trimmedText }
  func all(_ name: String) -> [XMLElement] { children[name] ?? [] }

  private static func malformed(_ message: String, line: Int) -> Trouble {
    Trouble(status: 400, code: "malformed", message: "Line \(line): \(message)")
  }
}
