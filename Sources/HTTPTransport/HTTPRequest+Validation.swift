extension HTTPRequest {
  /// Why the request cannot be sent as it stands; nil when it can. Values are not quoted: they may be
  /// secret.
  var fault: String? {
    methodFault ?? urlFault ?? headers.fields.lazy.compactMap(\.fault).first
  }

  private var methodFault: String? {
    let name = method.rawValue
    return name.isToken ? nil : "The method is not a word of HTTP"
  }

  private var urlFault: String? {
    let lowered = url.prefix(8).lowercased()
    guard let start = ["http://", "https://"].first(where: { lowered.hasPrefix($0) }) else {
      return "The address does not begin with http:// or https://"
    }
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return "The address has a blank, a control character or a character that is not ASCII; "
        + "percent-encode it"
    }
    let authority = url.dropFirst(start.count).prefix { !"/?#".contains($0) }
    if authority.isEmpty { return "The address has no host" }
    if authority.contains("@") {
      return "The address carries a user or password; use an authorization instead"
    }
    return nil
  }
}

extension HTTPHeaders.Field {
  /// Framing belongs to the client: two lengths for one body are how requests get smuggled.
  private static let framing = ["content-length", "transfer-encoding", "expect"]

  fileprivate var fault: String? {
    guard name.isToken else { return "A header has a name that is not a word of HTTP" }
    if Self.framing.contains(name.lowercased()) {
      return "The header \(name) is set by the client; leave it out"
    }
    let isClean = value.utf8.allSatisfy { $0 != 0 && $0 != 0x0A && $0 != 0x0D }
    return isClean ? nil : "The header \(name) has a line break or NUL in its value"
  }
}

extension String {
  /// RFC 9110, section 5.6.2.
  fileprivate var isToken: Bool {
    let marks = "!#$%&'*+-.^_`|~".utf8
    return !isEmpty
      && utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte.foldedASCII)
          || marks.contains(byte)
      }
  }
}
