import Foundation

/// One company's master data and entries. A class, so that a million entries are never copied; it
/// lives inside ``MockBooks`` only.
final class Company {
  let code: String
  private(set) var seed: CompanySeed { didSet { shownCard = nil } }
  private(set) var functionalCurrency: String? { didSet { shownCard = nil } }
  private var accounts: [String: CompanySeed.Account] = [:] { didSet { shownCard = nil } }
  private(set) var parties: Set<String> = [] { didSet { shownCard = nil } }
  private var currencies: Set<String>?
  private(set) var periods: [String: CompanySeed.Period] = [:] { didSet { shownCard = nil } }
  /// Kept until its master data changes.
  private var shownCard: MockBooks.CompanyCard?

  private(set) var entries: [BookedEntry] = []
  /// Positions in ``entries``.
  private var byPeriod: [String: [Int]] = [:]
  private var firstByKey: [String: Int] = [:]
  /// Further bookings of a key, where the duplicate check is off.
  private var laterByKey: [String: [Int]] = [:]
  private var lastNumber: [Int: Int] = [:]
  private var senderNumbers: Set<String> = []
  /// Position of the entry that reverses another, by that one's id.
  private var reversals: [String: Int] = [:]

  init(_ seed: CompanySeed) {
    code = seed.code
    self.seed = seed
    apply(seed)
  }

  /// Takes new master data; entries stay.
  func apply(_ seed: CompanySeed) {
    self.seed = seed
    functionalCurrency = seed.functionalCurrency ?? entries.first?.content.functionalCurrency
    accounts = Dictionary(
      (seed.accounts ?? []).map { ($0.number, $0) }, uniquingKeysWith: { $1 })
    parties = Set((seed.parties ?? []).map(\.code))
    currencies = seed.currencies.map(Set.init)
    periods = Dictionary(
      (seed.periods ?? []).map { ($0.period, $0) }, uniquingKeysWith: { $1 })
  }

  /// Makes a party known where not everybody is.
  func add(_ party: CompanySeed.Party) {
    guard !acceptsAnyParty, parties.insert(party.code).inserted else { return }
    seed.parties = (seed.parties ?? []) + [party]
  }

  var acceptsAnyAccount: Bool { seed.acceptAnyAccount ?? (seed.accounts ?? []).isEmpty }
  var acceptsAnyParty: Bool { seed.acceptAnyParty ?? (seed.parties ?? []).isEmpty }
  var checksDuplicates: Bool { seed.duplicateCheck ?? true }
  var otherPeriods: CompanySeed.PeriodState { seed.otherPeriods ?? .open }

  /// Its master data, as the dialects show it.
  var card: MockBooks.CompanyCard {
    if let shownCard { return shownCard }
    let card = MockBooks.CompanyCard(
      code: code, name: seed.name, functionalCurrency: functionalCurrency,
      acceptsAnyAccount: acceptsAnyAccount, acceptsAnyParty: acceptsAnyParty,
      accounts: (seed.accounts ?? []).sorted { $0.number < $1.number }, accountsByNumber: accounts,
      parties: seed.parties ?? [], knownParties: parties, taxAccounts: seed.taxAccounts ?? [:],
      periods: periods.values.sorted { $0.period < $1.period }, otherPeriods: otherPeriods,
      limits: seed.limits)
    shownCard = card
    return card
  }

  func admit(party: String) { parties.insert(party) }

  func account(_ number: String) -> CompanySeed.Account? { accounts[number] }
  func knows(party: String) -> Bool { acceptsAnyParty || parties.contains(party) }
  func accepts(currency: String) -> Bool { currencies?.contains(currency) ?? true }

  /// Whether lines of a subledger may be posted in a period.
  func isOpen(_ period: String, for accountType: String?) -> Bool {
    guard let known = periods[period] else { return otherPeriods == .open }
    guard known.state == .closed else { return true }
    guard let types = known.accountTypes else { return false }
    return accountType.map { !types.contains($0) } ?? true
  }

  /// The period itself or the next open one within two years; the period itself when none is.
  func firstOpenPeriod(from period: String) -> String {
    let parts = period.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2 else { return period }
    let first = parts[0] * 12 + parts[1] - 1
    return (first..<first + 24).lazy.map(Self.month).first { isOpen($0, for: nil) } ?? period
  }

