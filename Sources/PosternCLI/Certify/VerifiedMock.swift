internal import AdapterKit
internal import Foundation
internal import Ledger
internal import PosternConfiguration

/// The bundled mock ERP, started for one adapter, and the connection to it.
struct VerifiedMock {
  let desk: MockDesk
  let connection: ConnectionConfiguration
  private let process: MockERPProcess

  /// - Parameters:
  ///   - kind: of the catalogue; nil for an adapter of a folder.
  ///   - connection: of the configuration, whose path an adapter of a folder keeps.
  ///   - program: nil for the one beside this program.
  /// - Throws: ``Problem`` where the program does not start, or a folder's adapter has no connection.
  init(
    kind: AdapterCatalog.Kind?, connection: ConnectionConfiguration?, program: String?
  ) throws {
    guard let dialect = kind.map(\.mock) ?? .ofFolder else {
      throw Problem(
        code: "nothing_to_verify", pointer: kind?.name ?? "",
        detail: "The mock ERP has no dialect for this adapter", fix: "Name an ERP: --against URL")
    }
    let exchange = FileManager.default.temporaryDirectory
      .appendingPathComponent("postern-verify-\(UUID().uuidString)").path
    let process = try MockERPProcess(
      program: program, arguments: ["--exchange", exchange, "--remove-exchange"] + dialect.options)
    self.process = process
    desk = MockDesk(address: process.address, dialect: dialect, exchange: exchange)
    let found: ConnectionConfiguration
    if let kind {
      var changes = dialect.connection
      changes["url"] = dialect.path.map { process.address + $0 } ?? "file://" + exchange
      found = ExampleConnection(kind, changes: changes, secret: MockDialect.secret).configuration
    } else if let connection {
      let path = URL(string: (try? connection.settings.text("url")) ?? "")?.path ?? ""
      found = connection.pointed(at: process.address + path)
    } else {
      process.stop()
      throw Problem(
        code: "nothing_to_verify", pointer: "connections", detail: "The adapter has no connection",
        fix: "Write one whose address has the path of a dialect of the mock ERP")
    }
    var connection = found
    connection.readBack =
      process.address + "/_admin/journal?company=\(MockDialect.company)&period={period}"
    self.connection = connection
  }

  /// Its folder goes with it, also when this program is killed.
  func stop() { process.stop() }
}
