package import AdapterKit
package import Ledger

/// Compares what entries name with what an ERP has, before anything is sent.
package struct MasterDataCheck: Sendable {
  private struct Name: Hashable {
    let dimension: String?
    let code: String
  }

  /// By kind, each record and whether it may be posted to; a kind that is not listed is not checked.
  private var known: [MasterDataKind: [Name: Bool]] = [:]
  /// Dimensions of which the ERP lists values.
  private var dimensions: Set<String> = []

  package init() {}

  /// The kinds that the ERP lists.
  package var kinds: [MasterDataKind] { MasterDataKind.allCases.filter { known[$0] != nil } }

  /// Takes in everything that the ERP lists.
  ///
  /// - Throws: ``Problem`` when a list cannot be read to its end.
  package static func reading(_ reader: any ReadsMasterData) async throws(Problem) -> Self {
    var check = MasterDataCheck()
    for kind in MasterDataKind.allCases where reader.masterData.contains(kind) {
      var records: [MasterRecord] = []
      try await reader.readMasterData(kind) { page in records += page }
      check.add(kind, records)
    }
    return check
  }

  package mutating func add(_ kind: MasterDataKind, _ records: [MasterRecord]) {
    var names = known[kind] ?? [:]
    for record in records {
      // Of two records with one code the one that may be used counts.
      let name = Name(dimension: record.dimension, code: record.code)
      names[name] = names[name] ?? false || record.isActive
      if let dimension = record.dimension { dimensions.insert(dimension) }
    }
    known[kind] = names
  }

  /// One problem for each code that the ERP does not have, or takes no postings with.
  package func problems(with uses: some Sequence<MasterDataUse>) -> [Problem] {
    var seen: Set<Problem> = []
    var told: [MasterDataKind: Set<Name>] = [:]
    return uses.compactMap { use in
      let name = Name(dimension: use.dimension, code: use.code)
      guard let problem = problem(with: use, name),
        told[use.kind, default: []].insert(name).inserted, seen.insert(problem).inserted
      else { return nil }
      return problem
    }
  }

  private func problem(with use: MasterDataUse, _ name: Name) -> Problem? {
    guard let names = known[use.kind] else { return nil }
    if let dimension = use.dimension, !dimensions.contains(dimension) { return nil }
    let subject =
      use.dimension.map { "Value \(use.code) of \($0)" } ?? "\(use.kind.word) \(use.code)"
    switch names[name] {
    case true?: return nil
    case false?:
      return Problem(
        code: "blocked_in_erp", pointer: use.place,
        detail: "\(subject) is in the ERP, and takes no postings",
        fix: "Unblock it in the ERP, or name another one")
    case nil:
      return Problem(
        code: "not_in_erp", pointer: use.place, detail: "\(subject) is not in the ERP",
        fix: "Create it in the ERP, or name another one")
    }
  }
}

extension MasterDataKind {
  fileprivate var word: String {
    switch self {
    case .accounts: "Account"
    case .parties: "Party"
    case .taxCodes: "Tax code"
    case .dimensions: "Value"
    case .items: "Item"
    }
  }
}
