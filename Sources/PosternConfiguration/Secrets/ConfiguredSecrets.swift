package import AdapterKit
import Foundation

/// Secrets from environment variables and from files.
package struct ConfiguredSecrets: SecretSource {
  private let environment: [String: String]
  private let folder: String

  /// Larger files are no secrets.
  package static let maximumBytes = 64 * 1_024

  /// - Parameters:
  ///   - environment: the process's variables.
  ///   - folder: where relative paths begin: the configuration folder.
  package init(environment: [String: String], folder: String) {
    self.environment = environment
    self.folder = folder
  }

  /// The value; a line break at the end of a file is not part of it. nil when the variable or file
  /// is absent, empty, too large or not UTF-8.
  package func secret(_ reference: SecretReference) -> String? {
    switch reference {
    case .environment(let name):
      guard let value = environment[name], !value.isEmpty else { return nil }
      return value
    case .file(let path):
      let absolute = path.hasPrefix("/") ? path : folder + "/" + path
      guard let handle = FileHandle(forReadingAtPath: absolute) else { return nil }
      defer { try? handle.close() }
      guard let data = try? handle.read(upToCount: Self.maximumBytes + 1),
        data.count <= Self.maximumBytes, var text = String(data: data, encoding: .utf8)
      else { return nil }
      if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
      return text.isEmpty ? nil : text
    }
  }
}
