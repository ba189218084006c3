import AdapterKit
import HTTPAdapterKit
import HTTPTransport
import Ledger

/// What `connections/<code>.yaml` says to an adapter that is a definition.
struct DeclarativeConnection: Sendable {
  let url: String
  let fields: ConnectionFields
  let headers: HTTPHeaders
  let authorization: HTTPAuthorization
  let limits: SubmissionLimits
  let table: OutcomeTable
  let redaction: SecretRedaction

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(
    _ settings: AdapterSettings, _ definition: DeclarativeDefinition
  ) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    url = reader.value(or: "") { settings throws(Problem) in try settings.baseURL() }
    let company = reader.value(or: "") { settings throws(Problem) in
      try settings.optionalText("company") ?? ""
    }
    var parameters: [String: String] = [:]
    for (name, fallback) in definition.parameters.sorted(by: { $0.key < $1.key }) {
      parameters[name] = reader.value(or: "") { settings throws(Problem) in
        if let fallback { return try settings.optionalText(name) ?? fallback }
        return try settings.text(name)
      }
    }
    fields = ConnectionFields(
      company: company, parameters: parameters, keyField: definition.traits.keyField)
    var own = definition.headers
    for field in reader.value(
      or: HTTPHeaders(),
      { settings throws(Problem) in
        try settings.plainHeaders()
      })
    {
      own[field.name] = field.value
    }
    headers = own
    let auth = reader.value(or: definition.auth) { settings throws(Problem) in
      try settings.table("auth").over(definition.auth)
    }
    var authReader = SettingsReader(auth)
    let (authorization, secrets) = HTTPAuthSettings.read(&authReader)
    reader.report(authReader.problems + auth.unknownKeys(besides: HTTPAuthSettings.knownKeys))
    self.authorization = authorization
    let traits = definition.traits
    limits = SubmissionLimits(
      &reader,
      defaults: SubmissionLimits(
        batchSize: traits.maximumBatchSize, maximumLines: traits.maximumLines,
        quietPeriod: traits.quietPeriod), largestBatch: traits.maximumBatchSize,
      mostLines: traits.maximumLines)
    table = OutcomeTable(OutcomeTable.rows(in: &reader) + definition.rows)
    redaction = SecretRedaction(secrets)
    try reader.finish(knownKeys: definition.connectionKeys)
  }
}
