internal import Digest
package import Ledger

/// The head of the audit trail at one moment, as a statement to sign.
package struct AuditCheckpoint: Hashable, Sendable {
  package var installation: String
  /// The number of the last record.
  package var number: Int64
  /// The hash of that record.
  package var hash: [UInt8]
  package var at: Moment

  package init(installation: String, number: Int64, hash: [UInt8], at: Moment) {
    self.installation = installation
    self.number = number
    self.hash = hash
    self.at = at
  }

  private static let title = "postern audit checkpoint 1"

  /// What is signed, byte for byte: five lines.
  package var statement: String {
    """
    \(AuditCheckpoint.title)
    installation: \(installation)
    record: \(number)
    hash: \(Hex.encode(hash))
    at: \(at)

    """
  }

  /// Reads exactly what ``statement`` writes; nil for anything else.
  package init?(statement: String) {
    let lines = statement.split(separator: "\n", omittingEmptySubsequences: false)
    func value(_ index: Int, _ name: String) -> String? {
      guard lines.count > index, lines[index].hasPrefix(name + ": ") else { return nil }
      return String(lines[index].dropFirst(name.count + 2))
    }
    guard lines.count == 6, let installation = value(1, "installation"),
      let number = value(2, "record").flatMap({ Int64($0) }),
      let hash = value(3, "hash").flatMap({ Hex.decode($0) }),
      let at = value(4, "at").flatMap({ Moment($0) })
    else { return nil }
    self.init(installation: installation, number: number, hash: hash, at: at)
    guard self.statement == statement else { return nil }
  }
}

/// A checkpoint with its Ed25519 signature (RFC 8032) over the statement.
package struct SignedCheckpoint: Hashable, Sendable {
  package var checkpoint: AuditCheckpoint
  /// 64 bytes.
  package var signature: [UInt8]

  package init(checkpoint: AuditCheckpoint, signature: [UInt8]) {
    self.checkpoint = checkpoint
    self.signature = signature
  }
}
