import AdapterKit
import Ledger
import Secrets

/// What `connections/<code>.yaml` says to this adapter.
struct TrytonSettings: Sendable {
  /// The server, without the database.
  var url: String
  var database: String
  /// The name of the company's party.
  var company: String
  var user: String
  var password: Secret
  /// The code of the journal, and of those for single kinds of entries.
  var journal: String
  var journals: [EntryKind: String]
  var limits: SubmissionLimits
  var table: OutcomeTable
  var redaction: SecretRedaction

  static let defaultJournal = "MISC"

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(_ settings: AdapterSettings, knownKeys: Set<String>) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    url = reader.value(or: "") { settings throws(Problem) in try settings.baseURL() }
    database = reader.value(or: "") { settings throws(Problem) in
      try settings.databaseName()
    }
    company = reader.value(or: "") { settings throws(Problem) in try settings.text("company") }
    let (user, password) = reader.below("auth", knownKeys: ["user", "password"]) { auth in
      (
        auth.value(or: "") { settings throws(Problem) in try settings.text("user") },
        auth.value(or: "") { settings throws(Problem) in try settings.requiredSecret("password") }
      )
    }
    self.user = user
    self.password = Secret(password)
    journal = reader.value(or: Self.defaultJournal) { settings throws(Problem) in
      try settings.optionalText("journal") ?? Self.defaultJournal
    }
    journals = reader.value(or: [:]) { settings throws(Problem) in try settings.journals() }
    limits = SubmissionLimits(
      &reader, defaults: SubmissionLimits(batchSize: 1), largestBatch: 1)
    table = OutcomeTable(OutcomeTable.rows(in: &reader) + OutcomeTable.Row.tryton)
    redaction = SecretRedaction([password])
    try reader.finish(knownKeys: knownKeys)
  }

  func journal(for kind: EntryKind) -> String { journals[kind] ?? journal }
}

extension AdapterSettings {
  /// It becomes part of the address as it is.
  fileprivate func databaseName() throws(Problem) -> String {
    let name = try text("database")
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
    guard isPlain, !name.isEmpty else {
      throw Problem(
        code: "invalid_path", pointer: value("database")?.place ?? place,
        detail: "'database' of connection \(connection) is no name of a database",
        fix: "Write letters, digits, '-', '_' and '.' only")
    }
    return name
  }

  fileprivate func journals() throws(Problem) -> [EntryKind: String] {
    var journals: [EntryKind: String] = [:]
    for (name, code) in try texts("journals").sorted(by: { $0.key < $1.key }) {
      guard let kind = EntryKind(rawValue: name) else {
        throw Problem(
          code: "wrong_type", pointer: value("journals")?.place ?? place,
          detail: "'\(name)' under 'journals' of connection \(connection) is no kind of entry",
          fix: "Use one of: " + EntryKind.allCases.map(\.rawValue).joined(separator: ", "))
      }
      journals[kind] = code
    }
    return journals
  }
}
