/// An approved source document in its one canonical shape, whatever format it came in.
///
/// Source of meaning: `docs/contract/documents.md`. Its ``identity`` keeps the type under which it
/// was handed over, which differs from the kind of its ``body`` when intake turned a negative
/// document into its opposite.
public struct Document: Hashable, Sendable {
  public var identity: DocumentIdentity
  /// Numbers the versions of one document from 1.
  public var revision: Int
  public var entity: LegalEntityID
  /// The number printed on the document.
  public var reference: String
  public var documentDate: CalendarDate
  /// The day in the books, where the source fixes one; nil means the document date.
  public var postingDate: CalendarDate?
  public var currency: Currency
  /// The rate the document itself states; nil means the entity's table.
  public var exchangeRate: ExchangeRate?
  /// nil only for types without a customer.
  public var customer: Customer?
  public var approval: Approval
  public var contract: String?
  public var purchaseOrder: String?
  public var project: String?
  /// Default for every line.
  public var dimensions: Dimensions
  /// Carried end to end, unread.
  public var custom: Dimensions
  public var body: Body

  /// What only one type of document says.
  ///
  /// In a box of its own, as documents are passed on far more often than they are made.
  public indirect enum Body: Hashable, Sendable {
    case invoice(Invoice)
    case creditMemo(CreditMemo)
    case payment(Payment)
    case refund(Refund)
    case chargeback(Chargeback)
    case writeOff(WriteOff)
    case payout(Payout)
    case application(Application)
    case void(of: DocumentIdentity)
    case milestone(Milestone)
    case contractChange(ContractChange)
    case ratedUsage(RatedUsage)
    case withholdingCertificate(WithholdingCertificate)
    case periodRun(PeriodRun)
  }

  public init(
    identity: DocumentIdentity, revision: Int = 1, entity: LegalEntityID, reference: String,
    documentDate: CalendarDate, postingDate: CalendarDate? = nil, currency: Currency,
    exchangeRate: ExchangeRate? = nil, customer: Customer?, approval: Approval,
    contract: String? = nil, purchaseOrder: String? = nil, project: String? = nil,
    dimensions: Dimensions = [:], custom: Dimensions = [:], body: Body
  ) {
    self.identity = identity
    self.revision = revision
    self.entity = entity
    self.reference = reference
    self.documentDate = documentDate
    self.postingDate = postingDate
    self.currency = currency
    self.exchangeRate = exchangeRate
    self.customer = customer
    self.approval = approval
    self.contract = contract
    self.purchaseOrder = purchaseOrder
    self.project = project
    self.dimensions = dimensions
    self.custom = custom
    self.body = body
  }
}

/// Who the document is for.
public struct Customer: Hashable, Sendable {
  public var id: String
  public var name: String?
  /// ISO 3166 alpha-2.
  public var country: String?
  public var taxID: String?
  /// The id of the customer that this one belongs to.
  public var parent: String?

  public init(
    id: String, name: String? = nil, country: String? = nil, taxID: String? = nil,
    parent: String? = nil
  ) {
    self.id = id
    self.name = name
    self.country = country
    self.taxID = taxID
    self.parent = parent
  }
}

/// Who approved a document, and when.
public struct Approval: Hashable, Sendable {
  public var by: String
  /// RFC 3339 with offset, as given; nil where the source stands as approver and the moment is
  /// that of acceptance.
  public var at: String?

  public init(by: String, at: String?) {
    self.by = by
    self.at = at
  }
}
