import AdapterKit
import Foundation
import Intake
import Ledger
import Logging
import PosternService
import PostingEngine
import PostingRules
import SQLStore
import StrictJSON
import TestSupport
import Testing

@Suite struct OpenAPITests {
  /// A server over an empty store; nothing listens.
  private func server(_ folder: TemporaryFolder, host: String = "127.0.0.1") throws -> PosternServer
  {
    let store = try SQLStore(file: URL(fileURLWithPath: folder.path(of: "store.sqlite")))
    let reader = IntakeReader(sources: [])
    let acceptance = Acceptance(
      ruleBook: RuleBook(version: "sha256:0", entities: [:], accounts: AccountDetermination([])),
      installation: "test")
    return try PosternServer(
      settings: PosternServer.Settings(host: host, port: 0),
      desk: IntakeDesk(
        reader: reader, acceptance: acceptance, commit: GroupCommit(store: store),
        clock: WallClock()),
      explainer: Explainer(reader: reader, acceptance: acceptance),
      exceptions: ExceptionDesk(
        store: store, commit: GroupCommit(store: store), acceptance: acceptance,
        policy: .standard, clock: WallClock()),
      clock: WallClock(), limits: .standard, metrics: ServiceMetrics(), readiness: Readiness(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test func `the description names every route and no other`() throws {
    let folder = try TemporaryFolder()
    let description = try JSONText(PosternServer.openAPI)
    var described: [String] = []
    let paths = try #require(description.root["paths"]?.object)
    for (path, operations) in paths {
      for (method, _) in try #require(operations.object) {
        described.append("\(method.uppercased()) \(path)")
      }
    }
    #expect(described.sorted() == (try server(folder).routes))
  }

  @Test func `other machines are not let in without keys`() throws {
    let folder = try TemporaryFolder()
    let problem = #expect(throws: Problem.self) { try server(folder, host: "0.0.0.0") }
    #expect(problem?.code == "keys_required")
  }
}
