import FileTransport
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: SFTPServer.isInstalled))
struct SFTPFolderTests {
  static func deliveryFailure(_ settings: SFTPSettings) async -> FileFailure? {
    await FileExchangeTests.failure { () throws(FileFailure) in
      try await SFTPFolder(settings).deliver([1], as: "x.csv", to: "")
    }
  }

  @Test func `a root may lie below the login folder`() async throws {
    let folder = try TemporaryFolder("login")
    try folder.write("1", to: "in/x.csv")
    let server = try await SFTPServer(subsystem: "internal-sftp -d \(folder.path)")
    var settings = server.settings
    settings.root = ""
    #expect(try await SFTPFolder(settings).list("in").map(\.name) == ["x.csv"])
    #expect(try await SFTPFolder(settings).deliver([1], as: "y.csv", to: "") == .delivered)
    settings.root = "in"
    #expect(try await SFTPFolder(settings).deliver([2], as: "y.csv", to: "") == .delivered)
    try await SFTPFolder(settings).move("y.csv", from: "", to: "")
    #expect(try folder.read("y.csv") == [1])
    #expect(try folder.read("in/y.csv") == [2])
  }

  @Test func `refuses a server with another host key`() async throws {
    let server = try await SFTPServer()
    let other = try await SFTPServer()
    var settings = server.settings
    settings.hostKey = .sha256(other.hostKey)
    let failure = await Self.deliveryFailure(settings)
    #expect(failure?.code == .hostKeyRefused)
    #expect(failure?.progress == .nothingDelivered)
    #expect(try server.folder.names(in: "files") == ["done"])
  }

  @Test func `known hosts must hold the server's key`() async throws {
    let server = try await SFTPServer()
    let key = String(decoding: try server.folder.read("host.pub"), as: UTF8.self)
    let stranger = String(decoding: try server.folder.read("stranger.pub"), as: UTF8.self)
    var settings = server.settings
    for (name, text, code) in [
      ("known", "[127.0.0.1]:\(server.port) \(key)", nil),
      ("changed", "[127.0.0.1]:\(server.port) \(stranger)", FileFailure.Code.hostKeyRefused),
      ("empty", "", .hostKeyRefused),
    ] {
      settings.hostKey = .knownHosts(file: try server.folder.write(text, to: name))
      #expect(await Self.deliveryFailure(settings)?.code == code, "\(name)")
    }
  }

  @Test func `a stranger's key and a password are refused`() async throws {
    let server = try await SFTPServer()
    for login in [
      SFTPSettings.Login.key(file: server.folder.path(of: "stranger")), .password(Secret("geheim")),
    ] {
      var settings = server.settings
      settings.login = login
      let failure = await Self.deliveryFailure(settings)
      #expect(failure?.code == .loginRefused)
      #expect(failure?.progress == .nothingDelivered)
      #expect(failure?.detail.contains("geheim") == false)
    }
  }

  @Test func `an unreachable server means nothing delivered`() async throws {
    let server = try await SFTPServer()
    var settings = server.settings
    settings.port = try ScriptedServer.unusedPort()
    let failure = await Self.deliveryFailure(settings)
    #expect(failure?.code == .connectFailed)
    #expect(failure?.progress == .nothingDelivered)
  }

  @Test func `a server that speaks something else means nothing delivered`() async throws {
    let server = try await SFTPServer()
    let web = try ScriptedServer(greeting: [.send("HTTP/1.1 400 Bad Request\r\n\r\n"), .close])
    let silent = try ScriptedServer(greeting: [.hang])
    var settings = server.settings
    settings.port = web.port
    #expect(await Self.deliveryFailure(settings)?.progress == .nothingDelivered)
    settings.port = silent.port
    settings.connectTimeout = .milliseconds(200)
    let failure = await Self.deliveryFailure(settings)
    #expect(failure?.progress == .nothingDelivered)
    #expect(failure?.code == .timeout)
  }

  @Test func `settings that cannot work are refused at once`() async throws {
    let folder = try TemporaryFolder("settings")
    let key = try folder.write("x", to: "key")
    let pin = String(repeating: "A", count: 43)
    let good = SFTPSettings(
      host: "erp.example", user: "u", login: .key(file: key), hostKey: .sha256("SHA256:\(pin)="))
    #expect(throws: Never.self) { try SFTPFolder(good) }
    for change: (inout SFTPSettings) -> Void in [
      { $0.hostKey = .sha256("") },
      { $0.hostKey = .sha256("SHA256:") },
      { $0.hostKey = .sha256("MD5:" + pin) },
      { $0.hostKey = .knownHosts(file: folder.path(of: "none")) },
      { $0.login = .key(file: folder.path(of: "none")) },
      { $0.host = "" },
      { $0.host = "a/b" },
      { $0.port = 0 },
      { $0.root = "/a/../b" },
    ] {
      var settings = good
      change(&settings)
      let failure = #expect(throws: FileFailure.self) { try SFTPFolder(settings) }
      #expect(failure?.code == .invalidSettings)
    }
  }

  @Test(arguments: [
    ("internal-sftp -R", FileFailure.Code.permissionDenied),
    ("internal-sftp -P rename", .transferFailed),
  ])
  func `a server that forbids a step has nothing delivered`(
    subsystem: String, code: FileFailure.Code
  ) async throws {
    let server = try await SFTPServer(subsystem: subsystem)
    let failure = await Self.deliveryFailure(server.settings)
    #expect(failure?.code == code)
    #expect(failure?.progress == .nothingDelivered)
    #expect(!server.folder.exists("files/x.csv"))
  }

  @Test(
    .enabled(if: RenameInterruption.isPossible), arguments: RenameInterruption.allCases)
  func `a lost answer to a rename is settled by a look`(
    interruption: RenameInterruption
  ) async throws {
    let folder = try TemporaryFolder("cut")
    let server = try await SFTPServer(subsystem: interruption.subsystem(in: folder))
    var settings = server.settings
    // A channel that was closed without an answer is silence to the client.
    settings.stepTimeout = .seconds(8)
    let exchange = try SFTPFolder(settings)
    switch interruption {
    case .afterItIsDone:
      #expect(try await exchange.deliver([1], as: "x.csv", to: "") == .delivered)
    case .beforeItIsDone:
      let failure = await FileExchangeTests.failure { () throws(FileFailure) in
        try await exchange.deliver([1], as: "x.csv", to: "")
      }
      #expect(failure?.progress == .nothingDelivered)
      #expect(try await exchange.deliver([1], as: "x.csv", to: "") == .delivered)
    }
    #expect(folder.exists("cut"))
    #expect(try server.folder.names(in: "files") == ["done", "x.csv"])
  }
}
