import Secrets

/// Renders requests and responses for a log, without what must not stand there.
///
/// Hidden are the values of headers, query parameters, form fields, JSON members, XML elements and
/// attributes whose name looks secret, whatever their value. Bodies are cut.
public struct HTTPExchangeLog: Hashable, Sendable {
  /// Bytes of a body that are shown unless said otherwise.
  public static let defaultBodyLimit = 4096

  private let names: SecretNames
  private let bodyLimit: Int

  /// - Parameter secretNames: further names to hide. Case, `-`, `_`, `.` and blanks do not count.
  public init(secretNames: Set<String> = [], bodyLimit: Int = defaultBodyLimit) {
    names = SecretNames(additional: secretNames)
    self.bodyLimit = bodyLimit
  }

  public func render(_ request: HTTPRequest) -> String {
    let start = "\(request.method) \(redactedURL(request.url))"
    return render(start: start, headers: request.headers, body: request.body)
  }

  public func render(_ response: HTTPResponse) -> String {
    render(start: "\(response.status)", headers: response.headers, body: response.body)
  }

  /// What a request proves itself with: the values of secret headers, and the credentials in them
  /// without their scheme.
  func credentials(of request: HTTPRequest) -> [String] {
    request.headers.filter { names.contains(header: $0.name) }.flatMap { field in
      [field.value] + field.value.split(separator: " ", maxSplits: 1).dropFirst().map(String.init)
    }
  }

  private func render(start: String, headers: HTTPHeaders, body: [UInt8]) -> String {
    var lines = [start]
    lines += headers.map { field in
      "\(field.name): \(names.contains(header: field.name) ? Secret.mask : field.value)"
    }
    if !body.isEmpty { lines += ["", render(body)] }
    return lines.joined(separator: "\n")
  }

  private func render(_ body: [UInt8]) -> String {
    // Cut first: the redaction of a value that has no end reaches to the end of the text.
    let shown = body.prefix(max(0, bodyLimit))
    let isText = shown.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    guard isText else { return "(\(body.count) bytes, not text)" }
    let text = BodyRedaction(names: names).redact([UInt8](shown))
    return shown.count == body.count
      ? text : text + "\n(cut after \(shown.count) of \(body.count) bytes)"
  }

  private func redactedURL(_ url: String) -> String {
    guard let mark = url.firstIndex(of: "?") else { return url }
    let query = url[url.index(after: mark)...]
    return url[...mark] + BodyRedaction(names: names).redactForm(String(query))
  }
}
