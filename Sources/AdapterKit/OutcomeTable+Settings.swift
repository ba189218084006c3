import Ledger

extension OutcomeTable {
  /// The rows under `errors` of a connection, in their order:
  /// `errors: [{ match: { code: E-17 }, outcome: rejected, class: periodClosed }]`.
  ///
  /// `match` has `status`, `code` and `text`; `outcome` is `rejected` (with a `class`), `retryLater`
  /// (with a `scope`, else the connection) or `unknown`.
  public static func rows(in reader: inout SettingsReader) -> [Row] {
    guard let value = reader.settings.value("errors") else { return [] }
    guard case .list(let items) = value.content else {
      reader.report(
        Problem(
          code: "wrong_type", pointer: value.place,
          detail: "'errors' of connection \(reader.settings.connection) is not a list",
          fix: "Write a list of { match: { code: … }, outcome: … }"))
      return []
    }
    return items.compactMap { row($0, in: &reader) }
  }

  private enum Outcome: String, CaseIterable { case rejected, retryLater, unknown }
  private enum Scope: String, CaseIterable { case entry, connection }

  private static func row(_ item: SettingValue, in reader: inout SettingsReader) -> Row? {
    guard case .table(let values) = item.content else {
      reader.report(
        Problem(
          code: "wrong_type", pointer: item.place, detail: "A row of 'errors' is not a table",
          fix: "Write { match: { code: … }, outcome: … }"))
      return nil
    }
    var row = SettingsReader(
      AdapterSettings(
        connection: reader.settings.connection, place: item.place, values: values,
        secrets: NoSecrets()))
    var result = row.below("match", knownKeys: ["status", "code", "text"]) { match in
      Row(
        status: match.value(or: nil) { settings throws(Problem) in
          settings.value("status") == nil
            ? nil : try settings.integer("status", default: 0, in: 100...599)
        },
        code: match.value(or: nil) { settings throws(Problem) in try settings.optionalText("code")
        },
        text: match.value(or: nil) { settings throws(Problem) in try settings.optionalText("text")
        },
        .unknown)
    }
    if row.problems.isEmpty, result.status == nil, result.code == nil, result.text == nil {
      row.report(
        Problem(
          code: "missing_key", pointer: item.place, detail: "A row of 'errors' matches nothing",
          fix: "Give 'match' a status, a code or a text"))
    }
    result.verdict = verdict(in: &row, status: result.status)
    reader.report(
      row.problems
        + row.settings.unknownKeys(besides: ["match", "outcome", "class", "scope"]))
    return result
  }

  private static func verdict(in row: inout SettingsReader, status: Int?) -> Verdict {
    let outcome = row.value(or: Outcome.unknown) { settings throws(Problem) in
      _ = try settings.text("outcome")
      return try settings.choice("outcome", default: .unknown)
    }
    switch outcome {
    case .rejected:
      return .rejected(
        row.value(or: .validation) { settings throws(Problem) in
          try settings.choice("class", default: Rejection.Class.validation)
        })
    case .retryLater:
      let scope = row.value(or: Scope.connection) { settings throws(Problem) in
        try settings.choice("scope", default: .connection)
      }
      return .retryLater(scope == .entry ? .entry : .connection, hindrance(of: status))
    case .unknown: return .unknown
    }
  }

  /// What people are told to do about it.
  private static func hindrance(of status: Int?) -> Hindrance {
    switch status {
    case 401, 403: .credentials
    case 429: .throttled
    default: .unavailable
    }
  }
}
