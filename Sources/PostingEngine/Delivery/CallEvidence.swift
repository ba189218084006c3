package import AdapterKit
internal import Digest
package import Ledger
package import WireTranscript

/// What one call to an ERP sent and what came back, as it is kept: without secrets, cut where it is
/// long, under the SHA-256 by which the audit trail vouches for it.
package struct CallEvidence: Hashable, Sendable {
  package let content: [UInt8]
  /// SHA-256 of ``content``.
  package let hash: [UInt8]

  /// Bytes of one message that are kept; of a longer one the rest is replaced by its length and the
  /// SHA-256 of the whole.
  package static let longestMessage = 262_144
  /// Bytes of messages that are kept of one call; what comes after is kept as length and SHA-256.
  package static let longestCall = 1_048_576

  package init(content: [UInt8]) {
    self.content = content
    hash = SHA256.hash(content).bytes
  }

  /// nil when nothing was said.
  package init?(_ transcript: Transcript, began: Moment, _ redaction: SecretRedaction) {
    let exchanges = transcript.exchanges
    guard !exchanges.isEmpty else { return nil }
    let redaction = redaction.adding(transcript.secrets)
    var text = "call of \(began)\n"
    var left = CallEvidence.longestCall
    func kept(_ message: String) -> String {
      let whole = redaction.masked(message)
      let limit = min(CallEvidence.longestMessage, left)
      left -= min(limit, whole.utf8.count)
      guard whole.utf8.count > limit else { return whole }
      // A character that the cut splits becomes U+FFFD.
      return String(decoding: whole.utf8.prefix(limit), as: UTF8.self)
        + "\n(cut after \(limit) of \(whole.utf8.count) bytes; the whole has SHA-256 "
        + "\(SHA256.hash(Array(whole.utf8)).hex))"
    }
    for (index, exchange) in exchanges.enumerated() {
      text += "\n=== \(index + 1). sent after \(exchange.sentAfter.wholeMilliseconds) ms\n"
      text += kept(exchange.sent)
      if let heard = exchange.heard, let after = exchange.heardAfter {
        text += "\n=== \(index + 1). came back after \(after.wholeMilliseconds) ms\n"
        text += kept(heard)
      } else {
        text += "\n=== \(index + 1). nothing came back"
      }
      text += "\n"
    }
    self.init(content: Array(text.utf8))
  }
}
