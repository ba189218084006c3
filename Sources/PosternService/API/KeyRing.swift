internal import Digest
internal import Ledger
internal import PostingEngine
internal import Synchronization

/// The API keys of the store, remembered for a few seconds, so that a revoked key ends soon and a
/// busy client costs no look-up for each request.
final class KeyRing: Sendable {
  private struct Known {
    /// Those in force.
    var keys: [DigestValue: StoredAPIKey]
    var wereEverMade: Bool
    var readAt: Moment
  }

  static let lifetime: Duration = .seconds(2)

  private let store: any PostingStore
  private let clock: any EngineClock
  private let known = Mutex<Known?>(nil)

  init(store: any PostingStore, clock: any EngineClock) {
    self.store = store
    self.clock = clock
  }

  /// Whether any key was ever made: revoking the last one closes the service, it does not open it.
  func wereKeysEverMade() throws -> Bool { try current().wereEverMade }

  /// The key that `text` is; nil when it is none, or was revoked.
  func key(_ text: Substring) throws -> StoredAPIKey? {
    try current().keys[SHA256.hash(text.utf8)]
  }

  private func current() throws -> Known {
    let now = clock.now
    if let known = known.withLock({ $0 }), now < known.readAt + KeyRing.lifetime { return known }
    let stored = try store.read { try $0.apiKeys() }
    var keys: [DigestValue: StoredAPIKey] = [:]
    for key in stored where key.revokedAt == nil {
      if let hash = DigestValue(bytes: key.hash) { keys[hash] = key }
    }
    let current = Known(keys: keys, wereEverMade: !stored.isEmpty, readAt: now)
    known.withLock { $0 = current }
    return current
  }
}
