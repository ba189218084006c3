/// A request as it came over HTTP, read whole.
public struct WireRequest: Sendable {
  public let method: String
  /// Path and query as sent.
  public let target: String
  /// Parts of the path, percent-decoded.
  public let path: [String]
  public let query: [(name: String, value: String)]
  /// In order, names as sent.
  public let headers: [(name: String, value: String)]
  public let body: [UInt8]

  public init(
    method: String, target: String, headers: [(name: String, value: String)], body: [UInt8]
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = parts[0].split(separator: "/").map { PercentCoding.decode($0, plusIsBlank: false) }
    let pairs = parts.count > 1 ? parts[1].split(separator: "&") : []
    query = pairs.map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        PercentCoding.decode(sides[0], plusIsBlank: true),
        sides.count > 1 ? PercentCoding.decode(sides[1], plusIsBlank: true) : ""
      )
    }
  }

  /// The first header of that name, whatever its case.
  public func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }

  /// The first query parameter of that name.
  public func parameter(_ name: String) -> String? {
    query.first { $0.name == name }?.value
  }
}

/// Percent-encoding of URLs.
enum PercentCoding {
  /// Decodes `%XX`; what is no such sequence stays as it is.
  static func decode(_ text: some StringProtocol, plusIsBlank: Bool) -> String {
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
      {
        out.append(high << 4 | low)
        index += 3
        continue
      }
      out.append(plusIsBlank && bytes[index] == UInt8(ascii: "+") ? 0x20 : bytes[index])
      index += 1
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
