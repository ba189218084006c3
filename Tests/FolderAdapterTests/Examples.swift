import AdapterConformance
import AdapterKit
import DeclarativeAdapter
import Foundation
import Ledger
import PosternConfiguration
import ProcessAdapter

/// The adapters under `adapters/examples`, as a configuration folder has them.
enum Examples {
  static let kinds = [
    AdapterKeys(name: "declarative", keys: []), AdapterKeys(name: "process", keys: []),
  ]

  static var repository: URL {
    URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
  }

  static var folder: URL { repository.appendingPathComponent("adapters/examples") }

  /// A configuration folder that holds one adapter.
  static func load(_ name: String, in folder: URL) throws -> AdapterFolder {
    try AdapterFolder.load(name, in: folder.path, kinds: kinds)
  }

  static func declaration(_ folder: AdapterFolder) throws -> DeclarativeDefinition {
    try DeclarativeDefinition(
      folder.name, settings: folder.settings, files: folder.files,
      samples: SampleEntry.rehearsal(Currency("EUR")))
  }
}
