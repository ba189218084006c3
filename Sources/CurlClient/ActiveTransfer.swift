import CLibcurl
import CurlShim

/// A transfer on its way. After it was handed over, only the loop's thread touches it.
final class ActiveTransfer: @unchecked Sendable {
  /// Bound for all header lines of one answer.
  static let headerLimit = 256 * 1024

  let id: UInt64
  let transfer: CurlTransfer
  let deadline: ContinuousClock.Instant
  /// A cancellation that overtakes the start.
  let cancellation: Cancellation
  private let continuation: CheckedContinuation<Result<CurlAnswer, CurlFailure>, Never>

  private(set) var easy: EasyHandle?
  /// How often libcurl was about to send the request.
  private var starts = 0
  private var wasSecondStartRefused = false
  private var isTooLarge = false
  private var headers: [CurlHeader] = []
  private var headerBytes = 0
  /// The empty line after the headers of the final answer came.
  private var isHeaderComplete = false
  private var body: [UInt8] = []
  private var uploaded = 0
  private let errorText: UnsafeMutablePointer<CChar>

  init(
    id: UInt64, transfer: CurlTransfer, deadline: ContinuousClock.Instant,
    cancellation: Cancellation,
    continuation: CheckedContinuation<Result<CurlAnswer, CurlFailure>, Never>
  ) {
    self.id = id
    self.transfer = transfer
    self.deadline = deadline
    self.cancellation = cancellation
    self.continuation = continuation
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    errorText.deallocate()
  }

  /// Sets the handle up.
  ///
  /// - Returns: what libcurl refused, nil when it took everything.
  func prepare(_ easy: EasyHandle, with settings: CurlSettings) -> CURLcode? {
    self.easy = easy
    easy.apply(settings)
    easy.apply(transfer)
    let me = Unmanaged.passUnretained(self).toOpaque()
    easy.set(CURLOPT_PRIVATE, pointer: me)
    easy.set(CURLOPT_ERRORBUFFER, pointer: errorText)
    easy.set(CURLOPT_WRITEDATA, pointer: me)
    easy.setCallback(CURLOPT_WRITEFUNCTION, receiveBody)
    easy.set(CURLOPT_HEADERDATA, pointer: me)
    easy.setCallback(CURLOPT_HEADERFUNCTION, receiveHeader)
    easy.set(CURLOPT_READDATA, pointer: me)
    easy.setCallback(CURLOPT_READFUNCTION, provideUpload)
    easy.set(CURLOPT_PREREQDATA, pointer: me)
    easy.setPrerequest(prepareToSend)
    return easy.refusal
  }

  /// Gives the handle back for another transfer. Not before libcurl let go of it.
  func releaseHandle() -> EasyHandle? {
    defer { easy = nil }
    return easy
  }

  /// Resumes the caller with what libcurl says.
  func finish(_ result: CURLcode) {
    guard result == CURLE_OK else {
      let text = String(cString: errorText)
      fail(
        reason(for: result), text.isEmpty ? String(cString: curl_easy_strerror(result)) : text)
      return
    }
    // libcurl takes a connection closed amid the headers for the end of an answer without a body.
    if case .http = transfer.operation, !isHeaderComplete {
      fail(.connectionReset, "the connection ended amid the headers of the answer")
      return
    }
    continuation.resume(
      returning: .success(
        CurlAnswer(status: easy?.responseCode ?? 0, headers: headers, body: body)))
  }

  /// Resumes the caller with a failure.
  func fail(_ reason: CurlFailure.Reason, _ detail: String) {
    continuation.resume(
      returning: .failure(CurlFailure(reason: reason, hadStarted: starts > 0, detail: detail)))
  }

  private func reason(for result: CURLcode) -> CurlFailure.Reason {
    if wasSecondStartRefused { return .connectionReset }
    if isTooLarge { return .tooLarge }
    let reason = CurlFailure.Reason(result)
    // Before the request started, a code such as "unsupported protocol" speaks of the address.
    return reason == .malformedResponse && starts == 0 ? .invalidRequest : reason
  }

  // MARK: libcurl's questions

  /// libcurl is about to send. It would silently do so again on a fresh connection when a kept-alive
  /// one was closed without an answer, though the server may have acted on the first.
  fileprivate func startsSending() -> Bool {
    starts += 1
    guard starts > 1, !transfer.mayRepeat else { return true }
    wasSecondStartRefused = true
    return false
  }

  fileprivate func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= transfer.responseLimit else {
      isTooLarge = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  fileprivate func receivedHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Self.headerLimit else {
      isTooLarge = true
      return false
    }
    if bytes.starts(with: "HTTP/".utf8) {
      // The answer after an interim one.
      headers = []
      isHeaderComplete = false
      return true
    }
    if bytes.elementsEqual([0x0D, 0x0A]) || bytes.elementsEqual([0x0A]) {
      isHeaderComplete = true
      return true
    }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return true }
    headers.append(
      CurlHeader(
        name: String(decoding: bytes[..<colon].trimmed, as: UTF8.self),
        value: String(decoding: bytes[(colon + 1)...].trimmed, as: UTF8.self)))
    return true
  }

  fileprivate func provide(_ space: UnsafeMutableRawBufferPointer) -> Int {
    let bytes: [UInt8]
    switch transfer.operation {
    case .upload(let content): bytes = content
    case .mail(_, _, let message): bytes = message
    case .http, .download, .list, .commands: return 0
    }
    let piece = bytes[uploaded...].prefix(space.count)
    space.copyBytes(from: piece)
    uploaded += piece.count
    return piece.count
  }
}

extension RandomAccessCollection<UInt8> {
  /// Without blanks, tabs and line ends at both ends.
  fileprivate var trimmed: SubSequence {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return self[endIndex..<endIndex] }
    return self[first...last]
  }
}

// C functions that hand libcurl's questions to the transfer behind `user`. The loop keeps it alive.

private func transfer(behind user: UnsafeMutableRawPointer) -> ActiveTransfer {
  Unmanaged<ActiveTransfer>.fromOpaque(user).takeUnretainedValue()
}

private func receiveBody(
  bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, user: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let user else { return 0 }
  let total = size * count
  let buffer = UnsafeRawBufferPointer(start: bytes, count: total)
  // Any other number than all of them makes libcurl stop; 0 bytes are never "too few".
  return transfer(behind: user).received(buffer) ? total : total &+ 1
}

private func receiveHeader(
  bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, user: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let user else { return 0 }
  let total = size * count
  let buffer = UnsafeRawBufferPointer(start: bytes, count: total)
  return transfer(behind: user).receivedHeader(buffer) ? total : 0
}

private func provideUpload(
  bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, user: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let user else { return 0 }
  return transfer(behind: user).provide(
    UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private func prepareToSend(
  user: UnsafeMutableRawPointer?, peer: UnsafeMutablePointer<CChar>?,
  local: UnsafeMutablePointer<CChar>?, peerPort: Int32, localPort: Int32
) -> Int32 {
  guard let user else { return CURL_PREREQFUNC_ABORT }
  return transfer(behind: user).startsSending() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