  /// `YYYY-MM` of a number of months since the year 0.
  private static func month(_ number: Int) -> String {
    let digits = String(number % 12 + 1)
    return "\(number / 12)-\(digits.count == 1 ? "0" : "")\(digits)"
  }

  func set(_ period: String, to state: CompanySeed.PeriodState) {
    periods[period] = CompanySeed.Period(period: period, state: state)
  }

  // MARK: Entries

  /// Everything booked under a key, oldest first.
  func entries(forKey key: String) -> [BookedEntry] {
    guard let first = firstByKey[key] else { return [] }
    return ([first] + (laterByKey[key] ?? [])).map { entries[$0] }
  }

  func bookings(ofKey key: String) -> Int {
    firstByKey[key] == nil ? 0 : 1 + (laterByKey[key]?.count ?? 0)
  }

  func firstEntry(forKey key: String) -> BookedEntry? { firstByKey[key].map { entries[$0] } }

  /// The entry of that id; nil when there is none.
  func entry(id: String) -> BookedEntry? {
    guard let digits = id.split(separator: "-").last, let sequence = Int(digits), sequence > 0,
      sequence <= entries.count, entries[sequence - 1].id == id
    else { return nil }
    return entries[sequence - 1]
  }

  func reversal(of id: String) -> BookedEntry? { reversals[id].map { entries[$0] } }

  func isTaken(number: String) -> Bool { senderNumbers.contains(number) }

  /// How many entries there are, in a period or at all.
  func count(in period: String?) -> Int {
    guard let period else { return entries.count }
    return byPeriod[period]?.count ?? 0
  }

  /// Entries in the order of booking, from the position on; empty past the end.
  func page(of period: String?, from position: Int, limit: Int) -> [BookedEntry] {
    let end = min(count(in: period), position + limit)
    guard position >= 0, position < end else { return [] }
    guard let period else { return Array(entries[position..<end]) }
    return (byPeriod[period] ?? [])[position..<end].map { entries[$0] }
  }

  /// Puts a checked entry into the books and gives it its number.
  func book(_ content: EntryContent, serial: Int, year: Int, at moment: Date) -> BookedEntry {
    let number: String
    if let own = content.senderNumber {
      senderNumbers.insert(own)
      number = own
    } else {
      let next = (lastNumber[year] ?? 0) + 1
      lastNumber[year] = next
      number = OwnNumber.text(year: year, count: next)
    }
    let entry = BookedEntry(
      company: code, serial: serial, sequence: entries.count + 1, number: number,
      postedAt: moment, content: content)
    let position = entries.count
    entries.append(entry)
    byPeriod[content.period, default: []].append(position)
    if firstByKey[content.externalKey] == nil {
      firstByKey[content.externalKey] = position
    } else {
      laterByKey[content.externalKey, default: []].append(position)
    }
    if let id = content.reverses { reversals[id] = position }
    if functionalCurrency == nil { functionalCurrency = content.functionalCurrency }
    return entry
  }

  /// Gives the first entry of a key another content; its number stays.
  func rewrite(_ first: BookedEntry, as content: EntryContent) -> BookedEntry {
    let position = first.sequence - 1
    let entry = BookedEntry(
      company: code, serial: first.serial, sequence: first.sequence, number: first.number,
      postedAt: first.postedAt, content: content)
    entries[position] = entry
    if first.content.period != content.period {
      byPeriod[first.content.period]?.removeAll { $0 == position }
      byPeriod[content.period, default: []].append(position)
    }
    return entry
  }
}

/// The ERP's own numbers: `2026-000017`.
enum OwnNumber {
  private static let width = 6

  static func text(year: Int, count: Int) -> String {
    let yearDigits = String(year)
    let digits = String(count)
    return String(repeating: "0", count: max(0, 4 - yearDigits.count)) + yearDigits + "-"
      + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Whether a number looks like one the ERP gives itself.
  static func looksLike(_ number: String) -> Bool {
    let parts = number.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0].count == 4 && parts[1].count >= width
      && parts.allSatisfy {
        $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      }
  }
}
