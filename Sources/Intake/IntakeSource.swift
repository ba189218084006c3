package import Ledger

/// How one billing system hands its documents over: `sources/<code>.yaml` in the configuration.
package struct IntakeSource: Hashable, Sendable {
  /// Whether a document must say who approved it.
  package enum ApprovalPolicy: String, Hashable, Sendable, CaseIterable {
    /// A document without an approval is refused.
    case required
    /// The source hands over approved documents only and stands as the approver.
    case trusted
  }

  /// What makes the id of a document that comes as UBL or CII.
  package enum IdentityPolicy: String, Hashable, Sendable, CaseIterable {
    /// The invoice number.
    case number
    /// The seller's id, a colon and the invoice number: for a source of many sellers.
    case sellerAndNumber
  }

  /// What becomes of self-billed invoices (type codes 389 and 261).
  package enum SelfBilledPolicy: String, Hashable, Sendable, CaseIterable {
    case refuse, accept
  }

  /// The code that documents name as their `source`.
  package var code: String
  package var format: IntakeFormat
  /// The entity of a document that names none.
  package var entity: LegalEntityID?
  /// Derives the entity of a document that names none; asked before ``entity``.
  package var entityFrom: EntityMapping?
  package var approval: ApprovalPolicy
  package var identity: IdentityPolicy
  /// A line without a period of its own takes the document's (UBL and CII).
  package var documentPeriodAppliesToLines: Bool
  package var selfBilled: SelfBilledPolicy

  package init(
    code: String, format: IntakeFormat = .auto, entity: LegalEntityID? = nil,
    entityFrom: EntityMapping? = nil, approval: ApprovalPolicy = .required,
    identity: IdentityPolicy = .number, documentPeriodAppliesToLines: Bool = false,
    selfBilled: SelfBilledPolicy = .refuse
  ) {
    self.code = code
    self.format = format
    self.entity = entity
    self.entityFrom = entityFrom
    self.approval = approval
    self.identity = identity
    self.documentPeriodAppliesToLines = documentPeriodAppliesToLines
    self.selfBilled = selfBilled
  }
}
