/// One exchange with a server, as a value.
package struct CurlTransfer: Sendable {
  package enum Operation: Sendable {
    case http(method: String, headers: [CurlHeader], body: [UInt8])
    /// Bytes of a remote file. A negative offset counts from the end; one beyond the end fails with
    /// ``CurlFailure/Reason/offsetBeyondEnd``.
    case download(offset: Int64)
    /// Makes or truncates a remote file and writes it.
    case upload([UInt8])
    /// The server's own long listing of a folder, one line for each entry; or the bare names.
    case list(namesOnly: Bool)
    /// A complete message (RFC 5322) for each of the addresses.
    case mail(from: String, to: [String], message: [UInt8])
    /// Commands in libcurl's quote syntax, such as `rename "a" "b"`.
    case commands([String])
  }

  package var url: String
  package var operation: Operation
  /// From the call to the end, a wait for a free connection included.
  package var timeout: Duration
  /// More bytes than this are ``CurlFailure/Reason/tooLarge``.
  package var responseLimit: Int
  /// Whether libcurl may send again, on a fresh connection, when a kept-alive one turns out to be
  /// closed before the first byte of an answer.
  package var mayRepeat: Bool

  package init(
    url: String, operation: Operation, timeout: Duration, responseLimit: Int,
    mayRepeat: Bool = false
  ) {
    self.url = url
    self.operation = operation
    self.timeout = timeout
    self.responseLimit = responseLimit
    self.mayRepeat = mayRepeat
  }
}

/// One header field, unchecked.
package struct CurlHeader: Sendable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// What came back.
package struct CurlAnswer: Sendable {
  /// HTTP status; 0 for other protocols.
  package var status: Int
  package var headers: [CurlHeader]
  package var body: [UInt8]
}
