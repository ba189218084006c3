import Foundation
import TestSupport

/// Stands between OpenSSH and its file server, and cuts the line at the first rename.
enum RenameInterruption: String, CaseIterable, Sendable {
  case beforeItIsDone
  case afterItIsDone

  static let fileServer = "/usr/lib/openssh/sftp-server"

  static var isPossible: Bool {
    let isThere = FileManager.default.isExecutableFile(atPath: fileServer)
    if !isThere { print("Interrupted renames are not tested: \(fileServer) is not installed") }
    return isThere && SFTPServer.isInstalled
  }

  /// A program for the server's configuration. It cuts the line once; later connections are whole.
  func subsystem(in folder: TemporaryFolder) async throws -> String {
    let python = try await ChildProcess.run(
      "/usr/bin/env", ["python3", "-c", "import sys; print(sys.executable)"])
    let script = try folder.write(
      """
      import os, struct, subprocess, sys, threading
      server = subprocess.Popen(["\(Self.fileServer)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
      mark = "\(folder.path(of: "cut"))"
      renames = set()

      def cut():
          open(mark, "w").close()
          server.kill()
          os._exit(1)

      def packets(source):
          while True:
              head = source.read(4)
              if len(head) < 4:
                  return
              yield head, source.read(struct.unpack(">I", head)[0])

      def answers():
          for head, packet in packets(server.stdout):
              if packet[0] == 101 and packet[1:5] in renames:
                  cut()
              sys.stdout.buffer.write(head + packet)
              sys.stdout.buffer.flush()

      threading.Thread(target=answers, daemon=True).start()
      for head, packet in packets(sys.stdin.buffer):
          if packet[0] == 18 and not os.path.exists(mark):
              if "\(rawValue)" == "beforeItIsDone":
                  cut()
              renames.add(packet[1:5])
          server.stdin.write(head + packet)
          server.stdin.flush()

      """, to: "cut.py")
    return "\(python.trimmingCharacters(in: .whitespacesAndNewlines)) \(script)"
  }
}
