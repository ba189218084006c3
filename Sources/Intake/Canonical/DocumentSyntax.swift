/// What a document's bytes look like, told by the first that is no blank.
package enum DocumentSyntax: Hashable, Sendable {
  case json, xml

  package init(of bytes: some Sequence<UInt8>) {
    for byte in bytes {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: continue
      // Byte-order marks of UTF-16, in which only XML is sent.
      case UInt8(ascii: "<"), 0xFE, 0xFF: self = .xml
      default: self = .json
      }
      return
    }
    self = .json
  }
}
