package import AdapterKit
package import Ledger

/// Ties the journal of an entity and period to what an ERP's books hold, document by document.
///
/// Fed with the books first, then with the journal page by page; a pure value.
package struct Reconciliation: Sendable {
  /// One entry that does not tie.
  package struct Difference: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      /// We hold it for posted, the ERP does not have it.
      case missingInERP
      /// The ERP has it, and we do not hold it for posted.
      case notPostedHere
      /// The ERP has it, and it was given up here.
      case givenUp
      /// Our key is in the ERP, but not in this journal and period.
      case unknownHere
      /// The ERP has it more than once.
      case bookedTwice
      /// Amounts by account differ.
      case amounts
      /// The day in the books differs.
      case date
    }

    package var kind: Kind
    package var key: String
    /// `source/type/id`; nil for what is unknown here.
    package var document: String?
    package var erpNumber: String?
    package var detail: String
  }

  /// Entries not yet in the ERP, and not expected there: due, waiting, stopped.
  package private(set) var open = 0
  package private(set) var matched = 0
  package private(set) var journalEntries = 0
  package private(set) var booksEntries = 0
  /// Sums of debits of what was compared, by currency: the journal's and the books'.
  package private(set) var totals: [Currency: (journal: Money, books: Money)] = [:]
  package private(set) var differences: [Difference] = []

  private var books: [String: BookedPosting] = [:]
  private var bookedTwice: Set<String> = []

  package init() {}

  /// Takes in what the ERP holds. Postings without a key of ours are not looked at.
  package mutating func add(_ booked: BookedPosting) {
    guard let key = booked.externalKey, PostingKey(key) != nil else { return }
    booksEntries += 1
    add(booked.lines.filter { $0.side == .debit }.map(\.amount), toJournal: false)
    if let first = books.updateValue(booked, forKey: key) {
      bookedTwice.insert(key)
      differences.append(
        Difference(
          kind: .bookedTwice, key: key, document: nil, erpNumber: booked.number,
          detail: "The ERP holds it as \(first.number) and as \(booked.number)"))
    }
  }

  /// Compares one entry of the journal. One that was given up counts only if the ERP has it.
  package mutating func compare(_ listed: ListedEntry) {
    let record = listed.record
    let key = record.key.text
    let document = record.entry.head.source.document.description
    if listed.postingState == .cancelled {
      guard let booked = books.removeValue(forKey: key) else { return }
      return differences.append(
        Difference(
          kind: .givenUp, key: key, document: document, erpNumber: booked.number,
          detail: "Given up here, and in the ERP all the same as \(booked.number)"))
    }
    // The ERP has the summary, which is an entry of its own here.
    if listed.isSummarised, books[key] == nil { return }
    journalEntries += 1
    let isPosted = listed.postingState == .posted || listed.postingState == .reversed
    guard let booked = books.removeValue(forKey: key) else {
      guard isPosted else {
        open += 1
        return
      }
      add(record.entry.lines.filter { $0.side == .debit }.map(\.amount), toJournal: true)
      differences.append(
        Difference(
          kind: .missingInERP, key: key, document: document, erpNumber: listed.erpNumber,
          detail: "Held for posted as \(listed.erpNumber ?? "?"), but not in the ERP's books"))
      return
    }
    add(record.entry.lines.filter { $0.side == .debit }.map(\.amount), toJournal: true)
    let before = differences.count
    if !isPosted {
      differences.append(
        Difference(
          kind: .notPostedHere, key: key, document: document, erpNumber: booked.number,
          detail: "In the ERP's books, and \(listed.postingState?.rawValue ?? "nowhere") here"))
    }
    let ours = Reconciliation.balances(
      record.entry.lines.map { ($0.account, $0.side, $0.amount) })
    let theirs = Reconciliation.balances(booked.lines.map { ($0.account, $0.side, $0.amount) })
    if ours != theirs {
      differences.append(
        Difference(
          kind: .amounts, key: key, document: document, erpNumber: booked.number,
          detail: Reconciliation.describe(ours, theirs)))
    }
    if booked.date != record.entry.head.postingDate {
      differences.append(
        Difference(
          kind: .date, key: key, document: document, erpNumber: booked.number,
          detail: "\(record.entry.head.postingDate) here, \(booked.date) in the ERP"))
    }
    if differences.count == before, !bookedTwice.contains(key) { matched += 1 }
  }

  /// What the ERP holds under keys that the journal did not show.
  package mutating func finish() {
    for (key, booked) in books.sorted(by: { $0.key < $1.key }) {
      differences.append(
        Difference(
          kind: .unknownHere, key: key, document: nil, erpNumber: booked.number,
          detail: "In the ERP's books, but not in this journal and period"))
    }
    books = [:]
  }

  package var tiesOut: Bool { differences.isEmpty && open == 0 }

  private mutating func add(_ amounts: [Money], toJournal isJournal: Bool) {
    for amount in amounts {
      let zero = Money.zero(amount.currency)
      var total = totals[amount.currency] ?? (zero, zero)
      if isJournal { total.journal += amount } else { total.books += amount }
      totals[amount.currency] = total
    }
  }

  /// Debits minus credits by account and currency, zeros left out: an ERP may merge lines.
  private static func balances(_ lines: [(AccountCode, Side, Money)]) -> [Balance: Money] {
    var result: [Balance: Money] = [:]
    for (account, side, amount) in lines {
      let signed = side == .debit ? amount : -amount
      let balance = Balance(account: account, currency: amount.currency)
      result[balance] = result[balance].map { $0 + signed } ?? signed
    }
    return result.filter { !$0.value.isZero }
  }

  private static func describe(_ ours: [Balance: Money], _ theirs: [Balance: Money]) -> String {
    Set(ours.keys).union(theirs.keys).sorted().filter { ours[$0] != theirs[$0] }.map { balance in
      "account \(balance.account): \(ours[balance]?.description ?? "nothing") here, "
        + "\(theirs[balance]?.description ?? "nothing") in the ERP"
    }.joined(separator: "; ")
  }

  /// One account in one currency: an ERP may book lines in another than ours.
  private struct Balance: Hashable, Comparable {
    let account: AccountCode
    let currency: Currency

    static func < (left: Self, right: Self) -> Bool {
      (left.account, left.currency) < (right.account, right.currency)
    }
  }
}
