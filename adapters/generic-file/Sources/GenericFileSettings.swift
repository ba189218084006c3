import AdapterKit
import Ledger

/// What `connections/<code>.yaml` says to this adapter, besides where the folders are.
struct GenericFileSettings: Sendable {
  var company: String
  var format: GenericFileFormat
  var folders: Folders
  var writesManifest: Bool
  var writesDoneMarker: Bool
  var readsAcknowledgements: Bool
  var limits: SubmissionLimits
  var idempotency: AdapterDescriptor.Idempotency
  var table: OutcomeTable

  /// Below the exchange's root.
  struct Folders: Hashable, Sendable {
    /// What we hand over.
    var incoming: String
    /// Acknowledgements.
    var outgoing: String
    /// Where the receiver keeps what it took; nil where it keeps nothing that we may see.
    var archive: String?
    /// Where it puts what it could not read.
    var error: String?
    /// Our own lists of what was handed over.
    var sent: String

    static let keys: Set<String> = ["in", "out", "archive", "error", "sent"]
  }

  static let defaultBatchSize = 500
  static let largestBatch = 10_000
  static let longestCompany = 20

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(_ settings: AdapterSettings, knownKeys: Set<String>) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    let company = reader.value(or: "") { settings throws(Problem) in try settings.companyFolder() }
    self.company = company
    format = reader.value(or: .csv) { settings throws(Problem) in
      try settings.choice("format", default: GenericFileFormat.csv)
    }
    folders = reader.below("folders", knownKeys: Folders.keys) { reader in
      func folder(_ key: String) -> String {
        reader.value(or: "") { settings throws(Problem) in
          (try settings.optionalText(key) ?? "{company}/\(key)")
            .replacing("{company}", with: company)
        }
      }
      let archive = folder("archive")
      let error = folder("error")
      return Folders(
        incoming: folder("in"), outgoing: folder("out"), archive: archive.isEmpty ? nil : archive,
        error: error.isEmpty ? nil : error, sent: folder("sent"))
    }
    writesManifest = reader.value(or: true) { settings throws(Problem) in
      try settings.boolean("manifest", default: true)
    }
    writesDoneMarker = reader.value(or: false) { settings throws(Problem) in
      try settings.boolean("doneMarker", default: false)
    }
    let acknowledged = reader.value(or: true) { settings throws(Problem) in
      try settings.boolean("acknowledgements", default: true)
    }
    readsAcknowledgements = acknowledged
    limits = SubmissionLimits(
      &reader, defaults: SubmissionLimits(batchSize: Self.defaultBatchSize),
      largestBatch: Self.largestBatch)
    idempotency = reader.value(or: .none) { settings throws(Problem) in
      try settings.choice(
        "idempotency", default: acknowledged ? AdapterDescriptor.Idempotency.native : .none)
    }
    table = OutcomeTable(OutcomeTable.rows(in: &reader) + OutcomeTable.Row.genericFile)
    try reader.finish(knownKeys: knownKeys)
  }

  /// Names of what is written beside `file`, in order; the last one releases it.
  func markers(of file: String) -> [String] {
    (writesManifest ? [file + ".manifest.json"] : [])
      + (writesDoneMarker ? [file + ".done"] : [])
  }
}

extension AdapterSettings {
  /// The company's code, which is part of folders and file names.
  fileprivate func companyFolder() throws(Problem) -> String {
    let company = try text("company")
    let isPlain = company.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
    guard isPlain, !company.isEmpty, !company.hasPrefix("."),
      company.utf8.count <= GenericFileSettings.longestCompany
    else {
      throw Problem(
        code: "invalid_company", pointer: value("company")?.place ?? place,
        detail: "'company' of connection \(connection) cannot be part of a file name",
        fix: "Use at most \(GenericFileSettings.longestCompany) of A–Z a–z 0–9 _ - .")
    }
    return company
  }
}
