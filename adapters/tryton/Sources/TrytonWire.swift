import Foundation
import Ledger

/// One call: exactly these three members. With others the server changes the style of its errors.
struct TrytonCall: Encodable {
  var id: Int
  var method: String
  var params: [TrytonValue]

  /// The body, its members in a fixed order.
  var body: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a call of texts and whole numbers can be written as JSON")
    }
    return [UInt8](data)
  }
}

/// What the server answers with HTTP 200.
struct TrytonReply: Decodable {
  var result: TrytonValue?
  var error: TrytonValue?

  /// nil for anything that is not a reply: HTML, a cut answer.
  init?(_ body: [UInt8]) {
    guard let reply = try? JSONDecoder().decode(TrytonReply.self, from: Data(body)) else {
      return nil
    }
    self = reply
  }

  private enum CodingKeys: String, CodingKey { case result, error }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.contains(.result) || container.contains(.error) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "neither result nor error"))
    }
    result =
      container.contains(.result) ? try container.decode(TrytonValue.self, forKey: .result) : nil
    error =
      container.contains(.error) ? try container.decode(TrytonValue.self, forKey: .error) : nil
  }

  /// The class of an error and its words: `["UserError",[message, description, domain]]`.
  ///
  /// A domain error may carry a whole field definition; only its first words are kept.
  var refusal: (code: String, text: String)? {
    guard let parts = error?.list, let first = parts.first?.text else { return nil }
    let details = parts.dropFirst().first
    let words =
      details?.text
      ?? details?.list?.prefix(2).compactMap(\.text).filter { !$0.isEmpty }
      .joined(separator: " ")
    guard TrytonReply.errorClasses.contains(first) else {
      return ("ProgrammingError", String(first.prefix(TrytonReply.maximumText)))
    }
    return (first, String((words ?? "").prefix(TrytonReply.maximumText)))
  }

  static let maximumText = 500
  private static let errorClasses: Set = [
    "UserError", "UserWarning", "ConcurrencyException", "LoginException",
  ]
}

extension TrytonValue {
  init(_ date: CalendarDate) {
    self = .date(year: Int64(date.year), month: Int64(date.month), day: Int64(date.day))
  }

  init(_ money: Money) { self = .decimal(money.text) }

  var calendarDate: CalendarDate? {
    switch self {
    case .date(let year, let month, let day):
      CalendarDate(year: Int(year), month: Int(month), day: Int(day))
    case .text(let text): CalendarDate(text)
    default: nil
    }
  }
}
