package import AdapterKit

/// An adapter that is not written in Swift: `adapters/<name>/` in the configuration folder.
package struct AdapterFolder: Sendable {
  package let name: String
  /// How it is made: `declarative`, `process`.
  package let kind: String
  /// What `adapter.yaml` says.
  package let settings: AdapterSettings
  /// The texts beside it, by name.
  package let files: [String: String]
  /// The recorded exchanges under `exchanges/`, by file.
  package let exchanges: [(file: String, value: SettingValue)]
  /// The folder on disk.
  package let path: String
  /// `adapters/acme/adapter.yaml`.
  package let place: String
}
