import Intake
import Ledger
import PosternConfiguration
import PostingRules
import TestSupport
import Yams

/// The configuration of the worked examples: `Books/`, with what a case changes.
enum Books {
  static let path = SharedData.repositoryRoot + "/Tests/AccountingTests/Books"
  static let installation = "accounting-tests"

  private static let loader = ConfigurationLoader(
    adapters: [
      AdapterKeys(name: "generic-rest", keys: ["url", "company"], required: ["url", "company"])
    ], environment: [:])

  private static let files = ConfigurationFolder(readingFrom: path, into: FindingList()).files

  static func configuration(
    policies: [String: [AccountingCase.Policy]] = [:], files changes: [String: String] = [:]
  ) throws -> LoadedConfiguration {
    var files = files
    for (file, text) in changes { files[file] = [UInt8](text.utf8) }
    for (entity, policies) in policies {
      let file = "entities/\(entity).yaml"
      guard let bytes = files[file],
        var node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
      else { throw CaseFault("there is no \(file)") }
      for policy in policies {
        guard let value = try Yams.compose(yaml: policy.value) else { continue }
        node["policies"]?[policy.key] = value
      }
      files[file] = [UInt8](try Yams.serialize(node: node).utf8)
    }
    do {
      return try loader.load(ConfigurationFolder(files: files), at: path)
    } catch {
      throw CaseFault(
        error.findings.map { "\($0.problem.pointer): \($0.problem.detail)" }
          .joined(separator: "\n"))
    }
  }
}

extension LoadedConfiguration {
  var reader: IntakeReader {
    IntakeReader(
      sources: sources.map(\.source), defaultSource: installation.defaultSource,
      entities: Set(rules.entities.keys), limits: installation.limits)
  }
}
