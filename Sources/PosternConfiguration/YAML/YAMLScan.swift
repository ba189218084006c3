/// A look at a YAML text before it is parsed, for what would cost too much to parse.
///
/// The parser recurses for every level, and compares keys of any size; so depth and aliases are
/// bounded here, from the bytes alone. Brackets in quotes and comments do not count.
struct YAMLScan {
  struct Fault: Hashable {
    let code: String
    let line: Int
    let detail: String
    let fix: String
  }

  private(set) var fault: Fault?

  private enum Quote { case none, single, double, comment }

  init(_ text: String, limits: YAMLLimits) {
    var text = text
    fault = text.withUTF8 { YAMLScan.firstFault(in: $0, limits: limits) }
  }

  private static func firstFault(
    in bytes: UnsafeBufferPointer<UInt8>, limits: YAMLLimits
  ) -> Fault? {
    var line = 1
    var depth = 0
    var column = 0
    var isIndenting = true
    var quote = Quote.none
    var aliases = 0
    var previous = UInt8(ascii: "\n")
    // The last byte that is no blank says whether a value may begin here.
    var significant = UInt8(ascii: "\n")
    for (index, byte) in bytes.enumerated() {
      defer {
        previous = byte
        if byte != UInt8(ascii: " ") { significant = byte }
      }
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 0
        isIndenting = true
        if quote == .comment { quote = .none }
        continue
      }
      column += 1
      if isIndenting {
        switch byte {
        case UInt8(ascii: "\t") where quote == .none && depth == 0 && !isBlankLine(bytes, index):
          return Fault(
            code: "yaml_tab", line: line, detail: "A tab indents this line",
            fix: "Indent with blanks")
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"):
          guard column <= limits.indentation else { return tooDeep(line, limits) }
        default: isIndenting = false
        }
      }
      let isAfterBlank = previous <= UInt8(ascii: " ")
      let opens = "\n-?:,[{".utf8.contains(significant)
      switch (quote, byte) {
      case (.none, UInt8(ascii: "#")) where isAfterBlank: quote = .comment
      case (.none, UInt8(ascii: "'")) where opens: quote = .single
      case (.none, UInt8(ascii: "\"")) where opens: quote = .double
      case (.single, UInt8(ascii: "'")): quote = .none
      case (.double, UInt8(ascii: "\"")) where previous != UInt8(ascii: "\\"): quote = .none
      case (.none, UInt8(ascii: "[")), (.none, UInt8(ascii: "{")):
        depth += 1
        guard depth <= limits.depth else { return tooDeep(line, limits) }
      case (.none, UInt8(ascii: "]")), (.none, UInt8(ascii: "}")): depth = max(0, depth - 1)
      case (_, UInt8(ascii: "*")) where quote != .comment && isWord(bytes, index + 1):
        // Inside what looks like quotes a few are let pass, far fewer than a bomb needs.
        aliases += 1
        guard (quote != .none || !opens) && aliases <= limits.quotedAliases else {
          return Fault(
            code: "yaml_anchor", line: line,
            detail: "Anchors (&) and aliases (*) are not supported",
            fix: "Write the value out, or put it in quotes where * begins a text")
        }
      default: break
      }
    }
    return nil
  }

  private static func isBlankLine(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    for byte in bytes[start...] {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "#") { return true }
      if byte > UInt8(ascii: " ") { return false }
    }
    return true
  }

  private static func isWord(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    index < bytes.count && bytes[index] > UInt8(ascii: " ") && bytes[index] != UInt8(ascii: "*")
  }

  private static func tooDeep(_ line: Int, _ limits: YAMLLimits) -> Fault {
    Fault(
      code: "too_deep", line: line,
      detail: "More than \(limits.depth) lists or tables stand inside one another",
      fix: "Write the value with fewer levels")
  }
}
