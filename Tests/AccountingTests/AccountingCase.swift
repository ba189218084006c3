import Ledger

/// One worked example: documents handed over, and the entries that each step must give.
struct AccountingCase: Sendable {
  /// The folder, such as `03-invoices`.
  var topic: String
  /// The file without its ending, such as `3.1-tax-exclusive`.
  var name: String
  var title: String
  /// What the page says before the entries.
  var text: String
  /// Files that take the place of those in `Books/`, by path.
  var books: [String: String]
  /// Merged over the policies of entities, by entity code.
  var policies: [String: [Policy]]
  /// Worked tables that the case proves beside those that its entries name.
  var tables: [String]
  var steps: [CaseStep]

  /// One policy as the file writes it.
  struct Policy: Hashable, Sendable {
    var key: String
    /// YAML.
    var value: String
  }
}

/// What is done, and what must come of it.
struct CaseStep: Sendable {
  enum Action: Sendable {
    case submit(SubmittedDocument)
    /// Compensates a document that was accepted.
    case reverse(DocumentIdentity)
    /// The ERPs take everything that waits for them.
    case post
    case recognise(EntityPeriod)
    case accrue(EntityPeriod)
    case revalue(EntityPeriod)
    case summarise(EntityPeriod)
    case close(EntityPeriod)
    case open(EntityPeriod)
    /// What no document says: the entry that the ERP's people make, on the accounts that the rules
    /// give to its roles.
    case book(BookedEntry)
  }

  var action: Action
  /// A sentence for the page.
  var text: String?
  /// The day on which it is done; nil for the document's own day, or the day before.
  var day: CalendarDate?
  /// Every entry that the step gives, in order.
  var entries: [ExpectedEntry]
  var outcome: Outcome

  enum Outcome: Hashable, Sendable {
    case done
    /// Stops with an open exception of this class.
    case exception(String)
    /// Waits for a document or a period.
    case waits
    /// Intake refuses it with this code.
    case invalid(String)
    /// The run, or the reversal, is refused with this code.
    case refused(String)
  }
}

/// A canonical document as the case writes it, completed.
struct SubmittedDocument: Hashable, Sendable {
  var json: [UInt8]
  var type: String
  var id: String
  var revision: String?
  var date: CalendarDate
}

struct EntityPeriod: Hashable, Sendable {
  var entity: LegalEntityID
  var period: FiscalPeriod
  var ledger = EntryHead.primaryLedger
}

/// An amount moved from one role to another, in functional currency.
struct BookedEntry: Sendable {
  var entity: LegalEntityID
  var date: CalendarDate
  var description: String
  var debit: AccountRole
  var credit: AccountRole
  var amount: String
}

/// An entry as a worked table shows it. What is nil may be anything.
struct ExpectedEntry: Hashable, Sendable {
  struct Line: Hashable, Sendable {
    var role: AccountRole
    var side: Side
    /// In the entry's currency, as written.
    var amount: String
    /// nil: the same as the amount.
    var functional: String?
    var account: String?
    var tax: String?
    /// What the tax is computed on.
    var base: String?
    var party: String?
    /// What the line is, for the page.
    var note: String?
  }

  /// The worked table it proves, such as `3.5a`.
  var table: String?
  var entity: LegalEntityID?
  var ledger: String?
  var kind: EntryKind?
  var date: CalendarDate?
  var currency: Currency?
  /// The functional currency where it is not the entry's.
  var functional: Currency?
  var reverses: Bool?
  var lines: [Line]
}
