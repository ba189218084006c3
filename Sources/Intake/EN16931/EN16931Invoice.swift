import Ledger

/// A value of the document and where it stands.
struct Term<Value: Hashable & Sendable>: Hashable, Sendable {
  let value: Value
  let path: ElementPath
}

/// An invoice or credit note by the business terms of EN 16931-1, whatever its syntax.
///
/// A term that the document lacks, or that could not be read, is nil; the reader has then noted why
/// where the term is required.
struct EN16931Invoice: Hashable, Sendable {
  /// The root element of a UBL CreditNote; CII and UBL Invoice tell by the type code alone.
  var isCreditNote = false
  /// BT-1.
  var number: Term<String>?
  /// BT-2.
  var issueDate: Term<CalendarDate>?
  /// BT-3.
  var typeCode: Term<String>?
  /// BT-5.
  var currency: Term<Currency>?
  /// BT-9.
  var dueDate: Term<CalendarDate>?
  /// BT-11, BT-12 and BT-13.
  var project: String?
  var contract: String?
  var purchaseOrder: String?
  /// BT-25, once for each BG-3.
  var precedingInvoices: [String] = []
  /// BG-14.
  var period = EN16931Period()
  /// BG-4.
  var seller = EN16931Party()
  /// BG-7.
  var buyer = EN16931Party()
  /// BG-20 and BG-21, in the order of the document.
  var adjustments: [EN16931Adjustment] = []
  /// BG-22; nil when a total is missing or cannot be read.
  var totals: EN16931Totals?
  /// BG-23.
  var taxes: [EN16931Tax] = []
  /// BT-111, in the currency of BT-6.
  var accountingTax: Money?
  /// BG-25.
  var lines: [EN16931Line] = []
}

/// A seller or buyer.
struct EN16931Party: Hashable, Sendable {
  /// BT-27, BT-44.
  var name: String?
  /// BT-29, BT-46.
  var id: String?
  /// BT-30, BT-47.
  var registration: String?
  /// BT-31, BT-48.
  var vatID: String?
  /// BT-32.
  var taxRegistration: String?
  /// BT-34, BT-49.
  var electronicAddress: String?
  /// BT-40, BT-55.
  var country: String?
  var path = ElementPath.root("")
}

/// A period of which one day alone may be given (BR-CO-19).
struct EN16931Period: Hashable, Sendable {
  /// BT-73, BT-134.
  var start: CalendarDate?
  /// BT-74, BT-135.
  var end: CalendarDate?

  /// nil while one of its days is unknown.
  var range: DateRange? {
    guard let start, let end else { return nil }
    return DateRange(from: start, through: end)
  }

  /// This period, with a day it lacks taken from `other`.
  func completed(by other: EN16931Period) -> EN16931Period {
    EN16931Period(start: start ?? other.start, end: end ?? other.end)
  }
}

/// An allowance or charge on the document as a whole.
struct EN16931Adjustment: Hashable, Sendable {
  var isCharge: Bool
  /// BT-92, BT-99.
  var amount: Term<Money>?
  /// BT-97, BT-104.
  var reason: String?
  /// BT-98, BT-105.
  var reasonCode: String?
  var tax: EN16931TaxCode?
}

/// A tax category and its rate.
struct EN16931TaxCode: Hashable, Sendable {
  var category: TaxCategory
  /// Per cent; nil where there is none (category O).
  var rate: ExactDecimal?

  /// Category and rate (`S-25`); the category alone (`E`) where it has no rate but zero.
  var code: String {
    guard let rate else { return category.rawValue }
    let hasRates = [.standard, .canaryIslands, .ceutaMelilla, .splitPayment].contains(category)
    return rate == .zero && !hasRates ? category.rawValue : "\(category.rawValue)-\(rate.text)"
  }
}

/// One group of the VAT breakdown.
struct EN16931Tax: Hashable, Sendable {
  /// BT-118 and BT-119.
  var tax: EN16931TaxCode?
  /// BT-116.
  var base: Term<Money>?
  /// BT-117.
  var amount: Term<Money>?
}

/// The totals of the document. Those that may be absent are zero then.
struct EN16931Totals: Hashable, Sendable {
  /// BT-106.
  var lines: Term<Money>
  /// BT-107.
  var allowances: Term<Money>
  /// BT-108.
  var charges: Term<Money>
  /// BT-109.
  var net: Term<Money>
  /// BT-110.
  var tax: Term<Money>
  /// BT-112.
  var gross: Term<Money>
  /// BT-113.
  var prepaid: Term<Money>
  /// BT-114.
  var rounding: Term<Money>
  /// BT-115.
  var payable: Term<Money>
}

/// One line.
struct EN16931Line: Hashable, Sendable {
  /// BT-126.
  var id: String?
  /// BT-129; nil also with more decimals than are kept, since nothing is computed from it.
  var quantity: ExactDecimal?
  /// BT-131.
  var net: Term<Money>?
  /// BG-26.
  var period = EN16931Period()
  /// BT-146 for one unit; nil also where it cannot be held exactly.
  var unitPrice: ExactDecimal?
  /// BT-151 and BT-152.
  var tax: EN16931TaxCode?
  /// BT-153.
  var name: String?
  /// BT-154.
  var description: String?
  /// BT-155.
  var sellerItemID: String?
  /// BT-157.
  var standardItemID: String?
}
