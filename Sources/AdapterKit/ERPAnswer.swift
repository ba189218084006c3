/// What an ERP said about a request or an entry, in its own words.
public struct ERPAnswer: Hashable, Sendable {
  /// HTTP status; nil where there is none.
  public var status: Int?
  public var code: String?
  public var text: String?
  /// Where, as the ERP points to it.
  public var field: String?
  /// When the ERP wishes to be asked again.
  public var retryAfter: Duration?

  public init(
    status: Int? = nil, code: String? = nil, text: String? = nil, field: String? = nil,
    retryAfter: Duration? = nil
  ) {
    self.status = status
    self.code = code
    self.text = text
    self.field = field
    self.retryAfter = retryAfter
  }

  /// The ERP's words for a sentence of ours.
  public var words: String {
    let parts = [
      text, code.map { "code \($0)" }, status.map { "status \($0)" },
    ].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? "no reason given" : parts.joined(separator: ", ")
  }
}
