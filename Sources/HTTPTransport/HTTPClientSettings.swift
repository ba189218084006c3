@_exported public import Secrets

/// How one endpoint is reached. TLS certificates and host names are always verified.
public struct HTTPClientSettings: Hashable, Sendable {
  public enum Version: String, Hashable, Sendable {
    case http1
    /// HTTP/2 when the server offers it during the TLS handshake, else HTTP/1.1. Keep
    /// ``HTTPClientSettings/maximumConnections`` at 2 to 4: one connection carries 100 requests.
    case http2WhenOffered
  }

  /// A certificate that proves who we are, as PEM files.
  public struct ClientCertificate: Hashable, Sendable {
    public var certificateFile: String
    public var keyFile: String
    public var passphrase: Secret?

    public init(certificateFile: String, keyFile: String, passphrase: Secret? = nil) {
      self.certificateFile = certificateFile
      self.keyFile = keyFile
      self.passphrase = passphrase
    }
  }

  /// A proxy that every request passes. Variables such as `https_proxy` are not looked at.
  public struct Proxy: Hashable, Sendable {
    /// `http://host:port`, `https://host:port` or `socks5h://host:port`.
    public var url: String
    public var user: String?
    public var password: Secret?

    public init(url: String, user: String? = nil, password: Secret? = nil) {
      self.url = url
      self.user = user
      self.password = password
    }
  }

  /// PEM file with certificates to trust besides the system's.
  public var certificateAuthorityFile: String?
  public var clientCertificate: ClientCertificate?
  public var proxy: Proxy?
  public var version: Version
  /// Name resolution, TCP and TLS together.
  public var connectTimeout: Duration
  /// Longest silence while a request is under way, in whole seconds; nil: only the request's timeout.
  public var idleTimeout: Duration?
  /// Per host. Requests beyond it wait, within their timeout.
  public var maximumConnections: Int
  /// A kept-alive connection that idled longer is not used again.
  public var reuseLimit: Duration
  /// Body after decompression; more is the failure `response_too_large`.
  public var maximumResponseBytes: Int
  public var userAgent: String

  public init(
    certificateAuthorityFile: String? = nil,
    clientCertificate: ClientCertificate? = nil,
    proxy: Proxy? = nil,
    version: Version = .http1,
    connectTimeout: Duration = .seconds(10),
    idleTimeout: Duration? = nil,
    maximumConnections: Int = 8,
    reuseLimit: Duration = .seconds(30),
    maximumResponseBytes: Int = 16 * 1024 * 1024,
    userAgent: String = "Postern"
  ) {
    self.certificateAuthorityFile = certificateAuthorityFile
    self.clientCertificate = clientCertificate
    self.proxy = proxy
    self.version = version
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
    self.maximumConnections = maximumConnections
    self.reuseLimit = reuseLimit
    self.maximumResponseBytes = maximumResponseBytes
    self.userAgent = userAgent
  }
}
