/// What kind of source document a billing system hands over.
public enum DocumentType: String, Hashable, Sendable, CaseIterable {
  case invoice, creditMemo, payment, refund, chargeback, writeOff, payout, application, void
  case milestone, contractChange, ratedUsage, withholdingCertificate, netting
  /// A month-end run of our own; no source hands one over.
  case periodRun

  /// The types that a source may hand over.
  public static let handedOver = allCases.filter { $0 != .periodRun }
}

/// Names a document: its source, type and id there.
public struct DocumentIdentity: Hashable, Sendable {
  /// The billing system's code in the configuration.
  public let source: String
  public let type: DocumentType
  /// 1 to ``maximumIDLength`` printable characters; may hold `/`, `|` and blanks.
  public let id: String

  public static let maximumIDLength = 256

  public init(source: String, type: DocumentType, id: String) {
    self.source = source
    self.type = type
    self.id = id
  }

  /// Reads `source/type/id`, split at the first two slashes; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, !parts[2].isEmpty,
      let type = DocumentType(rawValue: String(parts[1]))
    else { return nil }
    self.init(source: String(parts[0]), type: type, id: String(parts[2]))
  }
}

extension DocumentIdentity: CustomStringConvertible {
  public var description: String { "\(source)/\(type.rawValue)/\(id)" }
}
