import Digest
import Ledger
import PostingEngine

/// The hash chain of the audit log.
///
/// A record's hash is SHA-256 of the hash before it and the record's bytes; before the first stands
/// a hash of zeros. The bytes are the number and the moment as 8 bytes each (big-endian), then the
/// document and the posting as 1 and 8 bytes or 0, then actor, action and detail in UTF-8, each after
/// its length in 4 bytes, and last the 32 bytes of the evidence's hash where there is evidence.
final class AuditChain {
  private(set) var number: Int64
  private(set) var hash: [UInt8]
  private let digest = SHA256()
  private var bytes: [UInt8] = []

  static let start = [UInt8](repeating: 0, count: DigestValue.byteCount)

  init(after number: Int64 = 0, hash: [UInt8] = AuditChain.start) {
    self.number = number
    self.hash = hash
  }

  /// The hash of the record that follows.
  func append(_ record: AuditRecord) -> [UInt8] {
    number += 1
    encode(record)
    digest.update(bytes)
    hash = digest.finish().bytes
    return hash
  }

  /// What the hash of a record is taken of.
  static func bytes(of record: AuditRecord, number: Int64, after hash: [UInt8]) -> [UInt8] {
    let chain = AuditChain(after: number, hash: hash)
    chain.encode(record)
    return chain.bytes
  }

  private func encode(_ record: AuditRecord) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: hash)
    add(number)
    add(record.at.milliseconds)
    add(record.document?.value)
    add(record.posting?.value)
    add(record.actor)
    add(record.action)
    add(record.detail)
    if let evidence = record.evidence { bytes.append(contentsOf: evidence) }
  }

  /// What ``meta`` keeps of the last record, so that cutting the end off shows.
  var head: String { "\(number) \(Hex.encode(hash))" }

  static let metaName = "audit_head"

  private func add(_ value: Int64) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  private func add(_ value: Int64?) {
    guard let value else { return bytes.append(0) }
    bytes.append(1)
    add(value)
  }

  private func add(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      withUnsafeBytes(of: UInt32(utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: utf8)
    }
  }
}

extension AuditChain {
  /// The chain at its last record.
  ///
  /// - Throws: ``Problem`` `audit_chain_broken` when that record does not follow from the one before
  ///   it, or is not the one that was last written.
  static func loaded(from queries: some SQLQuerying) throws -> AuditChain {
    let tail = try queries.connection.all(Queries.auditTail) { row in
      (number: row.integer(0), record: row.auditRecord(), hash: row.bytes(8))
    }
    guard let last = tail.first else {
      guard try queries.meta(metaName) == nil else { throw broken(at: 1, queries.connection.file) }
      return AuditChain()
    }
    let before = tail.count > 1 ? tail[1] : nil
    let chain = AuditChain(after: before?.number ?? 0, hash: before?.hash ?? start)
    guard chain.append(last.record) == last.hash, chain.number == last.number,
      try queries.meta(metaName) == chain.head
    else { throw broken(at: last.number, queries.connection.file) }
    return chain
  }

  /// Follows the chain from its first record to its last.
  ///
  /// - Returns: nil when it is whole, else `audit_chain_broken` that names the first broken record.
  static func verify(_ queries: some SQLQuerying) throws -> Problem? {
    let chain = AuditChain()
    let statement = try queries.connection.prepare(Queries.auditAfter)
    while true {
      statement.bind(chain.number)
      statement.bind(pageSize)
      let page = try statement.all { row in
        (number: row.integer(0), record: row.auditRecord(), hash: row.bytes(8))
      }
      for row in page {
        let hash = chain.append(row.record)
        guard hash == row.hash, chain.number == row.number else {
          return broken(at: min(chain.number, row.number), queries.connection.file)
        }
      }
      if page.isEmpty { break }
    }
    let head = try queries.meta(metaName)
    guard head == (chain.number == 0 ? nil : chain.head) else {
      return broken(at: chain.number + 1, queries.connection.file)
    }
    return nil
  }

  private static let pageSize = 1_000

  private static func broken(at number: Int64, _ file: String) -> Problem {
    Problem(
      code: "audit_chain_broken", pointer: file,
      detail: "Record \(number) of the audit log was changed, removed, inserted or moved",
      fix: "Keep the file as evidence, find who wrote to it, and restore the latest sound backup")
  }
}
