import HTTPTransport
import StrictJSON
import XMLTree

/// What an ERP answered, as JSON or XML, reached by paths: `/data/0/number`, `/Envelope/Body/Result`,
/// `/Result/@id`.
///
/// A name on a list means every element's. XML names count without their namespace.
enum AnswerTree: Sendable {
  case json(JSONView)
  case xml(XMLElement)
  case text(String)

  /// Bytes of one string in an answer.
  private static let longestText = 1 << 20

  /// What some servers write before JSON and XML, and means nothing in UTF-8.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// nil for bytes that are neither.
  init?(_ response: HTTPResponse) {
    let mark = response.body.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    let body = Array(response.body.dropFirst(mark))
    switch body.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
    case UInt8(ascii: "<"):
      guard let root = try? XMLReader().read(body) else { return nil }
      self = .xml(XMLElement(XMLName("answer"), children: [.element(root)]))
    case nil: return nil
    default:
      let limits = JSONLimits(stringBytes: AnswerTree.longestText)
      guard let json = try? JSONText(body, limits: limits) else { return nil }
      self = .json(json.root)
    }
  }

  /// Whether it is a page for people.
  var isPage: Bool {
    guard case .xml = self else { return false }
    return !(nodes(at: "/html") + nodes(at: "/HTML")).isEmpty
  }

  /// Everything at the end of a path.
  func nodes(at path: String) -> [AnswerTree] {
    path.split(separator: "/").reduce([self]) { nodes, name in
      nodes.flatMap { $0.children(String(name)) }
    }
  }

  private func children(_ name: String) -> [AnswerTree] {
    switch self {
    case .json(let view):
      if let elements = view.array {
        if let index = Int(name) { return view[index].map { [.json($0)] } ?? [] }
        return elements.flatMap { AnswerTree.json($0).children(name) }
      }
      return view[name].map { [.json($0)] } ?? []
    case .xml(let element):
      if name.hasPrefix("@") {
        return element.attribute(String(name.dropFirst())).map { [.text($0)] } ?? []
      }
      return element.elements.filter { $0.name.local == name }.map { .xml($0) }
    case .text: return []
    }
  }

  /// The text of a scalar; nil for null and for anything with parts.
  var text: String? {
    switch self {
    case .json(let view): view.string ?? view.numberText ?? view.bool.map { $0 ? "true" : "false" }
    case .xml(let element): element.elements.isEmpty ? element.trimmedText : nil
    case .text(let text): text
    }
  }

  /// The first text at a path that is not empty.
  func text(at path: String?) -> String? {
    guard let path else { return nil }
    return nodes(at: path).lazy.compactMap(\.text).first { !$0.isEmpty }
  }

  /// The elements of the list at a path; nil where there is no list, which differs from an empty one.
  func list(at path: String) -> [AnswerTree]? {
    switch self {
    case .json:
      let found = nodes(at: path)
      guard found.count == 1, case .json(let view) = found[0], let elements = view.array else {
        return nil
      }
      return elements.map { .json($0) }
    case .xml:
      let found = nodes(at: path)
      // Every answer has a root: without an element under it nothing tells an empty list from a page.
      let parent = path.split(separator: "/").dropLast()
      guard !parent.isEmpty else { return found.isEmpty ? nil : found }
      return nodes(at: parent.joined(separator: "/")).isEmpty ? nil : found
    case .text: return nil
    }
  }
}

extension AnswerTree {
  /// The elements of a JSON list; anything else is one itself.
  var elements: [AnswerTree] {
    if case .json(let view) = self, let elements = view.array { return elements.map { .json($0) } }
    return [self]
  }
}
