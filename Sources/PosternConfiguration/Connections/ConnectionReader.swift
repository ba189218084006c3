import AdapterKit
import Ledger

/// Reads `connections/<code>.yaml`.
struct ConnectionReader {
  let adapters: [AdapterKeys]
  /// Adapters of the folder whose own files cannot be read, which is said there.
  let unreadable: Set<String>
  let secrets: any SecretSource
  let findings: FindingList

  private static let mostRequests = 1_000_000_000
  private static let mostAtOnce = 1_000

  func read(_ document: YAMLValue, code: String) -> ConnectionConfiguration? {
    SecretKeys.report(in: document, findings)
    guard var table = TableReader(document, .connection, findings) else { return nil }
    let adapter = table.requiredText("adapter")
    let limits = limits(table.value("limits"))
    let timeouts = timeouts(table.value("timeouts"))
    let errors = table.value("errors").flatMap { SettingValue($0) }
    let readBack = table.text("readBack")
    let pollEvery = table.duration("pollEvery")
    let acknowledgeWithin = table.duration("acknowledgeWithin")
    let timeZone = table.text("timeZone")
    let blackouts = (table.value("blackouts")).map { self.blackouts($0, in: table) } ?? []
    let createsCustomers = table.boolean("createCustomers", default: false)
    let own = (document.fields ?? []).filter { !KnownTable.connection.keys.contains($0.key) }
    guard let adapter else {
      table.finish(besides: Set(own.map(\.key)))
      return nil
    }
    check(own, of: adapter, in: table)
    checkReadBack(readBack, in: table)
    let id = ConnectionID(code)
    var values = Dictionary(
      own.compactMap { field in SettingValue(field.value).map { (field.key, $0) } },
      uniquingKeysWith: { first, _ in first })
    values["errors"] = errors
    values["timeouts"] = document["timeouts"]?["request"].map { request in
      let seconds = SettingValue(
        .integer(timeouts.request.wholeSeconds), place: request.place.description)
      return SettingValue(.table(["request": seconds]), place: request.place.description)
    }
    let settings = AdapterSettings(
      connection: id, place: document.place.file, values: values, secrets: secrets)
    var connection = ConnectionConfiguration(
      id: id, adapter: adapter, settings: settings, place: document.place.file)
    connection.limits = limits
    connection.timeouts = timeouts
    connection.errors = errors
    connection.readBack = readBack
    connection.pollEvery = pollEvery
    connection.acknowledgeWithin = acknowledgeWithin
    connection.blackouts = blackouts
    connection.createsCustomers = createsCustomers
    if let timeZone {
      connection.timeZone = ZoneName.checked(timeZone, at: table.place(of: "timeZone"), findings)
    }
    return connection
  }

  private func check(_ own: [YAMLValue.Field], of adapter: String, in table: TableReader) {
    guard !unreadable.contains(adapter) else {
      return table.finish(besides: Set(own.map(\.key)))
    }
    guard let keys = adapters.first(where: { $0.name == adapter }) else {
      findings.error(
        "unknown_adapter", table.place(of: "adapter"), "There is no adapter '\(adapter)'",
        fix: Suggestion.fix(for: adapter, known: adapters.map(\.name)))
      table.finish(besides: Set(own.map(\.key)))
      return
    }
    table.finish(besides: Set(keys.keys).union(keys.required))
    for key in keys.required where !own.contains(where: { $0.key == key && !$0.value.isEmpty }) {
      findings.error(
        "missing_key", table.place,
        "'\(key)' is missing; a connection with the adapter \(adapter) needs it",
        fix: "Add '\(key)'")
    }
  }

