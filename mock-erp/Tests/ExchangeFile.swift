import Digest
import Foundation

@testable import MockERP

/// Builds exchanged files as a sender would, and hands them over.
struct ExchangeFile {
  enum Format: String, CaseIterable, Sendable {
    case csv
    case txt
  }

  var name = "GL_DE01_000042.csv"
  var company = "DE01"
  var batch = "batch-0007"
  var sequence = 42
  var created = "2026-10-31T08:30:00Z"
  var drafts: [EntryDraft] = [Samples.draft()]
  /// Replaces the totals that are computed.
  var controls: [[String]]?

  private var format: Format { name.hasSuffix(".csv") ? .csv : .txt }

  /// The whole file with its trailer.
  var bytes: [UInt8] {
    var text = record("H", ["1", company, String(sequence), created, batch])
    var lineCount = 0
    var totals: [String: (kind: String, currency: String, debit: Int64, credit: Int64)] = [:]
    for draft in drafts {
      text += record(
        "J",
        [
          draft.externalKey, draft.postingDate, draft.documentDate ?? "", draft.currency,
          draft.functionalCurrency, draft.number ?? "", draft.reference ?? "",
          draft.description ?? "", String(draft.lines.count),
        ])
      for (index, line) in draft.lines.enumerated() {
        lineCount += 1
        text += record(
          "L",
          [
            draft.externalKey, String(index + 1), line.account, line.side == "debit" ? "D" : "C",
            line.amount, line.functionalAmount, line.party ?? "", line.tax?.code ?? "",
            line.tax?.rate ?? "", line.tax?.base ?? "", line.description ?? "",
          ])
        for (name, value) in line.dimensions.sorted(by: { $0.key < $1.key }) {
          text += record("D", [draft.externalKey, String(index + 1), name, value])
        }
        for (kind, currency, amount) in [
          ("T", draft.currency, line.amount),
          ("F", draft.functionalCurrency, line.functionalAmount),
        ] {
          let units = (try? ExactAmount.minorUnits(amount, decimals: 4)) ?? 0
          var total = totals[kind + currency] ?? (kind, currency, 0, 0)
          if line.side == "debit" { total.debit += units } else { total.credit += units }
          totals[kind + currency] = total
        }
      }
    }
    let computed = totals.sorted { $0.key < $1.key }.map(\.value).map { total in
      [
        total.kind, total.currency, ExactAmount.text(total.debit, decimals: 4),
        ExactAmount.text(total.credit, decimals: 4),
      ]
    }
    for control in controls ?? computed { text += record("C", control) }
    let hash = SHA256.hash(text.utf8).hex
    text += record("T", [String(sequence), String(drafts.count), String(lineCount), hash])
    return Array(text.utf8)
  }

  /// Writes into `in` and releases it.
  func handOver(
    to folder: URL, bytes changed: [UInt8]? = nil, done: String? = "", manifest: String? = nil
  ) throws {
    let folder = folder.appending(path: "\(company)/in")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(changed ?? bytes).write(to: folder.appending(path: name))
    if let manifest {
      try Data(manifest.utf8).write(to: folder.appending(path: name + ".manifest.json"))
    }
    if let done { try Data(done.utf8).write(to: folder.appending(path: name + ".done")) }
  }

  var manifest: String {
    """
    {"version":1,"batch":"\(batch)","company":"\(company)","file":"\(name)","size":\(bytes.count),
     "sha256":"\(SHA256.hash(bytes).hex)","entries":\(drafts.count),
     "lines":\(drafts.reduce(0) { $0 + $1.lines.count })}
    """
  }

  private func record(_ letter: Character, _ fields: [String]) -> String {
    let layout = RecordLayout.fields(of: letter) ?? []
    switch format {
    case .csv:
      let cells = zip(layout, fields).map { Self.cell($1, isText: $0.kind == .text) }
      return ([String(letter)] + cells).joined(separator: ";") + "\n"
    case .txt:
      return String(letter) + zip(layout, fields).map(Self.padded).joined() + "\n"
    }
  }

  private static func cell(_ text: String, isText: Bool) -> String {
    var text = text
    if isText, let first = text.unicodeScalars.first, "=+-@\t\r'".unicodeScalars.contains(first) {
      text = "'" + text
    }
    let special = text.unicodeScalars.contains { ";\"\r\n".unicodeScalars.contains($0) }
    guard special || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func padded(_ field: RecordLayout.Field, _ text: String) -> String {
    var text = text
    if field.kind == .text {
      text = text.replacing("\\", with: "\\\\").replacing("\t", with: "\\t")
      text = text.unicodeScalars.map { $0 == "\n" ? "\\n" : $0 == "\r" ? "\\r" : String($0) }
        .joined()
      if text.hasSuffix(" ") { text = text.dropLast() + "\\s" }
    }
    let fill = field.width - text.unicodeScalars.count
    switch field.kind {
    case .text, .code: return text + String(repeating: " ", count: fill)
    case .count: return String(repeating: "0", count: fill) + text
    case .amount: return String(repeating: " ", count: fill) + text
    }
  }
}
