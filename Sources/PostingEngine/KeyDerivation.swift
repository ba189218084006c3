internal import Digest
package import Ledger

/// Derives posting keys from what an entry is, so that the same entry always has the same key.
package struct KeyDerivation: Sendable {
  /// Chosen once for an installation, so that a test and a production installation never collide
  /// in one ERP.
  package let installation: String

  package init(installation: String) { self.installation = installation }

  /// The key of an entry: a hash of installation, entity, ledger, source, type, id, revision,
  /// kind and sequence.
  package func key(of head: EntryHead) -> PostingKey {
    let source = head.source
    return key([
      installation, head.legalEntity.code, head.ledger, source.document.source,
      source.document.type.rawValue, source.document.id, String(source.revision),
      head.kind.rawValue, String(source.sequence),
    ])
  }

  /// The key of the entry that takes the place of another on a later day.
  static func key(of key: PostingKey, movedTo day: CalendarDate) -> PostingKey {
    PostingKey(digest: SHA256.hash(Array("\(key) \(day)".utf8)).bytes)
  }

  /// The key shared by every entry of one revision of one document, whatever the entity.
  package func setKey(of identity: DocumentIdentity, revision: Int) -> PostingKey {
    key([
      installation, identity.source, identity.type.rawValue, identity.id, String(revision),
    ])
  }

  /// Each part with its length in front, so that no two lists of parts read the same.
  private func key(_ parts: [String]) -> PostingKey {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(160)
    for part in parts {
      let utf8 = part.utf8
      withUnsafeBytes(of: UInt32(utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: utf8)
    }
    return PostingKey(digest: SHA256.hash(bytes).bytes)
  }
}
