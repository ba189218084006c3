import Digest
import Foundation
package import Ledger
package import PostingEngine

/// The signed checkpoints once more, in a file beside the store: whoever cuts the store's tail off
/// has to know of this file too. Copy it away often, and to where the store's owner cannot write.
package struct CheckpointFile: Sendable {
  package let path: String

  private static let signature = "signature: "

  package init(of store: SQLStore) { path = store.file + ".checkpoints" }

  /// What the file holds; pieces that cannot be read are left out.
  package func read() -> [SignedCheckpoint] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return String(decoding: data, as: UTF8.self).components(separatedBy: "\n\n").compactMap {
      piece in
      guard let range = piece.range(of: CheckpointFile.signature, options: .backwards),
        let signature = Hex.decode(
          piece[range.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)),
        let checkpoint = AuditCheckpoint(statement: String(piece[..<range.lowerBound]))
      else { return nil }
      return SignedCheckpoint(checkpoint: checkpoint, signature: signature)
    }
  }

  /// Adds those that the file does not have yet; durable when this returns.
  ///
  /// - Throws: when the file cannot be written.
  package func add(_ checkpoints: [SignedCheckpoint]) throws {
    let known = Set(read())
    let new = checkpoints.filter { !known.contains($0) }
    guard !new.isEmpty else { return }
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    try handle.seekToEnd()
    for signed in new {
      let signature = CheckpointFile.signature + Hex.encode(signed.signature)
      try handle.write(contentsOf: Data((signed.checkpoint.statement + signature + "\n\n").utf8))
    }
    try handle.synchronize()
  }
}

extension SQLStore {
  /// Follows the audit chain and compares it with every checkpoint, here and in the file.
  ///
  /// - Returns: nil when all fits, with the number of checkpoints; else what does not.
  package func verifyAudit(with check: CheckpointCheck) throws -> (checkpoints: Int, Problem?) {
    if let problem = try verifyAuditChain() { return (0, problem) }
    return try read { queries in
      let checkpoints = Set(try queries.checkpoints() + CheckpointFile(of: self).read())
      return (checkpoints.count, try check.problem(with: Array(checkpoints), in: queries))
    }
  }
}
