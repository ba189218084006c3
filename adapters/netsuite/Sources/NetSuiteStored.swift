import AdapterKit
import Foundation
import Ledger
import StrictJSON

/// A record as the ERP shows it.
struct NetSuiteStored: Sendable {
  struct Line: Sendable {
    var account: String?
    /// Debit positive.
    var amount: Decimal
    var isCredit: Bool
  }

  let record: NetSuiteRecord
  let id: String
  let externalID: String?
  let number: String?
  let date: String?
  let subsidiary: String?
  let currency: String?
  let approvalStatus: String?
  let exchangeRate: Decimal?
  /// `total` of an invoice or credit memo, `payment` of a payment.
  let total: Decimal?
  /// Empty unless sublists were asked for, and for records without lines.
  let lines: [Line]
  let itemAmounts: [Decimal]

  /// Approved for posting.
  static let approved = "2"
  static let pending = "1"
  static let rejected = "3"

  /// nil without an id.
  init?(_ view: JSONView, _ record: NetSuiteRecord) {
    guard let id = view["id"]?.plain else { return nil }
    self.record = record
    self.id = id
    externalID = view["externalId"]?.plain
    number = view["tranId"]?.plain
    date = view["tranDate"]?.string
    subsidiary = view["subsidiary"]?["id"]?.plain
    currency = view["currency"]?["id"]?.plain
    approvalStatus = view["approvalStatus"]?["id"]?.plain
    exchangeRate = view["exchangeRate"]?.plain?.decimal
    total = (view["payment"] ?? view["total"])?.plain?.decimal
    itemAmounts = (view["item"]?["items"]?.array.map { Array($0) } ?? [])
      .compactMap { $0["amount"]?.plain?.decimal }
    lines = (view["line"]?["items"]?.array.map { Array($0) } ?? []).map { line in
      Line(line, account: line["account"]?["id"]?.plain)
    }
  }

  /// The id of the account that a line of the ledger itself names.
  static func ledgerLine(_ row: JSONView) -> Line { Line(row, account: row["account"]?.plain) }

  var receipt: Receipt { Receipt(id: id, number: number ?? id) }

  /// Whether it is in the books: accounts without approval routing do not say.
  var isPosted: Bool { approvalStatus == nil || approvalStatus == Self.approved }

  /// Whether it says what a request said: day, and the amounts of lines or the total.
  func says(_ body: NetSuiteValue) -> Bool {
    guard date == body["tranDate"]?.plain else { return false }
    if record.isJournal {
      let sent = (body["line"]?["items"]?.elements ?? []).map(\.signedAmount)
      return sent.sorted() == lines.map(\.amount).sorted()
    }
    if let payment = body["payment"]?.plain { return payment.decimal == total }
    // The total has the tax that the ERP computes: the items are what was sent.
    let sent = (body["item"]?["items"]?.elements ?? []).compactMap { $0["amount"]?.plain?.decimal }
    return sent.sorted() == itemAmounts.sorted()
  }
}

extension NetSuiteStored.Line {
  /// Without a credit it is a debit, of nothing where there is none either.
  fileprivate init(_ view: JSONView, account: String?) {
    let debit = view["debit"]?.plain?.decimal
    let credit = view["credit"]?.plain?.decimal
    self.init(
      account: account, amount: (debit ?? 0) - (credit ?? 0),
      isCredit: credit != nil && (debit ?? 0) == 0)
  }
}

extension String {
  fileprivate var decimal: Decimal? { Decimal(string: self) }
}

extension NetSuiteValue {
  fileprivate var signedAmount: Decimal {
    let debit = self["debit"]?.plain?.decimal ?? 0
    return debit - (self["credit"]?.plain?.decimal ?? 0)
  }
}
