/// A journal entry as a sender hands it over, in any dialect: texts, nothing checked yet.
public struct EntryDraft: Hashable, Sendable, Codable {
  public var externalKey: String
  /// `YYYY-MM-DD`, like ``documentDate``.
  public var postingDate: String
  /// nil means the posting date.
  public var documentDate: String?
  public var currency: String
  public var functionalCurrency: String
  /// nil lets the ERP give the number.
  public var number: String?
  public var reference: String?
  public var description: String?
  public var lines: [LineDraft]
  /// nil: the company that the call names.
  public var company: String?
  /// What else the dialect keeps with the entry.
  public var attributes: [String: String]?
  /// The ``BookedEntry/id`` of the entry that this one reverses.
  public var reverses: String?
  /// false: the dialect's ERP books the same key again; nil: as the company is set up.
  public var duplicateCheck: Bool?
  /// Functional units for one unit of ``currency``, decimal text: the books work out the functional
  /// amounts, and ``functionalCurrency`` counts only for a company that has none yet.
  public var exchangeRate: String?
  /// nil for a plain entry.
  public var native: NativeDocument?

  public init(
    externalKey: String, postingDate: String, documentDate: String? = nil, currency: String,
    functionalCurrency: String, number: String? = nil, reference: String? = nil,
    description: String? = nil, lines: [LineDraft], company: String? = nil,
    attributes: [String: String]? = nil, reverses: String? = nil, duplicateCheck: Bool? = nil,
    exchangeRate: String? = nil, native: NativeDocument? = nil
  ) {
    self.externalKey = externalKey
    self.postingDate = postingDate
    self.documentDate = documentDate
    self.currency = currency
    self.functionalCurrency = functionalCurrency
    self.number = number
    self.reference = reference
    self.description = description
    self.lines = lines
    self.company = company
    self.attributes = attributes
    self.reverses = reverses
    self.duplicateCheck = duplicateCheck
    self.exchangeRate = exchangeRate
    self.native = native
  }
}

/// A line of an ``EntryDraft``.
public struct LineDraft: Hashable, Sendable, Codable {
  public var account: String
  /// `debit` or `credit`.
  public var side: String
  /// Decimal text in the entry's currency; zero for an exchange difference.
  public var amount: String
  /// Decimal text in the functional currency.
  public var functionalAmount: String
  public var party: String?
  public var tax: TaxDraft?
  public var dimensions: [String: String]
  public var description: String?
  /// Which subledger the line is in, where periods are closed for each: `S`, `D`, `K`.
  public var accountType: String?

  public init(
    account: String, side: String, amount: String, functionalAmount: String, party: String? = nil,
    tax: TaxDraft? = nil, dimensions: [String: String] = [:], description: String? = nil,
    accountType: String? = nil
  ) {
    self.account = account
    self.side = side
    self.amount = amount
    self.functionalAmount = functionalAmount
    self.party = party
    self.tax = tax
    self.dimensions = dimensions
    self.description = description
    self.accountType = accountType
  }
}

/// The tax that a line states.
public struct TaxDraft: Hashable, Sendable, Codable {
  public var code: String
  /// Per cent, decimal text.
  public var rate: String?
  /// Decimal text in the entry's currency; may be negative.
  public var base: String?

  public init(code: String, rate: String? = nil, base: String? = nil) {
    self.code = code
    self.rate = rate
    self.base = base
  }
}
