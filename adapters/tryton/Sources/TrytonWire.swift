import Ledger
import StrictJSON

/// One call: exactly these three members. With others the server changes the style of its errors.
struct TrytonCall {
  var id: Int
  var method: String
  var params: [TrytonValue]

  /// The body, its members in a fixed order.
  var body: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("id")
      writer.number(id)
      writer.key("method")
      writer.string(method)
      writer.key("params")
      TrytonValue.list(params).write(to: &writer)
    }
    return writer.bytes
  }
}

/// What the server answers with HTTP 200.
struct TrytonReply {
  var result: TrytonValue?
  var error: TrytonValue?

  /// nil for anything that is not a reply: HTML, a cut answer.
  init?(_ body: [UInt8]) {
    guard let reply = try? JSONText(body, limits: TrytonReply.limits).root else { return nil }
    let members = (result: reply["result"], error: reply["error"])
    guard members.result != nil || members.error != nil else { return nil }
    if let member = members.result {
      guard let value = TrytonValue(member) else { return nil }
      result = value
    }
    if let member = members.error {
      guard let value = TrytonValue(member) else { return nil }
      error = value
    }
  }

  /// What an answer may hold that was asked for.
  private static let limits = JSONLimits(depth: 24)

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
