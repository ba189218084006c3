public import Foundation

/// An entry in the books of one company.
public struct BookedEntry: Hashable, Sendable {
  public let company: String
  /// Position in the books of all companies, from 1.
  public let serial: Int
  /// Position in the company's books, from 1.
  public let sequence: Int
  /// The number in the books: the ERP's own, `YYYY-NNNNNN`, unless the sender gave one.
  public let number: String
  public let postedAt: Date
  public let content: EntryContent

  /// What the ERP calls the entry.
  public var id: String { "\(company)-\(sequence)" }

  var booking: Booking {
    Booking(
      serial: serial, id: id, sequence: sequence, number: number,
      externalKey: content.externalKey, postedAt: postedAt)
  }
}

/// What an entry says, brought into the one form that is compared when the key comes again.
public struct EntryContent: Hashable, Sendable {
  public let externalKey: String
  public let postingDate: String
  public let documentDate: String
  public let currency: String
  public let functionalCurrency: String
  /// The number the sender asked for.
  public let senderNumber: String?
  public let reference: String?
  public let description: String?
  public let lines: [BookedLine]
  public let attributes: [String: String]
  /// The ``BookedEntry/id`` of the entry that this one reverses.
  public let reverses: String?
  /// nil for a plain entry.
  public internal(set) var native: NativeDocument?

  /// `YYYY-MM`: the month of the posting date, unless the document names another.
  public var period: String { native?.period ?? String(postingDate.prefix(7)) }

  var decimals: Int { CurrencyTable.decimals(of: currency) ?? 0 }
  var functionalDecimals: Int { CurrencyTable.decimals(of: functionalCurrency) ?? 0 }
}

/// One line in the books.
public struct BookedLine: Hashable, Sendable {
  public enum Side: String, Hashable, Sendable {
    case debit
    case credit
  }

  public let account: String
  public let side: Side
  /// Minor units of the entry's currency.
  public let amount: Int64
  /// Minor units of the functional currency.
  public let functionalAmount: Int64
  public let party: String?
  /// nil when the line has none of them.
  let details: LineDetails?

  public var tax: TaxDraft? { details?.tax }
  public var dimensions: [String: String] { details?.dimensions ?? [:] }
  public var description: String? { details?.description }
  public var accountType: String? { details?.accountType }
}

/// What most lines lack, kept apart so that a million entries stay small.
final class LineDetails: Hashable, Sendable {
  let tax: TaxDraft?
  let dimensions: [String: String]
  let description: String?
  let accountType: String?

  init(
    tax: TaxDraft?, dimensions: [String: String], description: String?, accountType: String?
  ) {
    self.tax = tax
    self.dimensions = dimensions
    self.description = description
    self.accountType = accountType
  }

  static func == (left: LineDetails, right: LineDetails) -> Bool {
    left.tax == right.tax && left.dimensions == right.dimensions
      && left.description == right.description && left.accountType == right.accountType
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(tax)
    hasher.combine(dimensions)
    hasher.combine(description)
    hasher.combine(accountType)
  }
}
