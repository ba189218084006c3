public import AdapterKit
public import HTTPTransport
public import Ledger

extension AdapterSettings {
  /// Header fields that are no secret.
  ///
  /// - Throws: ``Problem`` `wrong_type`, or `secret_inline` for one that always holds a secret.
  public func plainHeaders(_ key: String = "headers") throws(Problem) -> HTTPHeaders {
    var headers = HTTPHeaders()
    for (name, value) in try texts(key).sorted(by: { $0.key < $1.key }) {
      guard !["authorization", "proxy-authorization", "cookie"].contains(name.lowercased()) else {
        throw Problem(
          code: "secret_inline", pointer: self.value(key)?.place ?? place,
          detail: "The header \(name) of \(owner) holds a secret",
          fix: "Write it under 'auth', with a reference to the secret")
      }
      headers[name] = value
    }
    return headers
  }
}
