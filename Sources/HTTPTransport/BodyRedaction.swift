import Secrets

/// Replaces the values of secret fields in JSON, XML and form bodies, whole or cut off.
///
/// It reads tolerantly: a value without an end counts as reaching to the end of the text.
struct BodyRedaction {
  let names: SecretNames

  func redact(_ body: [UInt8]) -> String {
    switch body.first(where: { $0 > 0x20 }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): redactJSON(body)
    // A byte order mark may stand in front of XML.
    case UInt8(ascii: "<"), 0xEF: redactXML(body)
    default: redactForm(String(decoding: body, as: UTF8.self))
    }
  }

  /// `a=1&token=x` becomes `a=1&token=[redacted]`.
  func redactForm(_ text: String) -> String {
    let pairs = text.split(separator: "&", omittingEmptySubsequences: false)
    return pairs.map { pair in
      guard let equals = pair.firstIndex(of: "="),
        names.contains(parameter: String(pair[..<equals]))
      else { return String(pair) }
      return pair[...equals] + Secret.mask
    }.joined(separator: "&")
  }

  // MARK: JSON

  private func redactJSON(_ body: [UInt8]) -> String {
    var result: [UInt8] = []
    var index = 0
    while index < body.count {
      guard body[index] == UInt8(ascii: "\"") else {
        result.append(body[index])
        index += 1
        continue
      }
      let end = endOfString(body, from: index)
      result += body[index..<end]
      let name = body[index..<end].dropFirst().prefix(max(0, end - index - 2))
      index = end
      let colon = skippingBlanks(body, from: index)
      guard colon < body.count, body[colon] == UInt8(ascii: ":"),
        names.contains(field: String(decoding: name, as: UTF8.self))
      else { continue }
      result += Array(":\"\(Secret.mask)\"".utf8)
      index = endOfValue(body, from: skippingBlanks(body, from: colon + 1))
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Position after the closing quote of the string that opens at `start`.
  private func endOfString(_ body: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < body.count {
      if body[index] == UInt8(ascii: "\"") { return index + 1 }
      index += body[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return body.count
  }

  /// Position after the value that begins at `start`, nested or not.
  private func endOfValue(_ body: [UInt8], from start: Int) -> Int {
    var depth = 0
    var index = start
    while index < body.count {
      switch body[index] {
      case UInt8(ascii: "\""):
        index = endOfString(body, from: index)
        if depth == 0 { return index }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // The end of what the value stands in, or of the value itself.
        if depth == 0 { return index }
        depth -= 1
        if depth == 0 { return index + 1 }
      case UInt8(ascii: ","):
        if depth == 0 { return index }
      default: break
      }
      index += 1
    }
    return body.count
  }

  private func skippingBlanks(_ body: [UInt8], from start: Int) -> Int {
    body[start...].firstIndex { $0 > 0x20 } ?? body.count
  }

  // MARK: XML

  private func redactXML(_ body: [UInt8]) -> String {
    var result: [UInt8] = []
    var index = 0
    while index < body.count {
      guard body[index] == UInt8(ascii: "<") else {
        result.append(body[index])
        index += 1
        continue
      }
      let end = endOfTag(body, from: index)
      let tag = body[index..<end]
      result += redactAttributes(Array(tag))
      index = end
      let name = elementName(tag)
      let opens = !tag.starts(with: "</".utf8) && !tag.dropLast().hasSuffix("/")
      guard opens, !name.isEmpty, names.contains(field: localName(name)) else { continue }
      result += Array(Secret.mask.utf8)
      index = startOfClosingTag(of: name, in: body, from: end)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private func endOfTag(_ body: [UInt8], from start: Int) -> Int {
    var quote: UInt8?
    for index in start..<body.count {
      switch (body[index], quote) {
      case (UInt8(ascii: ">"), nil): return index + 1
      case (UInt8(ascii: "\""), nil), (UInt8(ascii: "'"), nil): quote = body[index]
      case (let byte, let open?) where byte == open: quote = nil
      default: break
      }
    }
    return body.count
  }

  /// Empty for comments, declarations, instructions and closing tags.
  private func elementName(_ tag: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let name = tag.dropFirst().prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") }
    guard let first = name.first, !"!?/".utf8.contains(first) else { return [] }
    return name.hasSuffix("/") ? name.dropLast() : name
  }

  private func localName(_ name: ArraySlice<UInt8>) -> String {
    let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
    return String(decoding: local, as: UTF8.self)
  }

  private func startOfClosingTag(
    of name: ArraySlice<UInt8>, in body: [UInt8], from start: Int
  ) -> Int {
    let closing = Array("</".utf8) + name
    guard body.count >= start + closing.count else { return body.count }
    let found = (start...(body.count - closing.count)).first { index in
      body[index] == closing[0] && body[index..<(index + closing.count)].elementsEqual(closing)
    }
    return found ?? body.count
  }

  /// Hides values of attributes with secret names, and of all in a cut-off tag that has an open quote.
  private func redactAttributes(_ tag: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < tag.count {
      let byte = tag[index]
      result.append(byte)
      index += 1
      guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { continue }
      let end = tag[index...].firstIndex(of: byte) ?? tag.count
      let isSecret = names.contains(field: attributeName(before: result))
      result += isSecret ? Array(Secret.mask.utf8) : Array(tag[index..<end])
      if end < tag.count { result.append(byte) }
      index = end + 1
    }
    return result
  }

  /// The name in front of `="`, which `text` ends with.
  private func attributeName(before text: [UInt8]) -> String {
    let untilEquals = text.dropLast().reversed().drop { $0 <= 0x20 || $0 == UInt8(ascii: "=") }
    let name = untilEquals.prefix { $0 > 0x20 && $0 != UInt8(ascii: ":") }.reversed()
    return String(decoding: Array(name), as: UTF8.self)
  }
}

extension BidirectionalCollection<UInt8> {
  fileprivate func hasSuffix(_ character: Character) -> Bool {
    last == character.asciiValue
  }
}
