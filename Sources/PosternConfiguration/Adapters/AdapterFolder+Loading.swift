import Ledger

extension AdapterFolder {
  /// One adapter, without the rest of its configuration folder.
  ///
  /// - Parameters:
  ///   - folder: where `adapters/` is; secrets in files begin there.
  ///   - kinds: what a folder may be.
  /// - Throws: ``ConfigurationFaults``.
  package static func load(
    _ name: String, in folder: String, kinds: [AdapterKeys], environment: [String: String] = [:]
  ) throws(ConfigurationFaults) -> AdapterFolder {
    let findings = FindingList()
    let files = ConfigurationFolder(adapter: name, in: folder, into: findings)
    let reader = AdapterFolderReader(
      folder: files, path: folder, kinds: kinds,
      secrets: ConfiguredSecrets(environment: environment, folder: folder), findings: findings)
    let adapter = reader.read().folders.first
    guard !findings.hasErrors, let adapter else {
      throw ConfigurationFaults(findings: findings.sorted)
    }
    return adapter
  }
}
