internal import AdapterConformance
internal import AdapterKit
internal import DeclarativeAdapter
internal import Foundation
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import ProcessAdapter

/// Makes an adapter of a folder under `adapters/`.
struct FolderAdapter {
  let folder: AdapterFolder

  init(_ folder: AdapterFolder) { self.folder = folder }

  /// - Throws: ``SettingsFault`` with everything that is wrong in its files.
  func declaration() throws -> DeclarativeDefinition {
    try DeclarativeDefinition(
      folder.name, settings: folder.settings, files: folder.files,
      samples: SampleEntry.rehearsal(Currency.all.first { $0.code == "EUR" }))
  }

  /// - Throws: ``SettingsFault`` with everything that is wrong in its files.
  func check() throws {
    switch folder.kind {
    case "process": _ = try program()
    default:
      _ = try declaration()
      for (_, value) in folder.exchanges {
        _ = try RecordedExchange.read(value, of: folder.settings)
      }
    }
  }

  func program() throws -> ProcessDefinition {
    let environment = ProcessInfo.processInfo.environment
    let path = URL(fileURLWithPath: folder.path).standardizedFileURL.path
    return try ProcessDefinition(
      folder.name, settings: folder.settings, folder: path,
      path: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
  }

  /// What it can do, as its file says.
  ///
  /// - Throws: ``SettingsFault``.
  func facts() throws -> DescriptorFacts {
    if folder.kind == "process" {
      let program = try program()
      return DescriptorFacts(program.descriptor, program.capabilities)
    }
    let declared = try declaration()
    return DescriptorFacts(declared.descriptor, declared.capabilities)
  }

  /// - Parameter http: nil for the network.
  func adapter(
    for connection: ConnectionConfiguration, http: (any HTTPClient)? = nil
  ) throws -> any ERPAdapter {
    switch folder.kind {
    case "process": return try ProcessAdapter(program(), settings: own(connection))
    default:
      return try DeclarativeAdapter(
        declaration(), settings: own(connection),
        http: http ?? CurlHTTPClient(try HTTPConnectionSettings(connection).client),
        now: { WallClock().now })
    }
  }

  private func own(_ connection: ConnectionConfiguration) -> AdapterSettings {
    connection.settings.without(HTTPConnectionSettings.keys)
  }
}
