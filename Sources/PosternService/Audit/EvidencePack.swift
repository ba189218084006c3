package import Digest
package import Foundation
package import Ledger
package import PostingEngine
internal import StrictJSON

/// A folder that proves what happened to some documents, without Postern: `docs/audit.md`.
package struct EvidencePack {
  /// What it is about.
  package enum Subject: Sendable {
    case document(DocumentIdentity)
    case period(FiscalPeriod, of: LegalEntityID)
  }

  private let folder: URL
  private let queries: any PostingQueries
  private var manifest: [(hash: String, path: String)] = []

  private static let page = 500

  /// Writes the folder.
  ///
  /// - Parameters:
  ///   - folder: is made; must not exist.
  ///   - key: that of the checkpoints; nil where none are signed.
  /// - Returns: how many files there are.
  /// - Throws: ``Problem`` `not_found`, `folder_not_empty`.
  package static func write(
    _ subject: Subject, to folder: URL, key: VerifyingKey?, in queries: any PostingQueries
  ) throws -> Int {
    guard !FileManager.default.fileExists(atPath: folder.path) else {
      throw Problem(
        code: "folder_not_empty", pointer: folder.path, detail: "The folder is there already",
        fix: "Name a new one")
    }
    var pack = EvidencePack(folder: folder, queries: queries)
    let documents = try pack.documents(of: subject)
    try pack.writeDocuments(documents)
    let end = try pack.writeChain(of: documents)
    try pack.writeCheckpoint(covering: end, key: key)
    try pack.write(Array(EvidencePack.script.utf8), to: "verify.sh")
    let lines = pack.manifest.sorted { $0.path < $1.path }.map { "\($0.hash)  \($0.path)\n" }
    try pack.put(Array(lines.joined().utf8), at: "MANIFEST.sha256")
    return pack.manifest.count + 1
  }

  private init(folder: URL, queries: any PostingQueries) {
    self.folder = folder
    self.queries = queries
  }

  // MARK: What it is about

  private func documents(of subject: Subject) throws -> [StoredDocument] {
    let found: [StoredDocument] =
      switch subject {
      case .document(let identity): try queries.revisions(of: identity)
      case .period(let period, let entity): try documents(with: entity, in: period)
      }
    guard !found.isEmpty else {
      throw Problem(
        code: "not_found", detail: "There is no such document, and no entry in such a period",
        fix: "See 'postern list documents' and 'postern list entries'")
    }
    return found
  }

  private func documents(
    with entity: LegalEntityID, in period: FiscalPeriod
  ) throws -> [StoredDocument] {
    var filter = ListFilter()
    filter.entities = [entity]
    filter.period = period
    filter.limit = EvidencePack.page
    var identities: Set<DocumentIdentity> = []
    while true {
      let page = try queries.entries(filter)
      identities.formUnion(page.map(\.record.entry.head.source.document))
      guard page.count == filter.limit, let last = page.last else { break }
      filter.cursor = last.number
    }
    return try identities.flatMap { try queries.revisions(of: $0) }
      .sorted { $0.number < $1.number }
  }

  // MARK: Files

  private mutating func writeDocuments(_ documents: [StoredDocument]) throws {
    var evidence: Set<[UInt8]> = []
    for document in documents {
      try write(
        try queries.content(of: document.number), to: "documents/\(document.number.value).json")
      guard var report = try DocumentReport(document.identity, in: queries) else { continue }
      report.document = document
      report.entries = try queries.entries(of: document.number)
      report.postings = try queries.postings(of: document.number).map {
        ($0, try queries.attempts(of: $0.number))
      }
      report.timeline = try queries.audit(of: document.number)
      evidence.formUnion(report.timeline.compactMap(\.evidence))
      var writer = JSONWriter()
      writer.write(report)
      try write(writer.bytes, to: "reports/\(document.number.value).json")
    }
    for hash in evidence.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      if let content = try queries.evidence(hash) {
        try write(content, to: "evidence/\(Hex.encode(hash)).txt")
      }
    }
  }

  /// The records from the first that concerns the documents to the checkpoint behind the last, each
  /// as the bytes that its hash is taken of.
  ///
  /// - Returns: the number of the last record that concerns them.
  private mutating func writeChain(of documents: [StoredDocument]) throws -> Int64 {
    let ranges = try documents.compactMap { try queries.auditRange(of: $0.number) }
    guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max()
    else { return 0 }
    let end = try checkpoint(covering: last)?.checkpoint.number ?? last
    var number = first - 1
    while number < end {
      let limit = Int(min(end - number, Int64(EvidencePack.page)))
      let records = try queries.auditRecords(after: number, limit: limit)
      guard let latest = records.last?.number else { break }
      for record in records {
        try write(record.bytes, to: "chain/\(EvidencePack.name(of: record.number))")
      }
      number = latest
    }
    return last
  }

  /// In twelve digits, so that names are in order.
  private static func name(of number: Int64) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(12 - text.count, 0)) + text
  }

  private func checkpoint(covering number: Int64) throws -> SignedCheckpoint? {
    try queries.checkpoints().first { $0.checkpoint.number >= number }
  }

  private mutating func writeCheckpoint(covering number: Int64, key: VerifyingKey?) throws {
    guard let key, let signed = try checkpoint(covering: number) else { return }
    try write(Array(signed.checkpoint.statement.utf8), to: "checkpoint.txt")
    try write(signed.signature, to: "checkpoint.sig")
    try write(Array(key.pem.utf8), to: "public-key.pem")
  }

  private mutating func write(_ bytes: [UInt8], to path: String) throws {
    manifest.append((SHA256.hash(bytes).hex, path))
    try put(bytes, at: path)
  }

  private func put(_ bytes: [UInt8], at path: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// What an auditor runs: every file, the links of the chain, the signature over its end.
  private static let script = """
    #!/bin/sh
    # Checks this folder without Postern: needs sha256sum, od and openssl (3.0 or later).
    set -eu
    cd "$(dirname "$0")"
    sha256sum --quiet -c MANIFEST.sha256
    previous=
    for record in chain/*; do
      before=$(head -c 32 "$record" | od -An -v -tx1 | tr -d ' \\n')
      if [ -n "$previous" ] && [ "$before" != "$previous" ]; then
        echo "$record does not follow from the record before it" >&2
        exit 1
      fi
      previous=$(sha256sum "$record" | cut -c 1-64)
    done
    if [ -f checkpoint.txt ]; then
      openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in checkpoint.txt \\
        -sigfile checkpoint.sig
      grep -q "^hash: $previous\\$" checkpoint.txt || {
        echo "the last record is not the one that was signed" >&2
        exit 1
      }
    else
      echo "no checkpoint is signed: the chain alone was checked" >&2
    fi
    echo "all is as it was written"

    """
}
