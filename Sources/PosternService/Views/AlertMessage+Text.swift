internal import Ledger
internal import LedgerJSON
package import PostingEngine
internal import StrictJSON

/// What people and programs read of an alert.
extension AlertMessage {
  package var subject: String {
    let word =
      switch kind {
      case .raised: "Stopped"
      case .escalated: "Still stopped"
      case .ended: "Settled"
      }
    return "\(word): \(group.exceptionClass) in \(group.entity)"
  }

  package var text: String {
    let sums = group.amounts.map(\.description).joined(separator: ", ")
    return """
      \(kind == .ended ? "Nothing is stopped any more by: \(group.cause)" : group.text)

      What to do: \(group.fix)
      Documents: \(group.count), \(sums)
      Since: \(group.since)
      Group: \(group.fingerprint)
      See \(Runbook.page(of: group.exceptionClass))
      """
  }

  package var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.string("event", "alert.\(kind.rawValue)")
      writer.string("raisedAt", raisedAt.text)
      writer.string("subject", subject)
      writer.key("group")
      writer.write(group)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
