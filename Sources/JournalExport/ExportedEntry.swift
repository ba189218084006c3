package import Ledger

/// A journal entry on its way into a file, with where it stands.
package struct ExportedEntry: Hashable, Sendable {
  package var key: String
  package var set: String
  package var entry: JournalEntry
  /// Where its posting stands: `posted`, `due` …; nil where nothing carries it to an ERP.
  package var state: String?
  /// The number of the ERP's document; nil until it is posted.
  package var erpNumber: String?

  package init(
    key: String, set: String, entry: JournalEntry, state: String? = nil, erpNumber: String? = nil
  ) {
    self.key = key
    self.set = set
    self.entry = entry
    self.state = state
    self.erpNumber = erpNumber
  }
}

/// A layout that other people's programs read.
package enum JournalFormat: String, Hashable, Sendable, CaseIterable {
  case csv, hledger, beancount
}

/// Writes a journal piece by piece, so that it may have any size.
package protocol JournalWriter {
  /// What stands in front of the first entry.
  mutating func head() -> String
  /// One entry, with what has to be declared before it.
  mutating func text(of entry: ExportedEntry) -> String
}

extension JournalFormat {
  package func writer(_ accounts: AccountPaths) -> any JournalWriter {
    switch self {
    case .csv: CSVJournal()
    case .hledger: HledgerJournal(accounts)
    case .beancount: BeancountJournal(accounts)
    }
  }
}
