/// Where a root lies, and how its files are named in addresses and in commands.
struct SFTPAddress: Hashable, Sendable {
  let host: String
  private let start: String
  private let isAbsolute: Bool
  private let root: [String]

  /// - Throws: `invalid_settings`.
  init(host: String, port: Int, root: String) throws(FileFailure) {
    let isHost = host.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || ".-_:".utf8.contains(byte)
    }
    guard isHost, !host.isEmpty, (1...65_535).contains(port) else {
      throw FileFailure(
        progress: .nothingDelivered, code: .invalidSettings,
        detail: "The SFTP host or port is not usable")
    }
    self.host = host
    start = "sftp://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    isAbsolute = root.hasPrefix("/")
    let parts = root.split(separator: "/").joined(separator: "/")
    do {
      self.root = try ExchangePath(folder: parts).folders
    } catch {
      throw FileFailure(
        progress: .nothingDelivered, code: .invalidSettings,
        detail: "The SFTP root is not a plain path")
    }
  }

  /// Of a file, or of a folder with a slash at the end.
  ///
  /// - Parameter name: stands in for the path's own.
  func url(of path: ExchangePath, named name: String? = nil) -> String {
    let parts = (root + path.folders + [name ?? path.name ?? ""]).map(Self.escaped)
    return start + (isAbsolute ? "/" : "/~/") + parts.joined(separator: "/")
  }

  /// As the server's commands want it: absolute, or relative to the login folder.
  func path(of path: ExchangePath, named name: String? = nil) -> String {
    let parts = root + path.folders + [name ?? path.name ?? ""]
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  /// An argument of a command; libcurl undoes the backslashes.
  static func quoted(_ path: String) -> String {
    let escaped = path.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }
    return "\"\(escaped.joined())\""
  }

  /// Percent-encodes everything but letters, digits and `-._`.
  private static func escaped(_ part: String) -> String {
    let digits = [UInt8]("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in part.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: result.append(byte)
      default: result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
