internal import AdapterKit
internal import Digest
internal import Foundation
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import SQLStore

/// Signs the audit trail, in the store and in the file beside it.
struct Checkpoints: Sendable {
  let store: SQLStore
  let commit: GroupCommit
  let notary: Notary
  let clock: any EngineClock

  /// - Returns: nil when the last record is signed already.
  func sign() async throws -> SignedCheckpoint? {
    let now = clock.now
    let signed = try await commit.write { [notary] in try notary.sign(at: now, in: $0) }
    // All of them: a process that ended between the two left one out.
    try CheckpointFile(of: store).add(try store.read { try $0.checkpoints() })
    return signed
  }

  func signIfDue() async throws {
    if try store.read({ try notary.isDue(in: $0) }) { _ = try await sign() }
  }
}

extension Installation {
  /// nil where no key is configured.
  ///
  /// - Throws: ``Problem`` `audit_key_unusable` when the key cannot be read.
  func notary() throws -> Notary? {
    let audit = configuration.installation.audit
    guard let reference = audit.key else { return nil }
    guard let pem = secrets.secret(reference), let key = SigningKey(pem: pem) else {
      throw Problem(
        code: "audit_key_unusable", pointer: "postern.yaml",
        detail: "\(reference) is no private Ed25519 key in PEM without a passphrase",
        fix: "Make one with 'openssl genpkey -algorithm ed25519 -out audit.pem'")
    }
    return Notary(
      installation: configuration.installation.id, key: key, every: audit.every)
  }

  var secrets: ConfiguredSecrets {
    ConfiguredSecrets(environment: ProcessInfo.processInfo.environment, folder: folder)
  }
}
