public import Ledger

/// Everything that is wrong with the settings of one connection.
public struct SettingsFault: Error, Hashable, Sendable {
  /// In the order in which they were found; never empty.
  public let problems: [Problem]

  public init(_ problems: [Problem]) {
    precondition(!problems.isEmpty, "a fault names what is wrong")
    self.problems = problems
  }
}

/// Reads settings one after the other and keeps every problem, so that all are told at once.
public struct SettingsReader {
  public let settings: AdapterSettings
  public private(set) var problems: [Problem] = []

  public init(_ settings: AdapterSettings) { self.settings = settings }

  /// What `read` gives, or `fallback` and a problem more.
  public mutating func value<Value>(
    or fallback: Value, _ read: (AdapterSettings) throws(Problem) -> Value
  ) -> Value {
    do throws(Problem) {
      return try read(settings)
    } catch {
      problems.append(error)
      return fallback
    }
  }

  /// Reads the settings below `key` with a reader of their own, and keeps its problems.
  public mutating func below<Value>(
    _ key: String, knownKeys: Set<String>, _ read: (inout SettingsReader) -> Value
  ) -> Value {
    let table = value(or: AdapterSettings(emptyLike: settings)) { settings throws(Problem) in
      try settings.table(key)
    }
    var reader = SettingsReader(table)
    let result = read(&reader)
    problems += reader.problems + table.unknownKeys(besides: knownKeys)
    return result
  }

  public mutating func report(_ problem: Problem) { problems.append(problem) }

  public mutating func report(_ problems: [Problem]) { self.problems += problems }

  /// - Throws: ``SettingsFault`` when anything was wrong, keys besides `knownKeys` included.
  public func finish(knownKeys: Set<String>) throws(SettingsFault) {
    let all = problems + settings.unknownKeys(besides: knownKeys)
    guard all.isEmpty else { throw SettingsFault(all) }
  }
}

extension AdapterSettings {
  /// No settings, at the place of others.
  fileprivate init(emptyLike other: AdapterSettings) {
    self = other.with([:], at: other.place)
  }

  /// The secret that a key refers to.
  ///
  /// - Throws: ``Problem`` as ``secret(_:)``, and `missing_key` when the key is absent.
  public func requiredSecret(_ key: String) throws(Problem) -> String {
    guard let secret = try secret(key) else {
      throw Problem(
        code: "missing_key", pointer: place, detail: "'\(key)' is missing in the file of \(owner)",
        fix: "Add '\(key): env:NAME' or '\(key): file:PATH'")
    }
    return secret
  }
}

/// A source without any secret.
struct NoSecrets: SecretSource {
  func secret(_ reference: SecretReference) -> String? { nil }
}
