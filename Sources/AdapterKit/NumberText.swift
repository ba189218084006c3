/// A document's number or id in an answer: a text, or a whole number that some ERPs write instead.
public struct NumberText: Decodable, Hashable, Sendable {
  public let text: String

  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    text = try (try? value.decode(Int64.self)).map { "\($0)" } ?? value.decode(String.self)
  }
}
