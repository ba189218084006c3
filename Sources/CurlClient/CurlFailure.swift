import CLibcurl

/// Why a transfer did not end well.
package struct CurlFailure: Error, Sendable {
  package enum Reason: Sendable {
    case invalidRequest, invalidSettings
    case nameNotResolved, connectFailed, proxyFailed, tlsRefused, peerRefused, loginRefused
    case timeout, connectionReset, malformedResponse, tooLarge, cancelled
    case notFound, accessDenied, diskFull, alreadyExists, offsetBeyondEnd, commandRefused
    case other
  }

  package let reason: Reason
  /// False proves that libcurl had not begun to send the request itself.
  package let hadStarted: Bool
  /// libcurl's own words, for people.
  package let detail: String
}

extension CurlFailure.Reason {
  /// - Parameter code: what libcurl returned, not `CURLE_OK`.
  init(_ code: CURLcode) {
    self = Self.table[code.rawValue] ?? .other
  }

  private static let table: [UInt32: Self] = {
    let rows: [(Self, [CURLcode])] = [
      (.invalidRequest, [CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT]),
      (
        .invalidSettings,
        [
          CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
          CURLE_SSL_ENGINE_NOTFOUND, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION,
        ]
      ),
      (.nameNotResolved, [CURLE_COULDNT_RESOLVE_HOST]),
      // The second is what a failed SSH handshake gives.
      (.connectFailed, [CURLE_COULDNT_CONNECT, CURLE_FAILED_INIT, CURLE_INTERFACE_FAILED]),
      (.proxyFailed, [CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY]),
      (
        .tlsRefused,
        [
          CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
          CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT,
          CURLE_USE_SSL_FAILED,
        ]
      ),
      (.peerRefused, [CURLE_PEER_FAILED_VERIFICATION]),
      (.loginRefused, [CURLE_LOGIN_DENIED]),
      (.timeout, [CURLE_OPERATION_TIMEDOUT]),
      (
        .connectionReset,
        [
          CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
          CURLE_HTTP2_STREAM, CURLE_SSH,
        ]
      ),
      (
        .malformedResponse,
        [CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING]
      ),
      (.tooLarge, [CURLE_FILESIZE_EXCEEDED]),
      (.cancelled, [CURLE_ABORTED_BY_CALLBACK]),
      (.notFound, [CURLE_REMOTE_FILE_NOT_FOUND]),
      (.accessDenied, [CURLE_REMOTE_ACCESS_DENIED]),
      (.diskFull, [CURLE_REMOTE_DISK_FULL]),
      (.alreadyExists, [CURLE_REMOTE_FILE_EXISTS]),
      (.offsetBeyondEnd, [CURLE_BAD_DOWNLOAD_RESUME]),
      (.commandRefused, [CURLE_QUOTE_ERROR]),
    ]
    let pairs = rows.flatMap { reason, codes in codes.map { ($0.rawValue, reason) } }
    return Dictionary(pairs) { first, _ in first }
  }()
}
