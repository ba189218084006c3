internal import Digest
package import HTTPTransport
internal import Secrets

/// Posts JSON to an address and signs it, so that the receiver knows who sent it and when.
///
/// `Postern-Signature: t=1770000000,v1=<hex>` is HMAC-SHA-256, under the shared secret, of the
/// seconds, a full stop and the body. `Postern-Event-Id` is the same whenever a message is repeated.
package struct Webhook: Sendable {
  private let http: any HTTPClient
  private let url: String
  private let secret: Secret

  package static let signatureHeader = "Postern-Signature"
  package static let eventHeader = "Postern-Event-Id"
  private static let timeout: Duration = .seconds(20)

  package init(_ http: any HTTPClient, url: String, secret: Secret) {
    self.http = http
    self.url = url
    self.secret = secret
  }

  /// - Parameter seconds: the time now, since 1970-01-01T00:00:00Z.
  /// - Returns: nil when the receiver took it with a status of 200 to 299, else why it failed.
  package func post(_ body: String, id: String, at seconds: Int64) async -> String? {
    let signature = Webhook.signature(of: body, at: seconds, secret: secret)
    let request = HTTPRequest(
      .post, url,
      headers: [
        "Content-Type": "application/json", Webhook.eventHeader: id,
        Webhook.signatureHeader: signature,
      ], body: Array(body.utf8), timeout: Webhook.timeout)
    do throws(HTTPFailure) {
      let response = try await http.send(request)
      return response.isSuccess ? nil : "The receiver answered \(response.status)"
    } catch {
      return error.detail
    }
  }

  /// The value of the header.
  package static func signature(of body: String, at seconds: Int64, secret: Secret) -> String {
    let code = HMAC(key: Array(secret.reveal().utf8)).code(of: Array("\(seconds).\(body)".utf8))
    return "t=\(seconds),v1=\(code.hex)"
  }
}
