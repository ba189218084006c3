import Foundation
import Glibc
import TestSupport
import Testing

private enum OpenSSH {
  static let server = "/usr/sbin/sshd"

  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: server) }
}

/// Files through a real OpenSSH server, which the ERP reads on the other side.
@Suite(.enabled(if: OpenSSH.isInstalled, "no OpenSSH server is installed"))
struct SFTPTests {
  @Test func `entries go over SFTP to the ERP, and its acknowledgements come back`() async throws {
    let desk = try await Desk("sftp")
    let exchange = desk.folder.path(of: "exchange")
    let erp = try await MockERP(exchange: exchange)
    for name in ["in", "out", "sent", "archive", "error"] {
      try FileManager.default.createDirectory(
        atPath: "\(exchange)/SFTP/\(name)", withIntermediateDirectories: true)
    }
    for key in ["host", "user", "stranger"] {
      try await ChildProcess.run(
        "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", desk.folder.path(of: key)])
    }
    let (process, port) = try await start(in: desk.folder)
    defer { process.send(SIGTERM) }
    try desk.write(
      try desk.read("entities/DEMO.yaml")
        .replacingOccurrences(of: "code: DEMO", with: "code: SFTP")
        .replacingOccurrences(of: "connection: erp", with: "connection: sftp"),
      to: "entities/SFTP.yaml")
    func connect(pinned key: String) async throws {
      let hash = try await ChildProcess.run(
        "/usr/bin/ssh-keygen", ["-l", "-f", desk.folder.path(of: key + ".pub")])
      let pin = try #require(hash.split(separator: " ").dropFirst().first)
      try desk.write(
        """
        adapter: generic-file
        url: sftp://127.0.0.1:\(port)\(exchange)
        company: SFTP
        auth:
          user: \(NSUserName())
          keyFile: \(desk.folder.path(of: "user"))
          hostKey: "\(pin)"
        pollEvery: 500ms
        quietSeconds: 0
        limits: { concurrency: 1 }
        readBack: \(erp.address)/_admin/journal?company={company}&period={period}

        """, to: "connections/sftp.yaml")
    }
    try await connect(pinned: "stranger")
    _ = try await desk.submit((1...20).map { Sample.invoice("S-\($0)", entity: "SFTP") })
    let checked = try await desk.run("connections", "check")
    #expect(checked.status == 1, "a server with another key is refused: \(checked.text)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: exchange + "/SFTP/in").isEmpty)
    try await connect(pinned: "host")
    try await desk.settle()
    let keys = try await erp.journal("SFTP").compactMap { $0["externalKey"].string }
    #expect(keys.count == 20)
    #expect(Set(keys) == Set(try await desk.keys()))
    let reconciled = try await desk.json("reconcile", "--entity", "SFTP")["reconciliations"].array
    #expect(!reconciled.isEmpty && reconciled.allSatisfy { $0["tiesOut"] == .bool(true) })
  }

  private func start(in folder: TemporaryFolder) async throws -> (RunningProgram, Int) {
    // The server wants this folder when root runs it.
    if geteuid() == 0 {
      try FileManager.default.createDirectory(
        atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    let port = try ScriptedServer.unusedPort()
    try folder.write(
      """
      Port \(port)
      ListenAddress 127.0.0.1
      HostKey \(folder.path(of: "host"))
      PidFile none
      AuthorizedKeysFile \(folder.path(of: "user.pub"))
      StrictModes no
      UsePAM no
      PasswordAuthentication no
      PermitRootLogin prohibit-password
      Subsystem sftp internal-sftp

      """, to: "sshd_config")
    let process = try RunningProgram(
      OpenSSH.server, ["-D", "-e", "-f", folder.path(of: "sshd_config")])
    _ = try await Desk.soon { (try? HTTPConnection(port: port)) == nil ? nil : true }
    return (process, port)
  }
}
