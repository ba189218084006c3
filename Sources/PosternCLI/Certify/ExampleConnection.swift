internal import AdapterKit
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration

/// The least that a connection with an adapter of the catalogue says, for those who need no real one.
struct ExampleConnection {
  let kind: AdapterCatalog.Kind
  let configuration: ConnectionConfiguration

  /// - Parameters:
  ///   - changes: keys beside those of the example; `auth.type` is the key `type` of the table `auth`.
  ///   - secret: what every reference to a secret leads to.
  init(
    _ kind: AdapterCatalog.Kind, changes: [String: String] = [:], secret: String = "example"
  ) {
    let place = "connections/example.yaml"
    let values = kind.example.merging(changes) { $1 }.mapValues { text in
      SettingValue(Int(text).map { .integer($0) } ?? .text(text), place: place)
    }
    let settings = AdapterSettings(
      connection: ConnectionID("example"), place: place,
      values: ExampleConnection.nested(values, at: place), secrets: ExampleSecrets(secret: secret))
    self.kind = kind
    configuration = ConnectionConfiguration(
      id: ConnectionID("example"), adapter: kind.name, settings: settings, place: place)
  }

  /// - Parameter http: instead of the network.
  /// - Throws: what the example lacks.
  func adapter(http: (any HTTPClient)? = nil) throws -> any ERPAdapter {
    try kind.make(configuration, AdapterCatalog.Between(http: http))
  }

  private static func nested(
    _ values: [String: SettingValue], at place: String
  ) -> [String: SettingValue] {
    var result: [String: SettingValue] = [:]
    var tables: [String: [String: SettingValue]] = [:]
    for (key, value) in values {
      guard let dot = key.firstIndex(of: ".") else {
        result[key] = value
        continue
      }
      tables[String(key[..<dot]), default: [:]][String(key[key.index(after: dot)...])] = value
    }
    for (key, table) in tables {
      result[key] = SettingValue(.table(nested(table, at: place)), place: place)
    }
    return result
  }
}

/// The same secret under every name of the environment.
private struct ExampleSecrets: SecretSource {
  let secret: String

  func secret(_ reference: SecretReference) -> String? {
    if case .environment = reference { secret } else { nil }
  }
}
