import Ledger
import Yams

/// A document of a case as canonical JSON; source, customer and approval are filled in where absent.
struct DocumentJSON {
  private let place: String

  init(_ place: String) { self.place = place }

  /// The keys whose values are no texts in JSON.
  private static let numbers: Set<String> = ["revision", "count"]
  private static let switches: Set<String> = ["prepayment", "recovery"]

  func document(_ node: Node) throws -> SubmittedDocument {
    var fields = try CaseFields(node, in: place)
    var members = try fields.keys.compactMap { key in
      try fields.take(key).map { Self.quoted(key) + ":" + (try Self.json($0, below: key)) }
    }
    func has(_ key: String) -> Bool { members.contains { $0.hasPrefix("\"\(key)\":") } }
    var head = try CaseFields(node, in: place)
    let type = try head.requiredText("type")
    let id = try head.requiredText("id")
    guard let date = try head.value("documentDate", { CalendarDate($0) }) else {
      throw head.fault("'documentDate' is missing")
    }
    if !has("source") { members.append(#""source":"billing""#) }
    if !has("customer"), type != DocumentType.ratedUsage.rawValue {
      members.append(#""customer":{"id":"C-1"}"#)
    }
    if !has("approval") {
      members.append(#""approval":{"by":"billing run","at":"\#(date)T06:00:00Z"}"#)
    }
    return SubmittedDocument(
      json: Array("{\(members.joined(separator: ","))}".utf8), type: type, id: id,
      revision: try head.text("revision"), date: date)
  }

  private static func json(_ node: Node, below key: String = "") throws -> String {
    switch node {
    case .scalar(let scalar):
      numbers.contains(key) || switches.contains(key) ? scalar.string : quoted(scalar.string)
    case .sequence(let nodes):
      "[" + (try nodes.map { try json($0) }).joined(separator: ",") + "]"
    case .mapping(let mapping):
      "{"
        + (try mapping.map { key, value in
          let key = key.scalar?.string ?? ""
          return quoted(key) + ":" + (try json(value, below: key))
        }).joined(separator: ",") + "}"
    case .alias: throw CaseFault("a case has no aliases")
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    return "\"" + escaped + "\""
  }
}
