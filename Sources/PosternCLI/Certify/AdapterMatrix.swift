internal import AdapterKit
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration

/// What every adapter of the catalogue can do, from their descriptors: `docs/adapters.md`.
struct AdapterMatrix {
  /// An adapter as an example connection makes it.
  ///
  /// - Parameters:
  ///   - changes: keys beside those of the example.
  ///   - http: instead of the network.
  static func example(
    _ kind: AdapterCatalog.Kind, changes: [String: String] = [:], http: (any HTTPClient)? = nil
  ) throws -> any ERPAdapter {
    let place = "connections/example.yaml"
    let values = kind.example.merging(changes) { $1 }.mapValues { text in
      SettingValue(Int(text).map { .integer($0) } ?? .text(text), place: place)
    }
    let settings = AdapterSettings(
      connection: ConnectionID("example"), place: place, values: nested(values, at: place),
      secrets: ExampleSecrets())
    return try kind.make(
      ConnectionConfiguration(
        id: ConnectionID("example"), adapter: kind.name, settings: settings, place: place), http)
  }

  /// `auth.type` is the key `type` of the table `auth`.
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

  /// - Throws: what an example connection lacks.
  static func markdown(_ catalog: AdapterCatalog) throws -> String {
    let adapters = try catalog.kinds.map { ($0.name, try example($0)) }
    let rows = adapters.map { $0.1.descriptor.matrixRows($0.1.capabilities) }
    var text = """
      # What each adapter can do

      Made from the adapters' descriptors by `postern adapters list --matrix`; a test fails \
      when the two differ. Where an ERP can do less, the engine does the rest, or says what a person \
      has to decide.

      | | \(adapters.map(\.0).joined(separator: " | ")) |
      | --- |\(String(repeating: " --- |", count: adapters.count))

      """
    for (index, row) in (rows.first ?? []).enumerated() {
      text += "| \(row.name) | \(rows.map { $0[index].value }.joined(separator: " | ")) |\n"
    }
    text += "\n## What to know\n"
    for (name, adapter) in adapters {
      text += "\n**\(name)**: \(adapter.descriptor.summary).\n"
      for hint in adapter.descriptor.hints(adapter.capabilities) { text += "- \(hint)\n" }
    }
    return text
  }
}

/// Any secret, for connections that are never used.
private struct ExampleSecrets: SecretSource {
  func secret(_ reference: SecretReference) -> String? { "example" }
}
