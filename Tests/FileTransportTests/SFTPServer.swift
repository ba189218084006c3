import FileTransport
import Foundation
import TestSupport

/// A real OpenSSH server on a loopback port, with keys of its own and a folder as its root.
struct SFTPServer {
  static let program = "/usr/sbin/sshd"

  static var isInstalled: Bool {
    let isThere = FileManager.default.isExecutableFile(atPath: program)
    if !isThere { print("SFTP tests are skipped: \(program) is not installed") }
    return isThere
  }

  /// What serves files: the server's own code with options, or a program.
  static let ownSubsystem = "internal-sftp"

  let folder: TemporaryFolder
  let port: Int
  let hostKey: String
  private let process: ChildProcess

  /// Starts a server whose files lie in `files` below its folder.
  init(subsystem: String = ownSubsystem) async throws {
    folder = try TemporaryFolder("sftp")
    try FileManager.default.createDirectory(
      atPath: folder.path(of: "files/done"), withIntermediateDirectories: true)
    for key in ["host", "user", "stranger"] {
      try await ChildProcess.run(
        "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder.path(of: key)])
    }
    let printed = try await ChildProcess.run(
      "/usr/bin/ssh-keygen", ["-l", "-f", folder.path(of: "host.pub")])
    hostKey = printed.split(separator: " ").map(String.init)[1]
    // The server wants this folder when root runs it.
    if geteuid() == 0 {
      try FileManager.default.createDirectory(
        atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    port = try ScriptedServer.unusedPort()
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
      MaxStartups 100
      Subsystem sftp \(subsystem)

      """, to: "sshd_config")
    process = try ChildProcess(
      Self.program, ["-D", "-e", "-f", folder.path(of: "sshd_config")])
    _ = try await process.line(after: "Server listening on")
  }

  /// Settings that work.
  var settings: SFTPSettings {
    SFTPSettings(
      host: "127.0.0.1", port: port, root: folder.path(of: "files"), user: NSUserName(),
      login: .key(file: folder.path(of: "user")), hostKey: .sha256(hostKey))
  }

  func stop() {
    process.stop()
  }
}
