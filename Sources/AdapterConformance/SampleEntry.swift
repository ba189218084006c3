public import AdapterKit
public import Ledger

/// Invented entries, the same in every run: for checks, and for the fixtures of adapters.
public enum SampleEntry {
  /// One of each kind that an adapter meets, by a name that can be a folder.
  public static func cases(_ functionalCurrency: Currency) -> [(name: String, Submission)] {
    let dollar = Currency("USD") ?? functionalCurrency
    return [
      ("invoice-with-tax", invoiceWithTax(functionalCurrency)),
      ("foreign-currency", amounts(functionalCurrency)[1]),
      ("no-decimals", amounts(functionalCurrency)[2]),
      (
        "exchange-difference",
        submission(
          2, currency: dollar, functionalCurrency: functionalCurrency, kind: .revaluation,
          lines: [
            Line(account: "1200", side: .debit, amount: 0, functional: 315, party: "C-1007"),
            Line(account: "2660", side: .credit, amount: 0, functional: 315),
          ])
      ),
      ("difficult-text", difficultText(functionalCurrency)),
    ]
  }

  /// What an ERP's books lack, for entries that it must refuse; nil for what it is not known to lack.
  public struct Refusals: Sendable {
    public var account: String?
    public var party: String?
    public var period: FiscalPeriod?
    /// An account that takes parties; nil where every account does.
    public var controlAccount: String?

    public init(
      account: String? = nil, party: String? = nil, period: FiscalPeriod? = nil,
      controlAccount: String? = nil
    ) {
      self.account = account
      self.party = party
      self.period = period
      self.controlAccount = controlAccount
    }
  }

  /// An entry that an ERP must refuse for a reason; nil where nothing is known to give it.
  ///
  /// The party stands on the line that has one in ``plain(_:_:)``.
  public static func refused(
    _ reason: Rejection.Class, _ currency: Currency, _ refusals: Refusals
  ) -> Submission? {
    let sample = plain(900 + (Rejection.Class.allCases.firstIndex(of: reason) ?? 0), currency)
    var head = sample.entry.head
    var lines = sample.entry.lines
    func change(_ line: JournalLine, account: String?, party: String?) -> JournalLine {
      JournalLine(
        role: line.role, account: account.map { AccountCode($0) } ?? line.account,
        side: line.side, amount: line.amount, functionalAmount: line.functionalAmount,
        party: party ?? line.party, description: line.description, reason: line.reason)
    }
    switch reason {
    case .unknownAccount:
      guard let account = refusals.account else { return nil }
      lines = lines.map { change($0, account: $0.party == nil ? account : nil, party: nil) }
    case .unknownParty:
      guard let party = refusals.party else { return nil }
      lines = lines.map {
        $0.party == nil ? $0 : change($0, account: refusals.controlAccount, party: party)
      }
    case .periodClosed:
      guard let period = refusals.period else { return nil }
      head.postingDate = period.lastDay
      head.documentDate = period.lastDay
    case .tax, .duplicateWithOtherContent, .validation, .permission: return nil
    }
    return (try? JournalEntry(head, lines: lines)).map { Submission(key: sample.key, entry: $0) }
  }

  /// The same entry under a key and a reference of its own; run 0 changes nothing.
  public static func inRun(_ run: UInt64, _ submission: Submission) -> Submission {
    guard run != 0 else { return submission }
    let mask = (0..<8).map { UInt8(truncatingIfNeeded: run >> (8 * $0)) }
    let text = Array(submission.key.text.utf8)
    let digest = text.indices.map { text[$0] &* 31 ^ mask[$0 % 8] &+ UInt8($0) }
    var head = submission.entry.head
    head.source.document = DocumentIdentity(
      source: "conformance", type: .invoice, id: "\(head.reference)-\(run)")
    guard let entry = try? JournalEntry(head, lines: submission.entry.lines) else {
      preconditionFailure("the same lines balance")
    }
    return Submission(key: PostingKey(digest: digest), entry: entry, document: submission.document)
  }

  /// Entries with everything and with hardly anything in them: what a template has to take.
  public static func rehearsal(_ currency: Currency?) -> [Submission] {
    guard let currency else { return [] }
    return cases(currency).map(\.1) + [plain(1, currency)] + amounts(currency)
  }

  /// The period that every sample falls into.
  public static var period: FiscalPeriod {
    FiscalPeriod(containing: date)
  }

  private static var date: CalendarDate {
    FiscalPeriod("2026-10")?.lastDay ?? CalendarDate(dayNumber: 0)
  }

  /// The samples that recorded exchanges name.
  public static func named(_ currency: Currency) -> [String: Submission] {
    Dictionary(cases(currency) + [("plain", plain(1, currency))]) { first, _ in first }
  }

  /// Two lines of 119.00.
  public static func plain(_ number: Int, _ currency: Currency) -> Submission {
    submission(
      number, currency: currency, functionalCurrency: currency,
      lines: [
        Line(account: "1200", side: .debit, amount: 11_900, functional: 11_900, party: "C-1007"),
        Line(account: "4400", side: .credit, amount: 11_900, functional: 11_900),
      ])
  }

  /// An invoice of four lines with a party, a dimension and a tax; each number gives another key.
  public static func fourLines(_ number: Int, _ currency: Currency) -> Submission {
    let sample = submission(
      5, currency: currency, functionalCurrency: currency,
      lines: [
        Line(account: "1200", side: .debit, amount: 11_900, functional: 11_900, party: "C-1007"),
        Line(
          account: "4400", side: .credit, amount: 7_000, functional: 7_000,
          dimensions: ["costCenter": "CC-10"]),
        Line(account: "4401", side: .credit, amount: 3_000, functional: 3_000),
        Line(
          account: "3806", side: .credit, amount: 1_900, functional: 1_900,
          tax: JournalLine.Tax(
            code: "DE-19", category: .standard, rate: ExactDecimal(19),
            base: Money(minorUnits: 10_000, currency))),
      ])
    return inRun(UInt64(number) &+ 1, sample)
  }

