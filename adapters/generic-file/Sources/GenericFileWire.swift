import AdapterKit

// Records of the file, and the JSON documents beside it, named as in the layout.

/// One record: a letter and its fields in order.
struct WireRecord: Hashable {
  var letter: Letter
  var fields: [WireField]

  enum Letter: String, CaseIterable {
    case header = "H"
    case entry = "J"
    case line = "L"
    case dimension = "D"
    case control = "C"
    case trailer = "T"
  }
}

/// How a field is written.
enum WireField: Hashable {
  /// A code, name or reference that must arrive unchanged; the pointer says where it stands.
  case code(String, pointer: String)
  /// A text for people.
  case text(String)
  /// Dates, currencies, sides, hashes.
  case plain(String)
  /// Amounts and rates: right-aligned with blanks in fixed width.
  case number(String, pointer: String)
  /// Right-aligned with zeros in fixed width.
  case count(Int)
}

/// `NAME.manifest.json`.
struct WireManifest: Codable, Hashable {
  var version = 1
  var batch: String
  var company: String
  var file: String
  var size: Int
  var sha256: String
  var entries: Int
  var lines: Int
}

/// `NAME.ack.json`.
struct WireAcknowledgement: Decodable, Hashable {
  struct Entry: Decodable, Hashable {
    var key: String
    var status: String
    var id: NumberText?
    var document: NumberText?
    var postedAt: String?
    var duplicate: Bool?
    var code: String?
    var text: String?
    var field: String?
  }

  var file: String?
  var sha256: String?
  var result: String
  /// For a file that was not taken.
  var code: String?
  var text: String?
  var entries: [Entry]?
}

/// `NAME.keys.json` in our own folder: what a file holds, written before the file is handed over.
struct WireKeyList: Codable, Hashable {
  var batch: String
  var file: String
  var size: Int
  var sha256: String
  var entries: Int
  var lines: Int
  var keys: [String]
}
