import CurlClient
import Secrets

/// Folders on an SFTP server, reached over libcurl with pooled connections.
///
/// Renames use SFTP's plain rename, which refuses a taken name on servers that keep to protocol 3, and
/// only after a look. Let one writer at a time deliver a name: SFTP knows no locks.
public struct SFTPFolder: FileExchange {
  private let client: CurlClient
  private let address: SFTPAddress
  private let stepTimeout: Duration
  private let listingLimit: Int

  /// Connects to nothing yet.
  ///
  /// - Throws: `invalid_settings`: no usable pin, or a key or known-hosts file that cannot be read.
  public init(_ settings: SFTPSettings) throws(FileFailure) {
    address = try SFTPAddress(host: settings.host, port: settings.port, root: settings.root)
    client = CurlClient(
      settings: CurlSettings(
        access: .sftp(
          CurlSettings.SFTP(
            user: settings.user,
            login: try settings.checkedLogin(),
            hostKey: try settings.checkedHostKey())),
        connectTimeout: settings.connectTimeout,
        idleTimeout: nil,
        maximumConnections: settings.maximumConnections,
        reuseLimit: .seconds(30)))
    stepTimeout = settings.stepTimeout
    listingLimit = settings.maximumListingBytes
  }

  public func list(_ folder: String) async throws(FileFailure) -> [FileEntry] {
    let path = try ExchangePath(folder: folder)
    let url = address.url(of: path)
    let names = try await perform(.list(namesOnly: true), at: url, limit: listingLimit)
    let lines = try await perform(.list(namesOnly: false), at: url, limit: listingLimit)
    return SFTPListing.files(names: names, lines: lines)
  }

  public func names(
    ending: String, in folder: String
  ) async throws(FileFailure) -> [String] {
    let url = address.url(of: try ExchangePath(folder: folder))
    let names = try await perform(.list(namesOnly: true), at: url, limit: listingLimit)
    return SFTPListing.names(names).filter { $0.hasSuffix(ending) }
  }

  public func read(
    _ name: String, in folder: String, limit: Int
  ) async throws(FileFailure) -> [UInt8] {
    let path = try ExchangePath(folder: folder, name: name)
    return try await perform(.download(offset: 0), at: address.url(of: path), limit: limit)
  }

  public func contains(_ name: String, in folder: String) async throws(FileFailure) -> Bool {
    let path = try ExchangePath(folder: folder, name: name)
    return try await exists(address.url(of: path))
  }

  public func deliver(
    _ bytes: [UInt8], as name: String, to folder: String
  ) async throws(FileFailure) -> Delivery {
    let path = try ExchangePath(folder: folder, name: name)
    let temporary = ExchangePath.temporaryName(for: name)
    if try await isThere(bytes, path) { return .alreadyThere }
    let draft = address.url(of: path, named: temporary)
    _ = try await perform(.upload(bytes), at: draft, limit: 0)
    try await requireSize(bytes.count, of: draft)
    do throws(FileFailure) {
      try await rename(
        address.path(of: path, named: temporary), to: address.path(of: path),
        in: try ExchangePath(folder: folder))
      return .delivered
    } catch {
      return try await settle(error, bytes: bytes, path: path, draft: draft)
    }
  }

  public func move(_ name: String, from: String, to: String) async throws(FileFailure) {
    let source = try ExchangePath(folder: from, name: name)
    let target = try ExchangePath(folder: to, name: name)
    guard try await exists(address.url(of: source)) else {
      throw FileFailure(
        progress: .nothingDelivered, code: .notFound,
        detail: "\(address.path(of: source)) does not exist on \(address.host)")
    }
    guard source != target else { return }
    if try await exists(address.url(of: target)) { throw taken(target) }
    do throws(FileFailure) {
      try await rename(
        address.path(of: source), to: address.path(of: target), in: try ExchangePath(folder: from))
    } catch {
      guard error.progress == .outcomeUnknown else { throw error }
      guard let isAtSource = try? await exists(address.url(of: source)),
        let isAtTarget = try? await exists(address.url(of: target))
      else { throw error }
      switch (isAtSource, isAtTarget) {
      case (false, true): return
      case (true, true): throw taken(target)
      case (true, false): throw error.withNothingDelivered
      case (false, false): throw error
      }
    }
  }

  // MARK: Steps

  /// Whether the file stands there with these bytes.
  ///
  /// - Throws: `conflict` when it has others.
  private func isThere(_ bytes: [UInt8], _ path: ExchangePath) async throws(FileFailure) -> Bool {
    let found: [UInt8]?
    do throws(FileFailure) {
      found = try await perform(
        .download(offset: 0), at: address.url(of: path), limit: bytes.count)
    } catch {
      switch error.code {
      case .notFound: return false
      case .fileTooLarge: found = nil
      default: throw error
      }
    }
    guard found == bytes else { throw taken(path) }
    return true
  }

