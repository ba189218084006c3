import AdapterKit
import Ledger
import LedgerJSON
import StrictJSON

/// The lines between Postern and a program: one JSON object each, as `docs/process-adapters.md` says.
enum ProcessProtocol {
  static let version = 1

  enum Method: String {
    case hello, check, submit, find, periods
    case readBooks
  }

  /// What every call but the handshake is given.
  struct Context: Sendable {
    var connection: String
    var settings: [String: String]
    var secrets: [String: String]

    /// As it may be kept.
    var withoutSecrets: Context {
      var context = self
      context.secrets = secrets.mapValues { _ in SecretRedaction.mask }
      return context
    }
  }

  static func request(
    _ method: Method, _ context: Context, _ parameters: (inout JSONWriter) -> Void = { _ in }
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("method", method.rawValue)
      writer.key("protocol")
      writer.number(version)
      writer.string("connection", context.connection)
      if method != .hello {
        writer.key("settings")
        write(context.settings, to: &writer)
        writer.key("secrets")
        write(context.secrets, to: &writer)
      }
      parameters(&writer)
    }
    return writer.bytes
  }

  private static func write(_ texts: [String: String], to writer: inout JSONWriter) {
    writer.object { writer in
      for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
        writer.key(name)
        writer.string(text)
      }
    }
  }

  static func entries(_ batch: [Submission], _ field: KeyField, to writer: inout JSONWriter) {
    writer.key("entries")
    writer.array { writer in
      for submission in batch {
        writer.object { writer in
          writer.string("key", field.text(for: submission.key))
          writer.string("postingKey", submission.key.text)
          writer.key("entry")
          EntryWriter.write(submission.entry, identity: nil, to: &writer)
          if let source = submission.document {
            writer.key("document")
            DocumentWriter.write(source.document, to: &writer)
          }
        }
      }
    }
  }
}

/// What a program says about an entry.
struct ProcessVerdict {
  let json: JSONView
  let table: OutcomeTable
  let redact: SecretRedaction

  private func text(_ key: String) -> String? {
    json[key]?.string.map { redact($0) }
  }

  func outcome(for key: PostingKey) -> PostingOutcome {
    let subject = "Entry \(key)"
    let answer = ERPAnswer(
      status: json["status"]?.int, code: text("code"), text: text("text"), field: text("field"),
      retryAfter: json["afterSeconds"]?.int.map { .seconds($0) })
    switch json["outcome"]?.string {
    case "posted", "alreadyPosted":
      guard let number = json["number"]?.string, !number.isEmpty else {
        return .unknown(.outcomeUnknown("\(subject) is called posted without a number"))
      }
      let receipt = Receipt(id: json["id"]?.string ?? number, number: number)
      return json["outcome"]?.string == "posted" ? .posted(receipt) : .alreadyPosted(receipt)
    case "rejected":
      if table.verdict(on: answer) != nil { return table.outcome(of: answer, about: subject) }
      let rejectionClass =
        json["class"]?.string.flatMap { Rejection.Class(rawValue: $0) } ?? .validation
      return .rejected(answer.rejection(rejectionClass, of: subject))
    case "retryLater":
      return .retryLater(
        Postponement(
          Problem(
            code: "erp_unavailable", detail: "\(subject) was not booked: \(answer.words)",
            fix: "Wait: it is tried again"),
          scope: json["scope"]?.string == "entry" ? .entry : .connection,
          after: answer.retryAfter))
    default: return .unknown(answer.uncertainty(about: subject))
    }
  }
}
