/// How SAP names a document: number, company code and fiscal year, only together unique.
struct SAPDocument: Hashable, Sendable {
  /// What the number range starts after: the first document is 0100000001.
  private static let start = 100_000_000
  private static let digits = 10

  let company: String
  let sequence: Int
  let fiscalYear: String

  init(company: String, sequence: Int, fiscalYear: String) {
    self.company = company
    self.sequence = sequence
    self.fiscalYear = fiscalYear
  }

  init(_ entry: BookedEntry) {
    self.init(
      company: entry.company, sequence: entry.sequence,
      fiscalYear: String(entry.content.postingDate.prefix(4)))
  }

  /// Reads an object key: ten digits, the company code, four digits.
  init?(key: String) {
    guard key.count > Self.digits + 4, let sequence = Self.sequence(String(key.prefix(10))) else {
      return nil
    }
    self.init(
      company: key.dropFirst(Self.digits).dropLast(4).trimmingBlanks, sequence: sequence,
      fiscalYear: String(key.suffix(4)))
  }

  /// `0100000008`
  var number: String {
    let text = String(Self.start + sequence)
    return String(repeating: "0", count: Self.digits - text.count) + text
  }

  /// `010000000810102026`
  var key: String { number + company + fiscalYear }

  /// What the books call the entry.
  var id: String { "\(company)-\(sequence)" }

  /// The position in the books of a number, with or without its leading zeros.
  static func sequence(_ number: String) -> Int? {
    Int(number).flatMap { $0 > start ? $0 - start : nil }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String { split(separator: " ").joined(separator: " ") }
}