  /// Finds out what became of a rename that did not clearly succeed.
  private func settle(
    _ error: FileFailure, bytes: [UInt8], path: ExchangePath, draft: String
  ) async throws(FileFailure) -> Delivery {
    guard error.progress == .outcomeUnknown, error.code != .cancelled else { throw error }
    let isTargetThere: Bool
    let isDraftThere: Bool
    do throws(FileFailure) {
      isTargetThere = try await isThere(bytes, path)
      isDraftThere = try await exists(draft)
    } catch let look {
      throw look.code == .conflict ? look : error
    }
    switch (isTargetThere, isDraftThere) {
    case (true, true): return .alreadyThere
    case (true, false): return .delivered
    case (false, true): throw error.withNothingDelivered
    // Renamed, and taken by the receiver already; or removed by somebody.
    case (false, false): throw error
    }
  }

  private func rename(
    _ old: String, to new: String, in folder: ExchangePath
  ) async throws(FileFailure) {
    let command = "rename \(SFTPAddress.quoted(old)) \(SFTPAddress.quoted(new))"
    do {
      _ = try await client.perform(
        transfer(.commands([command]), at: address.url(of: folder), limit: 0))
    } catch {
      let failure = FileFailure(error, host: address.host)
      throw error.hadStarted ? failure.withUnknownOutcome : failure
    }
  }

  /// Opening one byte before the expected end succeeds only when that byte is there, and the byte after
  /// it only when the file is longer.
  private func requireSize(_ size: Int, of url: String) async throws(FileFailure) {
    let rest = size == 0 ? 0 : Int64(size) - 1
    let end: [UInt8]
    do {
      end = try await client.perform(transfer(.download(offset: rest), at: url, limit: 1)).body
    } catch {
      guard [.offsetBeyondEnd, .tooLarge].contains(error.reason) else {
        throw FileFailure(error, host: address.host)
      }
      throw wrongSize
    }
    guard end.count == min(size, 1) else { throw wrongSize }
  }

  private var wrongSize: FileFailure {
    FileFailure(
      progress: .nothingDelivered, code: .verificationFailed,
      detail: "The file that \(address.host) holds after the upload has another length")
  }

  private func exists(_ url: String) async throws(FileFailure) -> Bool {
    do {
      _ = try await client.perform(transfer(.download(offset: -1), at: url, limit: 1))
      return true
    } catch {
      switch error.reason {
      case .notFound: return false
      // The file is empty.
      case .offsetBeyondEnd: return true
      default: throw FileFailure(error, host: address.host)
      }
    }
  }

  private func perform(
    _ operation: CurlTransfer.Operation, at url: String, limit: Int
  ) async throws(FileFailure) -> [UInt8] {
    do {
      return try await client.perform(transfer(operation, at: url, limit: limit)).body
    } catch {
      throw FileFailure(error, host: address.host)
    }
  }

  private func transfer(
    _ operation: CurlTransfer.Operation, at url: String, limit: Int
  ) -> CurlTransfer {
    // libcurl asks again when a used connection brings no byte, as an empty file does.
    let mayRepeat: Bool =
      switch operation {
      case .download, .list: true
      case .upload, .commands, .http, .mail: false
      }
    return CurlTransfer(
      url: url, operation: operation, timeout: stepTimeout, responseLimit: limit,
      mayRepeat: mayRepeat)
  }

  private func taken(_ path: ExchangePath) -> FileFailure {
    FileFailure(
      progress: .nothingDelivered, code: .conflict,
      detail: "\(address.path(of: path)) on \(address.host) is another file")
  }
}

extension FileFailure {
  fileprivate init(_ failure: CurlFailure, host: String) {
    let code: Code =
      switch failure.reason {
      case .invalidRequest, .invalidSettings: .invalidSettings
      case .nameNotResolved: .nameNotResolved
      case .connectFailed, .proxyFailed, .tlsRefused: .connectFailed
      case .peerRefused: .hostKeyRefused
      case .loginRefused: .loginRefused
      case .timeout: .timeout
      case .connectionReset, .malformedResponse: .connectionLost
      case .tooLarge: .fileTooLarge
      case .cancelled: .cancelled
      case .notFound: .notFound
      case .accessDenied: .permissionDenied
      case .diskFull: .noSpace
      case .alreadyExists: .conflict
      case .offsetBeyondEnd, .commandRefused, .other: .transferFailed
      }
    self.init(
      progress: .nothingDelivered, code: code, detail: "SFTP server \(host): \(failure.detail)")
  }

  fileprivate var withUnknownOutcome: FileFailure {
    FileFailure(progress: .outcomeUnknown, code: code, detail: detail)
  }

  fileprivate var withNothingDelivered: FileFailure {
    FileFailure(progress: .nothingDelivered, code: code, detail: detail)
  }
}
