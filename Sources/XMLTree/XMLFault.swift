/// Why a document was not read, or could not be written.
public struct XMLFault: Error, Hashable, Sendable {
  /// Stable codes; the raw value is what programs and people see.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// More bytes, nodes, attributes, namespaces or text than the limits allow.
    case tooLarge = "too_large"
    case tooDeep = "too_deep"
    /// A document type declaration: entities and external subsets begin there.
    case dtdRefused = "dtd_refused"
    /// Bytes that are not text in the encoding the document declares, or in UTF-8.
    case invalidUTF8 = "invalid_utf8"
    /// An encoding other than UTF-8, US-ASCII, ISO-8859-1, ISO-8859-15 and Windows-1252.
    case unsupportedEncoding = "unsupported_encoding"
    /// Not well-formed, or a prefix is not declared.
    case invalidXML = "invalid_xml"
    /// Writing: a character, name or prefix that XML 1.0 cannot carry.
    case cannotWrite = "cannot_write"
  }

  public let code: Code
  /// Line of the input, from 1; 0 where there is none.
  public let line: Int
  public let detail: String

  public init(code: Code, line: Int, detail: String) {
    self.code = code
    self.line = line
    self.detail = detail
  }

  /// What the sender can do about it.
  public var fix: String {
    switch code {
    case .tooLarge: "Send a smaller document, or raise the limit in the configuration"
    case .tooDeep: "Send a document with fewer levels of elements"
    case .dtdRefused: "Remove the <!DOCTYPE …> declaration and write out its entities"
    case .invalidUTF8: "Write the document in UTF-8, or declare the encoding it is written in"
    case .unsupportedEncoding: "Write the document in UTF-8"
    case .invalidXML: "Correct the document so that an XML parser accepts it"
    case .cannotWrite: "Remove the character or name from the source data"
    }
  }
}
