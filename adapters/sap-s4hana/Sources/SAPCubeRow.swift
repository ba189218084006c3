import AdapterKit
import Foundation
import Ledger

/// One line item of a document, as the cube shows it. Only what was asked for is there.
struct SAPCubeRow: Decodable, Hashable {
  var company: String
  var year: String
  var number: String
  var item: String
  var reference1: String?
  var reference2: String?
  var documentReference: String?
  var ledger: String?
  var isReversal: Bool?
  var reverses: String?
  var postingDate: String?
  var account: String?
  var side: String?
  var amount: String?
  var currency: String?

  enum CodingKeys: String, CodingKey {
    case company = "CompanyCode"
    case year = "FiscalYear"
    case number = "AccountingDocument"
    case item = "AccountingDocumentItem"
    case reference1 = "Reference1InDocumentHeader"
    case reference2 = "Reference2InDocumentHeader"
    case documentReference = "DocumentReferenceID"
    case ledger = "Ledger"
    case isReversal = "IsReversal"
    case reverses = "ReverseDocument"
    case postingDate = "PostingDate"
    case account = "GLAccount"
    case side = "DebitCreditCode"
    case amount = "AmountInTransactionCurrency"
    case currency = "TransactionCurrency"
  }

  private static let keys: [CodingKeys] = [.company, .year, .number, .item]

  /// What a look-up asks for.
  static let look = (keys + [.reference1, .reference2, .documentReference, .isReversal, .reverses])
    .map(\.rawValue)

  /// What the reading of books asks for.
  static let whole =
    look
    + [CodingKeys.ledger, .postingDate, .account, .side, .amount, .currency].map(\.rawValue)

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func text(_ key: CodingKeys) -> String? {
      if let text = try? values.decodeIfPresent(String.self, forKey: key) { return text }
      // Some gateways write numbers as numbers.
      return (try? values.decodeIfPresent(Decimal.self, forKey: key)).map { "\($0)" }
    }
    company = try values.decode(String.self, forKey: .company)
    year = try values.decode(String.self, forKey: .year)
    number = try values.decode(String.self, forKey: .number)
    item = try values.decode(String.self, forKey: .item)
    reference1 = text(.reference1)
    reference2 = text(.reference2)
    documentReference = text(.documentReference)
    ledger = text(.ledger)
    isReversal = try? values.decodeIfPresent(Bool.self, forKey: .isReversal)
    reverses = text(.reverses)
    postingDate = text(.postingDate)
    account = text(.account)
    side = text(.side)
    amount = text(.amount)
    currency = text(.currency)
  }

  var document: SAPDocument { SAPDocument(number: number, company: company, year: year) }

  func reference(_ field: SAPS4HANASettings.Field) -> String? {
    switch field {
    case .reference1: reference1
    case .reference2: reference2
    case .documentReference: documentReference
    }
  }

  /// `/Date(1774915200000)/`, or a day in ISO 8601.
  var date: CalendarDate? {
    guard let postingDate else { return nil }
    guard postingDate.hasPrefix("/Date(") else {
      return CalendarDate(String(postingDate.prefix(10)))
    }
    let digits = postingDate.dropFirst("/Date(".count).prefix { $0.isNumber || $0 == "-" }
    return Int64(digits).map { Moment(milliseconds: $0).date }
  }

  /// nil where a part is missing or is none of ours.
  var line: BookedPosting.Line? {
    guard let account, let side, let currency = currency.flatMap({ Currency($0) }),
      let text = amount, let amount = try? Money(text, currency), ["S", "H"].contains(side)
    else { return nil }
    return BookedPosting.Line(
      account: AccountCode(account), side: side == "S" ? .debit : .credit,
      amount: amount.magnitude)
  }
}
