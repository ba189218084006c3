/// What every transfer of one ``CurlClient`` shares.
package struct CurlSettings: Sendable {
  package enum Access: Sendable {
    case http(HTTP)
    case sftp(SFTP)
    case smtp(SMTP)
  }

  package struct HTTP: Sendable {
    package var certificateAuthorityFile: String?
    package var clientCertificateFile: String?
    package var clientKeyFile: String?
    package var clientKeyPassphrase: String?
    package var proxy: String?
    package var proxyUser: String?
    package var proxyPassword: String?
    package var usesHTTP2: Bool
    package var userAgent: String

    package init(usesHTTP2: Bool, userAgent: String) {
      self.usesHTTP2 = usesHTTP2
      self.userAgent = userAgent
    }
  }

  package struct SFTP: Sendable {
    package enum Login: Sendable {
      case password(String)
      case key(file: String, passphrase: String?)
    }

    package enum HostKey: Sendable {
      /// Base64 without padding.
      case sha256(String)
      case knownHosts(file: String)
    }

    package var user: String
    package var login: Login
    package var hostKey: HostKey

    package init(user: String, login: Login, hostKey: HostKey) {
      self.user = user
      self.login = login
      self.hostKey = hostKey
    }
  }

  package struct SMTP: Sendable {
    /// nil logs nobody in.
    package var user: String?
    package var password: String?
    /// Whether the connection has to be encrypted before anything is said, also for `smtp:`.
    package var requiresTLS: Bool
    package var certificateAuthorityFile: String?

    package init(
      user: String? = nil, password: String? = nil, requiresTLS: Bool = true,
      certificateAuthorityFile: String? = nil
    ) {
      self.user = user
      self.password = password
      self.requiresTLS = requiresTLS
      self.certificateAuthorityFile = certificateAuthorityFile
    }
  }

  package var access: Access
  package var connectTimeout: Duration
  /// Longest silence, rounded up to whole seconds.
  package var idleTimeout: Duration?
  /// Per host.
  package var maximumConnections: Int
  /// An idle connection older than this is not used again, rounded up to whole seconds.
  package var reuseLimit: Duration

  package init(
    access: Access, connectTimeout: Duration, idleTimeout: Duration?, maximumConnections: Int,
    reuseLimit: Duration
  ) {
    self.access = access
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
    self.maximumConnections = maximumConnections
    self.reuseLimit = reuseLimit
  }
}

extension Duration {
  /// At least 1, rounded up: libcurl reads 0 as "its own default".
  var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    let rest = Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    return max(1, Int(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue) + rest)
  }

  var wholeSeconds: Int { max(1, (wholeMilliseconds + 999) / 1000) }
}
