import Ledger

/// What is known about a line when its account is chosen.
struct LineFacts: Sendable {
  // The same for every line of a document.
  var source = ""
  var customer: String?
  var country: String?
  var currency: Currency
  var method: String?
  /// The code of the money account.
  var account: String?
  var custom: Dimensions = [:]
  /// The accounting view that the line is for.
  var ledger = ""
  /// The other entity of an intercompany line.
  var partner: LegalEntityID?

  // Of one line. What the document's line says is read in place when it is asked for: most tables
  // test little of it, and copying it would cost more than choosing the account.
  var documentLines: [DocumentLine] = []
  /// The line's place among ``documentLines``; nil for lines that stem from no single one.
  var lineIndex: Int?
  var feeKind: String?
  var taxCode: String?
  var taxCategory: TaxCategory?
  var taxRate: ExactDecimal?
  var jurisdiction: String?
  var dimensions: Dimensions = [:]

  init(currency: Currency) { self.currency = currency }

  /// nil where the line has no such attribute. The entity and its groups are not facts of a line:
  /// tables are compiled for an entity.
  func value(of attribute: AttributeName) -> String? {
    switch attribute {
    case .entity, .group: nil
    case .product: lineIndex.map { documentLines[$0].product }
    case .family: lineIndex.flatMap { documentLines[$0].family }
    case .kind: lineIndex.map { documentLines[$0].kind.rawValue }
    case .customer: customer
    case .country: country
    case .taxCode: taxCode
    case .taxCategory: taxCategory?.rawValue
    case .taxRate: taxRate?.text
    case .jurisdiction: jurisdiction
    case .currency: currency.code
    case .source: source
    case .account: account
    case .method: method
    case .meter: lineIndex.flatMap { documentLines[$0].usage?.meter }
    case .feeKind: feeKind
    case .ledger: ledger
    case .partner: partner?.code
    case .dimension(let name): dimensions[name]
    case .custom(let name): lineIndex.flatMap { documentLines[$0].custom[name] } ?? custom[name]
    }
  }

  /// Forgets what belongs to one document line.
  mutating func leaveLine() {
    lineIndex = nil
    leaveTax()
  }

  mutating func leaveTax() {
    taxCode = nil
    taxCategory = nil
    taxRate = nil
    jurisdiction = nil
  }
}
