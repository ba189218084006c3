internal import CurlClient
package import Secrets

/// Hands mail to a server (RFC 5321) over libcurl.
package struct MailServer: Sendable {
  private let curl: CurlClient
  private let url: String
  private let sender: String

  private static let timeout: Duration = .seconds(60)
  private static let connectTimeout: Duration = .seconds(15)

  /// - Parameters:
  ///   - url: `smtp://host:port` or `smtps://host:port`.
  ///   - sender: the address that mail comes from.
  ///   - requiresTLS: for `smtp:`, whether the connection has to be encrypted before anything is
  ///     said.
  package init(
    url: String, sender: String, user: String?, password: Secret?, requiresTLS: Bool
  ) {
    self.url = url
    self.sender = sender
    curl = CurlClient(
      settings: CurlSettings(
        access: .smtp(
          CurlSettings.SMTP(
            user: user, password: password?.reveal(), requiresTLS: requiresTLS)),
        connectTimeout: MailServer.connectTimeout, idleTimeout: MailServer.timeout,
        maximumConnections: 1, reuseLimit: .seconds(30)))
  }

  /// - Returns: nil when the server took it, else why it failed.
  package func send(_ mail: Mail, to address: String) async -> String? {
    let message = mail.message(from: sender, to: address)
    do throws(CurlFailure) {
      _ = try await curl.perform(
        CurlTransfer(
          url: url, operation: .mail(from: "<\(sender)>", to: ["<\(address)>"], message: message),
          timeout: MailServer.timeout, responseLimit: 64 * 1_024))
      return nil
    } catch {
      return error.detail
    }
  }
}
