/// A field of `AccountAssignment`, in the order of the service's description.
enum SAPAssignmentField: String, CaseIterable {
  case order = "OrderID"
  case profitCenter = "ProfitCenter"
  case segment = "Segment"
  case costCenter = "CostCenter"
  case project = "WBSElement"
  case functionalArea = "FunctionalArea"

  /// Characters that it takes.
  var length: Int {
    switch self {
    case .order: 12
    case .profitCenter, .segment, .costCenter: 10
    case .project: 24
    case .functionalArea: 16
    }
  }

  /// Whether Journal Entry by Ledger – Post has it too.
  var isOfLedgers: Bool { self != .order }

  /// For connections that say nothing.
  static let customary: [String: SAPAssignmentField] = [
    "costCenter": .costCenter, "profitCenter": .profitCenter, "segment": .segment,
    "project": .project, "order": .order, "functionalArea": .functionalArea,
  ]
}
