public import Ledger

/// A value of the configuration and the place where it stands.
public struct SettingValue: Hashable, Sendable {
  public indirect enum Content: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case list([SettingValue])
    case table([String: SettingValue])
  }

  public let content: Content
  /// File and line: `connections/erp.yaml:7`.
  public let place: String

  public init(_ content: Content, place: String) {
    self.content = content
    self.place = place
  }
}

/// What `connections/<code>.yaml` says to an adapter: its own keys, read with clear errors.
public struct AdapterSettings: Sendable {
  public let connection: ConnectionID
  /// The file, for problems that concern a missing key.
  public let place: String
  /// Whose settings these are, for messages: `connection erp-de`, `adapter acme`.
  public let owner: String
  private let values: [String: SettingValue]
  private let secrets: any SecretSource

  public init(
    connection: ConnectionID, place: String, values: [String: SettingValue],
    secrets: any SecretSource, owner: String? = nil
  ) {
    self.connection = connection
    self.place = place
    self.owner = owner ?? "connection \(connection)"
    self.values = values
    self.secrets = secrets
  }

  /// Other values read as these are.
  public func with(_ values: [String: SettingValue], at place: String) -> AdapterSettings {
    AdapterSettings(
      connection: connection, place: place, values: values, secrets: secrets, owner: owner)
  }

  /// These settings, and those of `defaults` for keys that they do not have.
  public func over(_ defaults: AdapterSettings) -> AdapterSettings {
    with(values.merging(defaults.values) { own, _ in own }, at: place)
  }

  public var keys: [String] { values.keys.sorted() }

  public func value(_ key: String) -> SettingValue? { values[key] }

  /// These settings without some keys, which others read.
  public func without(_ keys: Set<String>) -> AdapterSettings {
    with(values.filter { !keys.contains($0.key) }, at: place)
  }

  /// The settings below a key; empty when it is absent.
  ///
  /// - Throws: ``Problem`` `wrong_type`.
  public func table(_ key: String) throws(Problem) -> AdapterSettings {
    guard let value = values[key] else {
      return with([:], at: place)
    }
    guard case .table(let table) = value.content else {
      throw wrongType(key, value, expected: "a table of keys")
    }
    return with(table, at: value.place)
  }

  /// - Throws: ``Problem`` `missing_key` or `wrong_type`.
  public func text(_ key: String) throws(Problem) -> String {
    guard let text = try optionalText(key) else {
      throw Problem(
        code: "missing_key", pointer: place, detail: "'\(key)' is missing in the file of \(owner)",
        fix: "Add '\(key)' there")
    }
    return text
  }

  /// - Throws: ``Problem`` `wrong_type`.
  public func optionalText(_ key: String) throws(Problem) -> String? {
    guard let value = values[key] else { return nil }
    switch value.content {
    case .text(let text): return text
    case .integer(let number): return String(number)
    default: throw wrongType(key, value, expected: "a text")
    }
  }

  /// - Throws: ``Problem`` `wrong_type`, also outside `range`.
  public func integer(
    _ key: String, default fallback: Int, in range: ClosedRange<Int>
  ) throws(Problem) -> Int {
    guard let value = values[key] else { return fallback }
    guard case .integer(let number) = value.content, range.contains(number) else {
      throw wrongType(
        key, value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// - Throws: ``Problem`` `wrong_type`.
  public func boolean(_ key: String, default fallback: Bool) throws(Problem) -> Bool {
    guard let value = values[key] else { return fallback }
    guard case .boolean(let flag) = value.content else {
      throw wrongType(key, value, expected: "true or false")
    }
    return flag
  }

  /// One of the raw values of `Choice`.
  ///
  /// - Throws: ``Problem`` `wrong_type`.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Choice
  ) throws(Problem) -> Choice where Choice.RawValue == String {
    guard let value = values[key] else { return fallback }
    guard case .text(let text) = value.content, let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw wrongType(key, value, expected: "one of: \(names)")
    }
    return choice
  }

  /// Every text below a key that holds a table of texts.
  ///
  /// - Throws: ``Problem`` `wrong_type`.
  public func texts(_ key: String) throws(Problem) -> [String: String] {
    let settings = try table(key)
    var result: [String: String] = [:]
    for name in settings.keys { result[name] = try settings.text(name) }
    return result
  }

  /// The secret that a key refers to as `env:NAME` or `file:PATH`; nil when the key is absent.
  ///
  /// - Throws: ``Problem`` `secret_inline` when the secret itself stands in the file,
  ///   `secret_missing` when the reference leads nowhere. Neither repeats what stood there.
  public func secret(_ key: String) throws(Problem) -> String? {
    guard let value = values[key] else { return nil }
    guard case .text(let text) = value.content, let reference = SecretReference(text) else {
      throw Problem(
        code: "secret_inline", pointer: value.place,
        detail: "'\(key)' of \(owner) is not a reference to a secret",
        fix: "Write env:NAME or file:PATH, and put the secret there")
    }
    guard let secret = secrets.secret(reference) else {
      throw Problem(
        code: "secret_missing", pointer: value.place,
        detail: "\(reference) is not there", fix: "Set it before Postern starts")
    }
    return secret
  }

  /// Every secret that these settings refer to, for those who look whether one is repeated.
  package var secretsInUse: [String] {
    func secrets(_ value: SettingValue) -> [String] {
      switch value.content {
      case .text(let text):
        SecretReference(text).flatMap { self.secrets.secret($0) }.map { [$0] } ?? []
      case .list(let values): values.flatMap(secrets)
      case .table(let table): table.values.flatMap(secrets)
      case .integer, .boolean: []
      }
    }
    return values.values.flatMap(secrets)
  }

  /// A problem for each key that is not in `known`.
  public func unknownKeys(besides known: Set<String>) -> [Problem] {
    keys.filter { !known.contains($0) }.map { key in
      Problem(
        code: "unknown_key", pointer: values[key]?.place ?? place,
        detail: "'\(key)' is no key of \(owner)",
        fix: "Known keys here: \(known.sorted().joined(separator: ", "))")
    }
  }

  private func wrongType(_ key: String, _ value: SettingValue, expected: String) -> Problem {
    Problem(
      code: "wrong_type", pointer: value.place,
      detail: "'\(key)' of \(owner) is not \(expected)",
      fix: "Write \(expected)")
  }
}
