import Ledger
import PostingRules

/// Reads a configuration folder, and checks it as a whole.
package struct ConfigurationLoader: Sendable {
  private let adapters: [AdapterKeys]
  private let adapterKinds: [AdapterKeys]
  private let exceptionClasses: [String]
  private let environment: [String: String]

  /// - Parameters:
  ///   - adapters: the adapters that connections may name, with their keys.
  ///   - adapterKinds: the kinds of adapters that the folder itself may hold, likewise.
  ///   - exceptionClasses: those that rules about exceptions may name; empty takes any.
  ///   - environment: where `env:NAME` leads.
  package init(
    adapters: [AdapterKeys], adapterKinds: [AdapterKeys] = [], exceptionClasses: [String] = [],
    environment: [String: String]
  ) {
    self.adapters = adapters
    self.adapterKinds = adapterKinds
    self.exceptionClasses = exceptionClasses
    self.environment = environment
  }

  /// The configuration in a folder.
  ///
  /// - Throws: ``ConfigurationFaults`` with every error of the folder. Warnings do not stop it.
  package func load(_ path: String) throws(ConfigurationFaults) -> LoadedConfiguration {
    let findings = FindingList()
    let folder = ConfigurationFolder(readingFrom: path, into: findings)
    guard !findings.hasErrors || !folder.files.isEmpty else {
      throw ConfigurationFaults(findings: findings.sorted)
    }
    return try load(folder, at: path, findings)
  }

  /// The configuration in files that are already read.
  ///
  /// - Parameter path: where relative paths of the store and of secrets begin.
  /// - Throws: ``ConfigurationFaults``.
  package func load(
    _ folder: ConfigurationFolder, at path: String
  ) throws(ConfigurationFaults) -> LoadedConfiguration {
    try load(folder, at: path, FindingList())
  }

  /// Everything that is wrong with a folder or worth knowing about it, by file and line.
  package func check(_ path: String) -> [ConfigurationFinding] {
    do {
      return try load(path).findings
    } catch {
      return error.findings
    }
  }

  private func load(
    _ folder: ConfigurationFolder, at path: String, _ findings: FindingList
  ) throws(ConfigurationFaults) -> LoadedConfiguration {
    let secrets = ConfiguredSecrets(environment: environment, folder: path)
    let reader = FolderReader(
      folder: folder, path: path, adapters: adapters, adapterKinds: adapterKinds,
      secrets: secrets, exceptionClasses: exceptionClasses, findings: findings)
    let contents = reader.read()
    ReferenceCheck(contents: contents, findings: findings).run()
    AccountCheck(contents: contents, findings: findings).run()
    RateCheck(contents: contents, findings: findings).run()
    guard !findings.hasErrors, let installation = contents.installation else {
      throw ConfigurationFaults(findings: findings.sorted)
    }
    return contents.loaded(installation.settings, findings: findings.sorted)
  }
}