  private func checkReadBack(_ text: String?, in table: TableReader) {
    guard let text else { return }
    guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
      findings.error(
        "wrong_type", table.place(of: "readBack"), "'readBack' is not the address of a resource",
        fix: "Write http:// or https://, with {company} and {period} where they belong")
      return
    }
    for placeholder in ["{company}", "{period}"] where !text.contains(placeholder) {
      findings.add(
        .warning, "read_back_placeholder", table.place(of: "readBack"),
        "'readBack' does not say \(placeholder): every reconciliation reads the same resource",
        fix: "Write \(placeholder) where it belongs in the address")
    }
  }

  private func limits(_ value: YAMLValue?) -> ConnectionConfiguration.Limits {
    var limits = ConnectionConfiguration.Limits()
    guard let value, var table = TableReader(value, .connectionLimits, findings) else {
      return limits
    }
    limits.concurrency =
      table.integer("concurrency", in: 1...Self.mostAtOnce) ?? limits.concurrency
    limits.perSecond = table.integer("perSecond", in: 1...Self.mostRequests)
    limits.perMinute = table.integer("perMinute", in: 1...Self.mostRequests)
    limits.perDay = table.integer("perDay", in: 1...Self.mostRequests)
    limits.perMonth = table.integer("perMonth", in: 1...Self.mostRequests)
    limits.errorsPerHour = table.integer("errorsPerHour", in: 1...Self.mostRequests)
    limits.retryPercent = table.integer("retryPercent", in: 0...100)
    table.finish()
    return limits
  }

  private func blackouts(
    _ value: YAMLValue, in connection: TableReader
  ) -> [ConnectionConfiguration.Blackout] {
    guard let list = value.list else {
      connection.wrongType("blackouts", value, expected: "a list")
      return []
    }
    return list.compactMap { element in
      guard var table = TableReader(element, .blackout, findings) else { return nil }
      let days = table.value("days").map { days in
        (days.list ?? [days]).compactMap { day -> ConnectionConfiguration.Blackout.Day? in
          TableReader.choice(of: day, named: "days", findings)
        }
      }
      let from = minutes("from", &table)
      let through = minutes("through", &table)
      table.finish()
      guard let from, let through else { return nil }
      return ConnectionConfiguration.Blackout(
        days: days.map { Set($0) } ?? Set(ConnectionConfiguration.Blackout.Day.allCases),
        from: from, through: through)
    }
  }

  /// `HH:MM` as minutes after midnight; nil, with a fault, for anything else.
  private func minutes(_ key: String, _ table: inout TableReader) -> Int? {
    guard let value = table.value(key) else {
      table.missing(key)
      return nil
    }
    let parts = (value.text ?? "").split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
      let minute = Int(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
    else {
      table.wrongType(key, value, expected: "a time of the day in quotes such as \"22:30\"")
      return nil
    }
    return hour * 60 + minute
  }

  private func timeouts(_ value: YAMLValue?) -> ConnectionConfiguration.Timeouts {
    var timeouts = ConnectionConfiguration.Timeouts()
    guard let value, var table = TableReader(value, .connectionTimeouts, findings) else {
      return timeouts
    }
    timeouts.connect = table.duration("connect") ?? timeouts.connect
    timeouts.request = table.duration("request") ?? timeouts.request
    table.finish()
    return timeouts
  }
}

extension SettingValue {
  /// A value of a file as an adapter reads it; nil for an empty one. Only a plain whole number
  /// without leading zeros is an integer, so that `0400` stays a text.
  init?(_ value: YAMLValue) {
    let content: Content? =
      switch value.content {
      case .empty: nil
      case .text(let text, _):
        value.boolean.map { .boolean($0) } ?? value.integer.map { .integer($0) } ?? .text(text)
      case .list(let values): .list(values.compactMap { SettingValue($0) })
      case .table(let fields):
        .table(
          Dictionary(
            fields.compactMap { field in SettingValue(field.value).map { (field.key, $0) } },
            uniquingKeysWith: { first, _ in first }))
      }
    guard let content else { return nil }
    self.init(content, place: value.place.description)
  }
}

extension Duration {
  /// Rounded up.
  fileprivate var wholeSeconds: Int {
    let (seconds, attoseconds) = components
    return Int(seconds) + (attoseconds > 0 ? 1 : 0)
  }
}
