import Foundation

/// OpenSSL's test server on a loopback port, with a certificate of its own for `localhost`.
package struct TLSServer: Sendable {
  package static let program = "/usr/bin/openssl"

  package static var isInstalled: Bool {
    let isThere = FileManager.default.isExecutableFile(atPath: program)
    if !isThere { print("TLS tests are skipped: \(program) is not installed") }
    return isThere
  }

  package let folder: TemporaryFolder
  package let port: Int
  package let certificateFile: String
  private let process: ChildProcess

  /// - Parameter demandsCertificate: of the client; its own is the only one accepted.
  package init(demandsCertificate: Bool = false) async throws {
    folder = try TemporaryFolder("tls")
    certificateFile = folder.path(of: "certificate.pem")
    port = try ScriptedServer.unusedPort()
    try await ChildProcess.run(
      Self.program,
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", folder.path(of: "key.pem"), "-out", certificateFile,
        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
      ])
    let client = ["-Verify", "1", "-verify_return_error", "-CAfile", certificateFile]
    process = try ChildProcess(
      Self.program,
      [
        "s_server", "-accept", "127.0.0.1:\(port)", "-www", "-cert", certificateFile,
        "-key", folder.path(of: "key.pem"),
      ] + (demandsCertificate ? client : []))
    _ = try await process.line(after: "ACCEPT")
  }

  package var url: String { "https://localhost:\(port)/" }
}
