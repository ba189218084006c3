import CurlClient
import Glibc
import Secrets

extension SFTPSettings {
  /// Base64 digits of 32 bytes, without padding.
  private static let pinLength = 43

  func checkedLogin() throws(FileFailure) -> CurlSettings.SFTP.Login {
    switch login {
    case .password(let password):
      return .password(password.reveal())
    case .key(let file, let passphrase):
      try requireReadable(file, "private key")
      return .key(file: file, passphrase: passphrase?.reveal())
    }
  }

  func checkedHostKey() throws(FileFailure) -> CurlSettings.SFTP.HostKey {
    switch hostKey {
    case .knownHosts(let file):
      try requireReadable(file, "known-hosts file")
      return .knownHosts(file: file)
    case .sha256(let text):
      let start = "SHA256:"
      let pin =
        (text.hasPrefix(start) ? text.dropFirst(start.count) : text[...])
        .split(separator: "=", maxSplits: 1).first ?? ""
      let isBase64 = pin.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || byte == 0x2B || byte == 0x2F
      }
      guard isBase64, pin.count == Self.pinLength else {
        throw refusal("The pinned host key is not a SHA-256 in Base64")
      }
      return .sha256(String(pin))
    }
  }

  private func requireReadable(_ file: String, _ kind: String) throws(FileFailure) {
    guard access(file, R_OK) == 0 else {
      throw refusal("The \(kind) \(file.debugDescription) cannot be read")
    }
  }

  private func refusal(_ detail: String) -> FileFailure {
    FileFailure(progress: .nothingDelivered, code: .invalidSettings, detail: detail)
  }
}
