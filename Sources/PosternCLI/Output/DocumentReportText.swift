internal import AdapterKit
internal import Ledger
internal import PosternService
internal import PostingEngine

/// One document on a page for people.
struct DocumentReportText {
  let text: String

  init(_ report: DocumentReport) {
    let document = report.document
    var parts = [
      "\(document.identity), revision \(document.revision): \(document.state.rawValue)",
      "entity \(document.entity), customer \(document.customer ?? "–"), "
        + "\(document.reference) of \(document.documentDate)",
    ]
    if let open = report.open { parts.append("open: \(open)") }
    if document.state == .posted, report.entries.isEmpty {
      parts.append("nothing to post: it gives no entry")
    }
    if let wait = report.wait { parts.append("waiting: \(wait.detail)") }
    for exception in report.exceptions {
      parts.append(
        "exception \(exception.id ?? 0), \(exception.exceptionClass): \(exception.cause)")
      parts.append("  fix: \(exception.fix)")
    }
    for record in report.entries {
      parts.append("")
      parts.append(
        "entry \(record.key), \(record.entry.head.kind.rawValue), \(record.entry.head.postingDate)")
      parts.append(EntryText.table(record.entry))
    }
    for (posting, attempts) in report.postings {
      parts.append("")
      parts.append(DocumentReportText.heading(posting))
      if let hold = report.outlook?.hold(of: posting) { parts.append("  " + hold.text) }
      for attempt in attempts {
        let code = attempt.code.map { " (\($0))" } ?? ""
        let message = attempt.message.map { ": \($0)" } ?? ""
        parts.append(
          "  \(attempt.startedAt)  \(attempt.number). \(attempt.purpose.rawValue)  "
            + "\(attempt.outcome ?? "no answer")\(code)\(message)")
        if let exchange = attempt.evidence.flatMap({ report.exchanges[$0] }) {
          parts += exchange.split(separator: "\n", omittingEmptySubsequences: false).map {
            "    \($0)"
          }
        }
      }
    }
    parts.append("")
    parts.append("Timeline")
    for record in report.timeline {
      let detail = record.detail.isEmpty ? "" : ": \(record.detail)"
      parts.append("  \(record.at)  \(record.actor)  \(record.action)\(detail)")
    }
    text = parts.joined(separator: "\n")
  }

  private static func heading(_ posting: StoredPosting) -> String {
    var text =
      "posting \(posting.number.value) of \(posting.entry) to \(posting.connection): "
      + posting.state.rawValue
    if let reason = posting.reason { text += " (\(reason.rawValue))" }
    if let progress = posting.ticket?.progress, posting.state == .submitted {
      text += ": " + progress
    }
    if let receipt = posting.receipt { text += " as \(receipt.number)" }
    return text
  }
}
