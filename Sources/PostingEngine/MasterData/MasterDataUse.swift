package import AdapterKit
package import Ledger

/// A code that entries name, or would name by the configuration.
package struct MasterDataUse: Hashable, Sendable {
  package var kind: MasterDataKind
  /// The dimension that the code is a value of; nil for other kinds.
  package var dimension: String?
  package var code: String
  /// Who names it: `accounts/revenue.yaml, row 3`, or a document.
  package var place: String

  package init(
    _ kind: MasterDataKind, _ code: String, dimension: String? = nil, at place: String
  ) {
    self.kind = kind
    self.code = code
    self.dimension = dimension
    self.place = place
  }

  /// What an entry names in the ERP.
  package static func all(in entry: JournalEntry) -> [MasterDataUse] {
    let place = entry.head.source.document.description
    return entry.lines.flatMap { line in
      [MasterDataUse(.accounts, line.account.code, at: place)]
        + [line.party.map { MasterDataUse(.parties, $0, at: place) }].compactMap { $0 }
        + [line.tax.map { MasterDataUse(.taxCodes, $0.code, at: place) }].compactMap { $0 }
        + line.dimensions.pairs.map {
          MasterDataUse(.dimensions, $0.value, dimension: $0.name, at: place)
        }
    }
  }
}