  /// An entry of `lines` lines, an even number.
  public static func long(_ lines: Int, _ currency: Currency) -> Submission {
    func line(_ number: Int) -> Line {
      let units = Int64(number / 2 + 1)
      let side: Side = number.isMultiple(of: 2) ? .debit : .credit
      return Line(
        account: String(4_000 + number % 1_000), side: side, amount: units, functional: units)
    }
    return submission(
      3, currency: currency, functionalCurrency: currency, lines: (0..<lines).map(line))
  }

  /// A party, dimensions, and a tax with its rate and base.
  static func invoiceWithTax(_ currency: Currency) -> Submission {
    submission(
      1, currency: currency, functionalCurrency: currency,
      lines: [
        Line(account: "1200", side: .debit, amount: 11_900, functional: 11_900, party: "C-1007"),
        Line(
          account: "4400", side: .credit, amount: 10_000, functional: 10_000,
          dimensions: ["costCenter": "CC-10", "project": "P-7"]),
        Line(
          account: "3806", side: .credit, amount: 1_900, functional: 1_900,
          tax: JournalLine.Tax(
            code: "DE-19", category: .standard, rate: ExactDecimal(19),
            base: Money(minorUnits: 10_000, currency))),
      ])
  }

  /// Separators, quotes, line ends, formulas, blanks at both ends, letters of many scripts.
  static func difficultText(_ currency: Currency) -> Submission {
    submission(
      4, currency: currency, functionalCurrency: currency,
      reference: "=INV-4; \"A\"", description: " Ålesund; <b>\"Køb\"</b> & 東京\nsecond line 👩‍👩‍👧 ",
      lines: [
        Line(
          account: "1200", side: .debit, amount: 100, functional: 100, party: "C;1'007",
          dimensions: ["region": "Øst\\West", "-minus": "@home"], description: "=1+1"),
        Line(
          account: "4400", side: .credit, amount: 100, functional: 100,
          description: "\tTab and 'apostrophe' "),
      ])
  }

  /// Single cents, large amounts, currencies without and with three decimals, and a line with a
  /// functional amount alone.
  public static func amounts(_ functionalCurrency: Currency) -> [Submission] {
    var number = 60
    func entry(_ code: String, _ lines: [Line]) -> Submission? {
      number += 1
      return Currency(code).map {
        submission(number, currency: $0, functionalCurrency: functionalCurrency, lines: lines)
      }
    }
    return [
      submission(
        60, currency: functionalCurrency, functionalCurrency: functionalCurrency,
        lines: [
          Line(account: "1200", side: .debit, amount: 1, functional: 1),
          Line(account: "4400", side: .credit, amount: 1, functional: 1),
        ]),
      entry(
        "USD",
        [
          Line(account: "1200", side: .debit, amount: 123_456_789_012_345, functional: 7),
          Line(account: "4400", side: .credit, amount: 123_456_789_012_344, functional: 5),
          Line(account: "4401", side: .credit, amount: 1, functional: 1),
          Line(account: "2660", side: .credit, amount: 0, functional: 1),
        ]),
      entry(
        "JPY",
        [
          Line(account: "1200", side: .debit, amount: 119, functional: 73),
          Line(account: "4400", side: .credit, amount: 119, functional: 73),
        ]),
      entry(
        "BHD",
        [
          Line(account: "1200", side: .debit, amount: 1_005, functional: 250),
          Line(account: "4400", side: .credit, amount: 1_005, functional: 250),
        ]),
    ].compactMap { $0 }
  }

  private struct Line {
    var account: String
    var side: Side
    var amount: Int64
    var functional: Int64
    var party: String?
    var tax: JournalLine.Tax?
    var dimensions: Dimensions = [:]
    var description: String?
  }

  private static func submission(
    _ number: Int, currency: Currency, functionalCurrency: Currency, kind: EntryKind = .invoice,
    reference: String? = nil, description: String? = nil, lines: [Line]
  ) -> Submission {
    let digest = (0..<16).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0 &* 7) }
    let head = EntryHead(
      legalEntity: LegalEntityID("DE01"), kind: kind, postingDate: date, documentDate: date,
      currency: currency, functionalCurrency: functionalCurrency,
      reference: reference ?? "INV-\(number)",
      description: description ?? "Invoice INV-\(number) Nordlicht GmbH",
      source: EntrySource(
        document: DocumentIdentity(source: "conformance", type: .invoice, id: "INV-\(number)"),
        revision: 1), rulesVersion: "sha256:0")
    let reason = AccountReason(table: "accounts/conformance.yaml", row: 1, because: "a sample")
    let journalLines = lines.map { line in
      JournalLine(
        role: .receivable, account: AccountCode(line.account), side: line.side,
        amount: Money(minorUnits: line.amount, currency),
        functionalAmount: Money(minorUnits: line.functional, functionalCurrency),
        party: line.party, tax: line.tax, dimensions: line.dimensions,
        description: line.description ?? "Line of INV-\(number)", reason: reason)
    }
    guard let entry = try? JournalEntry(head, lines: journalLines) else {
      preconditionFailure("a sample balances")
    }
    return Submission(key: PostingKey(digest: digest), entry: entry)
  }
}
