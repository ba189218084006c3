public import Foundation

/// The books of all companies, whichever dialect an entry came by.
public actor MockBooks {
  /// Master data of one company, as the dialects show it.
  public struct CompanyCard: Hashable, Sendable {
    public let code: String
    public let name: String?
    /// nil while the company has none.
    public let functionalCurrency: String?
    public let acceptsAnyAccount: Bool
    public let acceptsAnyParty: Bool
    public let accounts: [CompanySeed.Account]
    let accountsByNumber: [String: CompanySeed.Account]
    public let parties: [CompanySeed.Party]
    /// Seeded or made known since.
    let knownParties: Set<String>

    func knows(party: String) -> Bool { knownParties.contains(party) }
    func account(_ number: String) -> CompanySeed.Account? { accountsByNumber[number] }
    public let taxAccounts: [String: String]
    public let periods: [CompanySeed.Period]
    public let otherPeriods: CompanySeed.PeriodState
    public let limits: CompanySeed.Limits?
  }

  /// How often a key was booked, and how often it arrived whole.
  public struct KeyCount: Hashable, Sendable {
    public let booked: Int
    public let received: Int
  }

  /// A part of the journal, in the order of booking.
  public struct Page: Sendable {
    public let entries: [BookedEntry]
    /// Position of the next page; nil at the end.
    public let next: Int?
  }

  /// Sums of one account.
  public struct Balance: Hashable, Sendable {
    public var debit: Int128 = 0
    public var credit: Int128 = 0
  }

  /// A company's trial balance.
  public struct TrialBalance: Sendable {
    public let functionalCurrency: String?
    /// Minor units of the functional currency, by account.
    public let functional: [String: Balance]
    /// Minor units of the transaction currency, by account and currency.
    public let transaction: [String: [String: Balance]]
  }

  private let strict: Bool
  private let now: @Sendable () -> Date
  private var companies: [String: Company] = [:]
  private var seeds: [CompanySeed]
  private var arrivals: [String: Int] = [:]
  /// Where each entry is, by its serial.
  private var places: [(company: String, sequence: Int)] = []
  private let state: StateFile?

  /// - Parameters:
  ///   - strict: only seeded companies exist; otherwise any does, from its first entry on.
  ///   - state: books that an earlier process left, and where this one's go; nil keeps none.
  public init(
    strict: Bool = false, companies seeds: [CompanySeed] = [], state: StateFile? = nil,
    now: @escaping @Sendable () -> Date
  ) {
    self.strict = strict
    self.seeds = seeds
    self.state = state
    self.now = now
    var companies: [String: Company] = [:]
    for seed in seeds { companies[seed.code] = Company(seed) }
    for record in state?.records ?? [] {
      let company = companies[record.company] ?? Company(CompanySeed(code: record.company))
      // It was booked: what has changed since does not matter.
      guard let draft = try? record.draft.translated(to: company.functionalCurrency),
        let (content, day) = try? EntryCheck(company: company).content(of: draft)
      else { continue }
      companies[record.company] = company
      if let first = company.firstEntry(forKey: content.externalKey), draft.native?.change != nil {
        _ = company.rewrite(first, as: content.changing(first.content))
        continue
      }
      let entry = company.book(
        content, serial: places.count + 1, year: day.year, at: record.postedAt)
      places.append((record.company, entry.sequence))
    }
    self.companies = companies
  }

  // MARK: Setting up

  /// Creates companies or gives them new master data; entries stay.
  public func seed(_ seeds: [CompanySeed]) {
    for seed in seeds {
      if let company = companies[seed.code] {
        company.apply(seed)
      } else {
        companies[seed.code] = Company(seed)
      }
      self.seeds.removeAll { $0.code == seed.code }
      self.seeds.append(seed)
    }
  }

  /// Empties the books. Seeded companies go back to their seed, others are gone.
  public func reset() {
    arrivals = [:]
    places = []
    companies = [:]
    for seed in seeds { companies[seed.code] = Company(seed) }
  }

  /// Makes a party known to every company that there is.
  public func add(party: CompanySeed.Party) {
    for company in companies.values { company.add(party) }
  }

  /// Opens or closes a period; false when there is no such company.
  public func set(
    period: String, of company: String, to state: CompanySeed.PeriodState
  ) -> Bool {
    guard admit(company) else { return false }
    companies[company]?.set(period, to: state)
    return true
  }

  /// Makes a party known to a company; false when there is no such company.
  public func admit(party: String, to company: String) -> Bool {
    guard admit(company) else { return false }
    companies[company]?.admit(party: party)
    return true
  }

  // MARK: Posting

  /// What speaks against an entry; nil when it would be booked. Nothing is booked.
  public func objection(to draft: EntryDraft, in code: String) -> Refusal? {
    guard let company = companies[code] ?? (strict ? nil : Company(CompanySeed(code: code))) else {
      return unknown(code)
    }
    let check = EntryCheck(company: company)
    do throws(Refusal) {
      return check.objection(to: try check.content(of: draft).content)
    } catch {
      return error
    }
  }

  /// Books an entry, or says why not. The draft's own company comes before `code`.
  public func post(_ draft: EntryDraft, to code: String) -> Verdict {
    let code = draft.company ?? code
    guard let company = companies[code] ?? (strict ? nil : Company(CompanySeed(code: code))) else {
      return .refused(unknown(code))
    }
    let check = EntryCheck(company: company)
    do throws(Refusal) {
      let draft = try draft.translated(to: company.functionalCurrency)
      var (content, day) = try check.content(of: draft)
      if content.native?.movesToOpenPeriod == true {
        let period = company.firstOpenPeriod(from: content.period)
        content.native?.period = period
      }
      if draft.native?.change != nil,
        let first = company.firstEntry(forKey: content.externalKey)
      {
        let changed = content.changing(first.content)
        if let refusal = check.objection(to: changed) { throw refusal }
        keep(StateFile.Record(company: code, postedAt: now(), draft: draft))
        return .posted(company.rewrite(first, as: changed).booking)
      }
      if draft.duplicateCheck ?? company.checksDuplicates,
        let first = company.firstEntry(forKey: content.externalKey)
      {
        guard first.content == content else {
          throw Refusal(
            code: "duplicate_key",
            message:
              "External key \(content.externalKey) is booked with other content as \(first.number)",
            field: "/externalKey")
        }
        return .repeated(first.booking)
      }
      if let refusal = check.objection(to: content) { throw refusal }
      try checkSettlements(of: content, in: code)
      companies[code] = company
      let moment = now()
      keep(StateFile.Record(company: code, postedAt: moment, draft: draft))
      let entry = company.book(content, serial: places.count + 1, year: day.year, at: moment)
      places.append((code, entry.sequence))
      return .posted(entry.booking)
    } catch {
      return .refused(error)
    }
  }

  private func keep(_ record: StateFile.Record) {
    do {
      try state?.append(record)
    } catch {
      preconditionFailure("books that cannot be kept are not booked in: \(error)")
    }
  }

  /// Books entries independently of each other; one verdict per entry, in order.
  public func post(_ drafts: [EntryDraft], to code: String) -> [Verdict] {
    drafts.map { post($0, to: code) }
  }

  /// Notes that a delivery with these keys arrived whole.
  public func noteArrival(of keys: [String]) {
    for key in keys { arrivals[key, default: 0] += 1 }
  }

  // MARK: Reading

  /// nil when there is no such company. Without strictness every code names one.
  public func company(_ code: String) -> CompanyCard? {
    (companies[code] ?? (strict ? nil : Company(CompanySeed(code: code))))?.card
  }

  /// Codes of the companies that exist, sorted.
  public var companyCodes: [String] { companies.keys.sorted() }

  /// Everything booked under a key, oldest first.
  public func entries(forKey key: String, company: String) -> [BookedEntry] {
    companies[company]?.entries(forKey: key) ?? []
  }

  /// The entry that the ERP calls so; nil when there is none.
  public func entry(id: String, company: String) -> BookedEntry? {
    companies[company]?.entry(id: id)
  }

  /// The entry that reverses another; nil when it stands.
  public func reversal(of entry: BookedEntry) -> BookedEntry? {
    companies[entry.company]?.reversal(of: entry.id)
  }

  /// The entry with that serial; nil when there is none.
  public func entry(serial: Int) -> BookedEntry? {
    guard places.indices.contains(serial - 1) else { return nil }
    let place = places[serial - 1]
    return companies[place.company]?.entries[place.sequence - 1]
  }

  /// Everything booked under a key in any company, oldest first.
  public func entries(forKey key: String) -> [BookedEntry] {
    companies.values.flatMap { $0.entries(forKey: key) }.sorted { $0.serial < $1.serial }
  }

  /// Every entry of every company, in the order of booking.
  public var allEntries: [BookedEntry] {
    places.compactMap { companies[$0.company]?.entries[$0.sequence - 1] }
  }

  /// A page of the journal; `period` nil means all of it.
  public func page(
    of company: String, period: String? = nil, from position: Int = 0, limit: Int
  ) -> Page {
    guard let company = companies[company] else { return Page(entries: [], next: nil) }
    let entries = company.page(of: period, from: position, limit: limit)
    let end = position + entries.count
    return Page(
      entries: entries,
      next: !entries.isEmpty && end < company.count(in: period) ? end : nil)
  }

  /// How many entries a company holds, in a period or at all.
  public func count(of company: String, period: String? = nil) -> Int {
    companies[company]?.count(in: period) ?? 0
  }

  /// Counts a key over all companies.
  public func count(ofKey key: String) -> KeyCount {
    KeyCount(
      booked: companies.values.reduce(0) { $0 + $1.bookings(ofKey: key) },
      received: arrivals[key] ?? 0)
  }

  /// Sums by account; `period` nil means all of the journal.
  public func trialBalance(of code: String, period: String? = nil) -> TrialBalance {
    var functional: [String: Balance] = [:]
    var transaction: [String: [String: Balance]] = [:]
    guard let company = companies[code] else {
      return TrialBalance(functionalCurrency: nil, functional: [:], transaction: [:])
    }
    for entry in company.page(of: period, from: 0, limit: company.entries.count) {
      for line in entry.content.lines {
        functional[line.account, default: Balance()].add(line.functionalAmount, to: line.side)
        transaction[line.account, default: [:]][entry.content.currency, default: Balance()]
          .add(line.amount, to: line.side)
      }
    }
    return TrialBalance(
      functionalCurrency: company.functionalCurrency, functional: functional,
      transaction: transaction)
  }

  // MARK: Companies on demand

  private func admit(_ code: String) -> Bool {
    if companies[code] != nil { return true }
    guard !strict else { return false }
    companies[code] = Company(CompanySeed(code: code))
    return true
  }

  private func unknown(_ code: String) -> Refusal {
    Refusal(code: "unknown_company", message: "There is no company \(code)")
  }
}

extension MockBooks.Balance {
  fileprivate mutating func add(_ amount: Int64, to side: BookedLine.Side) {
    switch side {
    case .debit: debit += Int128(amount)
    case .credit: credit += Int128(amount)
    }
  }
}
