import AdapterKit
import Foundation
import HTTPAdapterKit
import HTTPTransport
import Ledger
import Secrets

/// What `connections/<code>.yaml` says to this adapter.
struct GenericRESTSettings: Sendable {
  var url: String
  var company: String
  var paths: Paths
  var authorization: HTTPAuthorization
  var headers: HTTPHeaders
  /// nil where the peer wants none.
  var idempotencyHeader: String?
  var limits: SubmissionLimits
  var idempotency: AdapterDescriptor.Idempotency
  var table: OutcomeTable
  var redaction: SecretRedaction

  /// Below `url`, with `{company}`, `{key}`, `{period}` in them.
  struct Paths: Sendable {
    var submit = "/companies/{company}/journal-entries"
    var batch = "/companies/{company}/journal-entries/batch"
    var find = "/companies/{company}/journal-entries?externalKey={key}"
    var check = "/companies/{company}"
    var readBack = "/companies/{company}/journal-entries?period={period}&limit=200"
  }

  static let defaultBatchSize = 100
  static let largestBatch = 1_000

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(_ settings: AdapterSettings, knownKeys: Set<String>) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    url = reader.value(or: "") { settings throws(Problem) in try settings.baseURL() }
    company = reader.value(or: "") { settings throws(Problem) in try settings.text("company") }
    paths = reader.below("paths", knownKeys: ["submit", "batch", "find", "check", "readBack"]) {
      reader in
      var paths = Paths()
      func read(_ key: String, _ path: inout String) {
        path = reader.value(or: path) { [path] settings throws(Problem) in
          try settings.path(key) ?? path
        }
      }
      read("submit", &paths.submit)
      read("batch", &paths.batch)
      read("find", &paths.find)
      read("check", &paths.check)
      read("readBack", &paths.readBack)
      return paths
    }
    var secrets: [String] = []
    (authorization, secrets) = reader.below("auth", knownKeys: HTTPAuthSettings.knownKeys) {
      HTTPAuthSettings.read(&$0)
    }
    headers = reader.value(or: [:]) { settings throws(Problem) in try settings.plainHeaders() }
    idempotencyHeader =
      reader.value(or: nil) { settings throws(Problem) in
        try settings.optionalText("idempotencyHeader") ?? "Idempotency-Key"
      }?.filled
    limits = SubmissionLimits(
      &reader, defaults: SubmissionLimits(batchSize: Self.defaultBatchSize),
      largestBatch: Self.largestBatch)
    idempotency = reader.value(or: .native) { settings throws(Problem) in
      try settings.choice("idempotency", default: AdapterDescriptor.Idempotency.native)
    }
    table = OutcomeTable(OutcomeTable.rows(in: &reader) + OutcomeTable.Row.genericREST)
    redaction = SecretRedaction(secrets)
    try reader.finish(knownKeys: knownKeys)
  }

  /// The address of a path with its parts filled in, percent-encoded.
  func address(
    _ path: String, key: PostingKey? = nil, period: FiscalPeriod? = nil, cursor: String? = nil
  ) -> String {
    var address = url + path.replacing("{company}", with: company.percentEncoded)
    if let key { address = address.replacing("{key}", with: key.text) }
    if let period { address = address.replacing("{period}", with: period.text) }
    if let cursor {
      address += (path.contains("?") ? "&" : "?") + "cursor=" + cursor.percentEncoded
    }
    return address
  }
}

extension AdapterSettings {
  fileprivate func path(_ key: String) throws(Problem) -> String? {
    guard let path = try optionalText(key) else { return nil }
    guard path.hasPrefix("/"), !path.contains(where: \.isWhitespace) else {
      throw Problem(
        code: "invalid_path", pointer: value(key)?.place ?? place,
        detail: "The path '\(key)' of connection \(connection) does not start with a slash",
        fix: "Write it as it stands after 'url': /companies/{company}/…")
    }
    return path
  }
}
