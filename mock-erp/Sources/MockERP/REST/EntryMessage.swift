import Foundation

/// An entry as JSON. Members that are not known are refused, so that a misspelt one is noticed.
struct EntryMessage: Decodable {
  let draft: EntryDraft

  init(from decoder: any Decoder) throws {
    let members = try MemberReader(
      decoder, required: ["externalKey", "postingDate", "currency", "functionalCurrency", "lines"],
      optional: ["documentDate", "number", "reference", "description"])
    draft = EntryDraft(
      externalKey: try members.text("externalKey"), postingDate: try members.text("postingDate"),
      documentDate: try members.optionalText("documentDate"),
      currency: try members.text("currency"),
      functionalCurrency: try members.text("functionalCurrency"),
      number: try members.optionalText("number"),
      reference: try members.optionalText("reference"),
      description: try members.optionalText("description"),
      lines: try members.container.decode([LineMessage].self, forKey: MemberName("lines"))
        .map(\.draft))
  }

  /// Reads one entry.
  static func read(_ body: [UInt8]) throws(Trouble) -> EntryMessage {
    try JSONMessage.read(EntryMessage.self, from: body)
  }
}

/// A batch of entries as JSON.
struct BatchMessage: Decodable {
  let entries: [EntryMessage]

  init(from decoder: any Decoder) throws {
    let members = try MemberReader(decoder, required: ["entries"], optional: [])
    entries = try members.container.decode([EntryMessage].self, forKey: MemberName("entries"))
  }

  static func read(_ body: [UInt8]) throws(Trouble) -> BatchMessage {
    try JSONMessage.read(BatchMessage.self, from: body)
  }
}

private struct LineMessage: Decodable {
  let draft: LineDraft

  init(from decoder: any Decoder) throws {
    let members = try MemberReader(
      decoder, required: ["account", "side", "amount", "functionalAmount"],
      optional: ["party", "tax", "dimensions", "description"])
    draft = LineDraft(
      account: try members.text("account"), side: try members.text("side"),
      amount: try members.text("amount"), functionalAmount: try members.text("functionalAmount"),
      party: try members.optionalText("party"),
      tax: try members.container.decodeIfPresent(TaxMessage.self, forKey: MemberName("tax"))?.draft,
      dimensions: try members.container
        .decodeIfPresent([String: String].self, forKey: MemberName("dimensions")) ?? [:],
      description: try members.optionalText("description"))
  }
}

private struct TaxMessage: Decodable {
  let draft: TaxDraft

  init(from decoder: any Decoder) throws {
    let members = try MemberReader(decoder, required: ["code"], optional: ["rate", "base"])
    draft = TaxDraft(
      code: try members.text("code"), rate: try members.optionalText("rate"),
      base: try members.optionalText("base"))
  }
}

/// A member's name, whatever it is.
private struct MemberName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

/// An object with exactly the members it may have.
private struct MemberReader {
  let container: KeyedDecodingContainer<MemberName>

  init(_ decoder: any Decoder, required: Set<String>, optional: Set<String>) throws {
    container = try decoder.container(keyedBy: MemberName.self)
    for member in container.allKeys
    where !required.contains(member.stringValue) && !optional.contains(member.stringValue) {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: container.codingPath + [member],
          debugDescription: "The member \(member.stringValue) is not known"))
    }
  }

  func text(_ name: String) throws -> String {
    try container.decode(String.self, forKey: MemberName(name))
  }

  func optionalText(_ name: String) throws -> String? {
    try container.decodeIfPresent(String.self, forKey: MemberName(name))
  }
}

/// Reading of JSON bodies, with a trouble that says where.
enum JSONMessage {
  static func read<Message: Decodable>(
    _ type: Message.Type, from body: [UInt8]
  ) throws(Trouble) -> Message {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch let error as DecodingError {
      throw trouble(error)
    } catch {
      throw Trouble(status: 400, code: "malformed", message: "The body is not JSON")
    }
  }

  private static func trouble(_ error: DecodingError) -> Trouble {
    switch error {
    case .keyNotFound(let key, let context):
      malformed("The member \(key.stringValue) is missing", context.codingPath + [key])
    case .typeMismatch(let type, let context):
      malformed(
        type == String.self ? "A text in quotes is expected" : "Another kind of value is expected",
        context.codingPath)
    case .valueNotFound(_, let context):
      malformed("A value is missing", context.codingPath)
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      malformed("The body is not JSON", [])
    case .dataCorrupted(let context):
      malformed(context.debugDescription, context.codingPath)
    @unknown default:
      malformed("The body is not JSON", [])
    }
  }

  private static func malformed(_ message: String, _ path: [any CodingKey]) -> Trouble {
    let pointer = path.map { key in
      key.intValue.map(String.init)
        ?? key.stringValue.replacing("~", with: "~0").replacing("/", with: "~1")
    }
    return Trouble(
      status: 400, code: "malformed", message: message,
      field: pointer.isEmpty ? nil : "/" + pointer.joined(separator: "/"))
  }
}
