/// A balanced set of lines in the books of one legal entity, in one transaction currency.
public struct JournalEntry: Hashable, Sendable {
  public let head: EntryHead
  public let lines: [JournalLine]

  /// Creates an entry, or refuses to: an unbalanced `JournalEntry` cannot exist.
  ///
  /// - Throws: ``UnbalancedEntry`` with debits minus credits in transaction and in functional
  ///   currency, in minor units.
  public init(_ head: EntryHead, lines: [JournalLine]) throws(UnbalancedEntry) {
    var transaction: Int128 = 0
    var functional: Int128 = 0
    // Lines are read in place: copying one costs more than adding it.
    for index in lines.indices {
      precondition(
        lines[index].amount.currency == head.currency
          && lines[index].functionalAmount.currency == head.functionalCurrency,
        "every line is in the currencies of its entry")
      let sign: Int128 = lines[index].side == .debit ? 1 : -1
      transaction += sign * Int128(lines[index].amount.minorUnits)
      functional += sign * Int128(lines[index].functionalAmount.minorUnits)
    }
    guard transaction == 0, functional == 0 else {
      throw UnbalancedEntry(transaction: transaction, functional: functional)
    }
    self.head = head
    self.lines = lines
  }

  /// The sum of the debits in transaction currency; nil when it leaves `Int64`.
  public var total: Money? {
    let debits = lines.lazy.filter { $0.side == .debit }.map(\.amount)
    return try? Money.sum(debits, in: head.currency)
  }
}

/// Everything an entry says besides its lines.
public struct EntryHead: Hashable, Sendable {
  public var legalEntity: LegalEntityID
  /// The accounting view: `primary`, or a parallel ledger.
  public var ledger: String
  public var kind: EntryKind
  public var postingDate: CalendarDate
  public var documentDate: CalendarDate
  public var currency: Currency
  public var functionalCurrency: Currency
  /// nil where the two currencies are one.
  public var rate: ExchangeRate?
  public var reference: String
  public var description: String
  public var source: EntrySource
  /// The key of the entry that this one reverses.
  public var reverses: String?
  /// The posting date it would have had, were its period not closed; nil where it is on time.
  public var movedFrom: CalendarDate?
  /// The content address of the configuration that made it: `sha256:…`.
  public var rulesVersion: String

  public var period: FiscalPeriod { FiscalPeriod(containing: postingDate) }

  /// The key of the entry that this one takes out of the books; nil for one that only ends what an
  /// earlier month assumed (`revaluationReversal`, `accrualReversal`): there both stand.
  public var takesBack: String? { kind == .reversal ? reverses : nil }

  public init(
    legalEntity: LegalEntityID, ledger: String = EntryHead.primaryLedger, kind: EntryKind,
    postingDate: CalendarDate, documentDate: CalendarDate, currency: Currency,
    functionalCurrency: Currency, rate: ExchangeRate? = nil, reference: String,
    description: String, source: EntrySource, reverses: String? = nil, rulesVersion: String,
    movedFrom: CalendarDate? = nil
  ) {
    self.legalEntity = legalEntity
    self.ledger = ledger
    self.kind = kind
    self.postingDate = postingDate
    self.documentDate = documentDate
    self.currency = currency
    self.functionalCurrency = functionalCurrency
    self.rate = rate
    self.reference = reference
    self.description = description
    self.source = source
    self.reverses = reverses
    self.rulesVersion = rulesVersion
    self.movedFrom = movedFrom
  }

  public static let primaryLedger = "primary"
}

/// Where an entry comes from.
public struct EntrySource: Hashable, Sendable {
  public var document: DocumentIdentity
  public var revision: Int
  /// Numbers the entries of one kind that one revision gives, from 1.
  public var sequence: Int

  public init(document: DocumentIdentity, revision: Int, sequence: Int = 1) {
    self.document = document
    self.revision = revision
    self.sequence = sequence
  }
}

/// Lines whose debits and credits differ.
public struct UnbalancedEntry: Error, Hashable, Sendable {
  /// Debits minus credits in minor units of the transaction currency.
  public let transaction: Int128
  /// Debits minus credits in minor units of the functional currency.
  public let functional: Int128

  public init(transaction: Int128, functional: Int128) {
    self.transaction = transaction
    self.functional = functional
  }
}
