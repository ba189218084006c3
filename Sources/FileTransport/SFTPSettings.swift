@_exported public import Secrets

/// Where an SFTP server is, who we are there, and how it proves itself. There is no way to trust any
/// host key.
public struct SFTPSettings: Hashable, Sendable {
  public enum Login: Hashable, Sendable {
    /// An ed25519 or ECDSA private key; RSA keys are refused by current servers with this client.
    case key(file: String, passphrase: Secret? = nil)
    case password(Secret)
  }

  public enum HostKey: Hashable, Sendable {
    /// SHA-256 of the host key in Base64, as `ssh-keygen -lf` prints it, with or without `SHA256:`.
    case sha256(String)
    /// A file in OpenSSH's known_hosts format.
    case knownHosts(file: String)
  }

  public var host: String
  public var port: Int
  /// Folder on the server: absolute with a leading `/`, else below the login folder; `""` is that.
  public var root: String
  public var user: String
  public var login: Login
  public var hostKey: HostKey
  /// TCP, key exchange and login together.
  public var connectTimeout: Duration
  /// For each step: one upload, one look, one rename.
  public var stepTimeout: Duration
  public var maximumConnections: Int
  /// Bound for one folder listing, in bytes.
  public var maximumListingBytes: Int

  public init(
    host: String,
    port: Int = 22,
    root: String = "",
    user: String,
    login: Login,
    hostKey: HostKey,
    connectTimeout: Duration = .seconds(15),
    stepTimeout: Duration = .seconds(120),
    maximumConnections: Int = 2,
    maximumListingBytes: Int = 16 * 1024 * 1024
  ) {
    self.host = host
    self.port = port
    self.root = root
    self.user = user
    self.login = login
    self.hostKey = hostKey
    self.connectTimeout = connectTimeout
    self.stepTimeout = stepTimeout
    self.maximumConnections = maximumConnections
    self.maximumListingBytes = maximumListingBytes
  }
}
