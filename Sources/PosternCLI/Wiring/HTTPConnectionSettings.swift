internal import AdapterKit
internal import HTTPTransport
internal import Ledger
internal import PosternConfiguration

/// What a connection over HTTP says about TLS and its proxy:
/// `tls: { authority, certificate, key, passphrase }`, `proxy: { url, user, password }`.
struct HTTPConnectionSettings {
  static let keys: Set<String> = ["tls", "proxy"]

  /// Verification is always on; `authority` adds certificates to trust.
  let client: HTTPClientSettings

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(_ connection: ConnectionConfiguration) throws(SettingsFault) {
    var client = HTTPClientSettings()
    client.connectTimeout = connection.timeouts.connect
    client.maximumConnections = max(connection.limits.concurrency, 1)
    do throws(Problem) {
      let tls = try connection.settings.table("tls")
      let proxy = try connection.settings.table("proxy")
      let unknown =
        tls.unknownKeys(besides: ["authority", "certificate", "key", "passphrase"])
        + proxy.unknownKeys(besides: ["url", "user", "password"])
      if let first = unknown.first { throw first }
      client.certificateAuthorityFile = try tls.optionalText("authority")
      if let certificate = try tls.optionalText("certificate") {
        client.clientCertificate = HTTPClientSettings.ClientCertificate(
          certificateFile: certificate, keyFile: try tls.text("key"),
          passphrase: try tls.secret("passphrase").map { Secret($0) })
      }
      if let url = try proxy.optionalText("url") {
        client.proxy = HTTPClientSettings.Proxy(
          url: url, user: try proxy.optionalText("user"),
          password: try proxy.secret("password").map { Secret($0) })
      }
    } catch {
      throw SettingsFault([error])
    }
    self.client = client
  }
}
