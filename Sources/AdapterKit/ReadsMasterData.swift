public import Ledger

/// An adapter that reads what the ERP knows besides postings.
public protocol ReadsMasterData: ERPAdapter {
  /// The kinds that the ERP can list.
  var masterData: Set<MasterDataKind> { get }

  /// Every record of a kind, page by page, each page handed to `consume`.
  ///
  /// - Throws: ``Problem`` when the records cannot be read to their end.
  func readMasterData(
    _ kind: MasterDataKind, consume: ([MasterRecord]) throws(Problem) -> Void
  ) async throws(Problem)
}

public enum MasterDataKind: String, Hashable, Sendable, CaseIterable {
  case accounts, parties, taxCodes, dimensions, items
}

/// One record of an ERP's master data.
public struct MasterRecord: Hashable, Sendable {
  /// What entries name it by.
  public let code: String
  public let name: String
  /// The dimension that the value belongs to, as entries name it; nil for other kinds.
  public let dimension: String?
  /// Whether new postings may use it.
  public let isActive: Bool
  /// The ERP's internal id where it differs from the code.
  public let id: String?

  public init(
    code: String, name: String, dimension: String? = nil, isActive: Bool = true, id: String? = nil
  ) {
    self.code = code
    self.name = name
    self.dimension = dimension
    self.isActive = isActive
    self.id = id
  }
}
