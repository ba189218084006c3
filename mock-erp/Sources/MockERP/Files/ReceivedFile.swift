import Digest
import Foundation

/// A released file, read and held against its markers.
struct ReceivedFile {
  let name: String
  /// Of all its bytes, in lower-case hex.
  let sha256: String
  let result: Result<BatchFile, FileFault>
  /// What the done marker or the manifest says against it; nil when they agree.
  let markerFault: FileFault?

  /// nil when the file could not be read.
  var batch: BatchFile? { try? result.get() }

  init(name: String, bytes: [UInt8], folder: ExchangeFolder) {
    self.name = name
    let sha256 = SHA256.hash(bytes).hex
    self.sha256 = sha256
    let result = Result<BatchFile, FileFault> { () throws(FileFault) in
      let records =
        name.hasSuffix(".csv")
        ? try DelimitedFormat.records(bytes) : try FixedWidthFormat.records(bytes)
      return try BatchFile(records, of: bytes)
    }
    self.result = result
    var markerFault: FileFault?
    if let done = folder.read(name + ExchangeFolder.done) {
      let text = String(decoding: done, as: UTF8.self)
      if let given = text.split(whereSeparator: \.isWhitespace).first,
        given.lowercased() != sha256
      {
        markerFault = FileFault(
          code: "marker_mismatch", text: "The done marker has another hash than the file")
      }
    }
    if let manifest = folder.read(name + ExchangeFolder.manifest) {
      let expected = Manifest(
        version: 1, batch: (try? result.get())?.batch, company: folder.company, file: name,
        size: bytes.count, sha256: sha256, entries: (try? result.get())?.drafts.count,
        lines: (try? result.get())?.lineCount)
      markerFault = Manifest.fault(manifest, expected: expected) ?? markerFault
    }
    self.markerFault = markerFault
  }
}

/// The manifest that may lie beside a file. The optional members are nil when the file is not readable.
private struct Manifest: Decodable {
  let version: Int
  let batch: String?
  let company: String
  let file: String
  let size: Int
  let sha256: String
  let entries: Int?
  let lines: Int?

  /// What a manifest says that is not so; nil when all of it is right.
  static func fault(_ bytes: [UInt8], expected: Manifest) -> FileFault? {
    guard let given = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)) else {
      return FileFault(code: "manifest_mismatch", text: "The manifest is not readable")
    }
    let differs =
      [
        ("version", given.version == expected.version),
        ("company", given.company == expected.company), ("file", given.file == expected.file),
        ("size", given.size == expected.size),
        ("sha256", given.sha256.lowercased() == expected.sha256),
        ("batch", expected.batch == nil || given.batch == expected.batch),
        ("entries", expected.entries == nil || given.entries == expected.entries),
        ("lines", expected.lines == nil || given.lines == expected.lines),
      ].first { !$0.1 }
    return differs.map {
      FileFault(
        code: "manifest_mismatch", text: "The manifest's \($0.0) is not that of the file")
    }
  }
}
