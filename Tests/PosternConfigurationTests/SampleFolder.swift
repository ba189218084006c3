import AdapterKit
import Ledger
import PosternConfiguration
import TestSupport

/// A small correct configuration in memory, to be broken file by file.
struct SampleFolder {
  var files: [String: String] = [
    "postern.yaml": "installation: 0123456789abcdef\ndefaultSource: billing\n",
    "entities/ACME.yaml": """
    code: ACME
    name: Acme
    country: DE
    currency: EUR
    connection: erp

    """,
    "connections/erp.yaml": "adapter: generic-rest\nurl: http://127.0.0.1:1\ncompany: ACME\n",
    "sources/billing.yaml": "entity: ACME\n",
  ]

  static let adapters = [
    AdapterKeys(
      name: "generic-rest", keys: ["url", "company", "auth", "headers"],
      required: ["url", "company"])
  ]

  init(_ changes: [String: String] = [:], accounts: Bool = true) {
    if accounts {
      for role in AccountRole.allCases {
        files["accounts/\(role.rawValue).yaml"] = "- account: 0100\n"
      }
    }
    for (name, text) in changes { files[name] = text }
  }

  var folder: ConfigurationFolder {
    ConfigurationFolder(files: files.mapValues { [UInt8]($0.utf8) })
  }

  static let loader = ConfigurationLoader(adapters: adapters, environment: [:])

  func load() throws -> LoadedConfiguration {
    try Self.loader.load(folder, at: "/configuration")
  }

  /// Everything found: `error unknown_key entities/ACME.yaml:3`.
  var findings: [String] {
    all.map { "\($0.severity) \($0.problem.code) \($0.problem.pointer)" }
  }

  var all: [ConfigurationFinding] {
    do {
      return try Self.loader.load(folder, at: "/configuration").findings
    } catch {
      return error.findings
    }
  }

  /// The only finding with a code; nil where there is none, or more than one.
  func only(_ code: String) -> Problem? {
    let problems = all.map(\.problem).filter { $0.code == code }
    return problems.count == 1 ? problems.first : nil
  }
}
