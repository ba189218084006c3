import Testing

@testable import MockERP

@Suite struct MockBooksTests {
  static let seed = CompanySeed(
    code: "DE01", functionalCurrency: "EUR",
    accounts: [
      .init(number: "1200", requiresParty: true), .init(number: "4400"),
      .init(number: "9999", blocked: true),
    ], parties: [.init(code: "C-1007")], currencies: ["EUR", "USD", "JPY"],
    periods: [.init(period: "2026-09", state: .closed)])

  private func books(_ seed: CompanySeed = seed, strict: Bool = true) -> MockBooks {
    MockBooks(strict: strict, companies: [seed], now: { Samples.moment })
  }

  private func refusal(
    _ change: (inout EntryDraft) -> Void, of books: MockBooks? = nil
  ) async -> Refusal? {
    var draft = Samples.draft()
    change(&draft)
    let verdict = await (books ?? self.books()).post(draft, to: "DE01")
    return if case .refused(let refusal) = verdict { refusal } else { nil }
  }

  // MARK: Refusals

  struct RefusalCase: Sendable, CustomTestStringConvertible {
    let code: String
    let field: String?
    let change: @Sendable (inout EntryDraft) -> Void
    var testDescription: String { "\(code) \(field ?? "")" }
  }

  static let refusals: [RefusalCase] = [
    RefusalCase(code: "missing_field", field: "/externalKey") { $0.externalKey = "" },
    RefusalCase(code: "missing_field", field: "/lines/1/account") { $0.lines[1].account = "" },
    RefusalCase(code: "external_key_too_long", field: "/externalKey") {
      $0.externalKey = String(repeating: "K", count: 81)
    },
    RefusalCase(code: "invalid_date", field: "/postingDate") { $0.postingDate = "2026-02-30" },
    RefusalCase(code: "invalid_date", field: "/documentDate") { $0.documentDate = "31.10.2026" },
    RefusalCase(code: "unknown_currency", field: "/currency") { $0.currency = "XXY" },
    RefusalCase(code: "unknown_currency", field: "/currency") { $0.currency = "GBP" },
    RefusalCase(code: "unknown_currency", field: "/functionalCurrency") {
      $0.functionalCurrency = "eur"
    },
    RefusalCase(code: "wrong_functional_currency", field: "/functionalCurrency") {
      $0.functionalCurrency = "USD"
    },
    RefusalCase(code: "too_few_lines", field: "/lines") { $0.lines.removeLast() },
    RefusalCase(code: "invalid_side", field: "/lines/0/side") { $0.lines[0].side = "Debit" },
    RefusalCase(code: "invalid_amount", field: "/lines/0/amount") { $0.lines[0].amount = "-1" },
    RefusalCase(code: "invalid_amount", field: "/lines/1/functionalAmount") {
      $0.lines[1].functionalAmount = "1e2"
    },
    RefusalCase(code: "too_many_decimals", field: "/lines/0/amount") {
      $0.lines[0].amount = "119.000"
    },
    RefusalCase(code: "too_many_decimals", field: "/lines/0/amount") { $0.currency = "JPY" },
    RefusalCase(code: "missing_field", field: "/lines/1/tax/code") { $0.lines[1].tax?.code = "" },
    RefusalCase(code: "invalid_tax", field: "/lines/1/tax/rate") {
      $0.lines[1].tax?.rate = "19 %"
    },
    RefusalCase(code: "unknown_account", field: "/lines/1/account") {
      $0.lines[1].account = "4401"
    },
    RefusalCase(code: "blocked_account", field: "/lines/1/account") {
      $0.lines[1].account = "9999"
    },
    RefusalCase(code: "unknown_party", field: "/lines/0/party") { $0.lines[0].party = "C-1008" },
    RefusalCase(code: "party_required", field: "/lines/0/party") { $0.lines[0].party = nil },
    RefusalCase(code: "unbalanced", field: "/lines") { $0.lines[0].amount = "119.01" },
    RefusalCase(code: "unbalanced", field: "/lines") { $0.lines[0].functionalAmount = "118.99" },
    RefusalCase(code: "closed_period", field: "/postingDate") { $0.postingDate = "2026-09-30" },
    RefusalCase(code: "reserved_number", field: "/number") { $0.number = "2026-000007" },
  ]

  @Test(arguments: refusals)
  func `refuses what an ERP refuses and books nothing`(wrong: RefusalCase) async {
    let books = books()
    let refusal = await refusal(wrong.change, of: books)
    #expect(refusal?.code == wrong.code)
    #expect(refusal?.field == wrong.field)
    #expect(await books.count(of: "DE01") == 0)
  }

  @Test func `says by how much an entry is out of balance`() async {
    let refusal = await refusal { $0.lines[0].amount = "118.5" }
    #expect(
      refusal?.message
        == "Debits minus credits are -0.50 EUR and 0.00 EUR in functional currency")
  }

  @Test func `a strict ERP knows seeded companies only, another any`() async {
    let strict = await books().post(Samples.draft(), to: "FR01")
    guard case .refused(let refusal) = strict else {
      Issue.record("FR01 was taken")
      return
    }
    #expect(refusal.code == "unknown_company")
    let open = books(strict: false)
    guard case .posted = await open.post(Samples.draft(), to: "FR01") else {
      Issue.record("FR01 was refused")
      return
    }
    #expect(await open.company("FR01")?.functionalCurrency == "EUR")
  }

  @Test func `a company without seed keeps the functional currency of its first entry`() async {
    let books = MockBooks(now: { Samples.moment })
    _ = await books.post(Samples.draft("K1", currency: "USD"), to: "US01")
    guard case .refused(let refusal) = await books.post(Samples.draft("K2"), to: "US01") else {
      Issue.record("another functional currency was taken")
      return
    }
    #expect(refusal.code == "wrong_functional_currency")
  }

  // MARK: Keys and numbers

  @Test func `the same key with the same content is the first result again`() async {
    let books = books()
    let first = await books.post(Samples.draft(), to: "DE01")
    var same = Samples.draft(amount: "119")
    same.documentDate = same.postingDate
    same.lines[1].tax?.rate = "19.0"
    guard case .posted(let booking) = first else {
      Issue.record("\(first)")
      return
    }
    #expect(await books.post(same, to: "DE01") == .repeated(booking))
    #expect(await books.count(of: "DE01") == 1)
  }

  static let otherContents: [@Sendable (inout EntryDraft) -> Void] = [
    { $0.postingDate = "2026-10-30" }, { $0.documentDate = "2026-10-30" },
    { $0.reference = nil }, { $0.description = "x" },
    {
      $0.lines[0].amount = "1.00"
      $0.lines[1].amount = "1.00"
    },
    { $0.lines.swapAt(0, 1) }, { $0.lines[1].dimensions = [:] }, { $0.lines[1].tax?.base = nil },
    { $0.lines[0].description = "x" }, { $0.lines[1].party = "C-1007" },
  ]

  @Test(arguments: otherContents.indices)
  func `the same key with other content is refused`(index: Int) async {
    let books = books()
    _ = await books.post(Samples.draft(), to: "DE01")
    let refusal = await refusal(Self.otherContents[index], of: books)
    #expect(refusal?.code == "duplicate_key")
  }

  @Test func `a repeat after the period was closed is still the first result`() async {
    let books = books()
    _ = await books.post(Samples.draft(), to: "DE01")
    #expect(await books.set(period: "2026-10", of: "DE01", to: .closed))
    guard case .repeated = await books.post(Samples.draft(), to: "DE01") else {
      Issue.record("the repeat was not recognised")
      return
    }
  }

  @Test func `without duplicate check a key is booked twice`() async {
    var seed = Self.seed
    seed.duplicateCheck = false
    let books = books(seed)
    _ = await books.post(Samples.draft(), to: "DE01")
    _ = await books.post(Samples.draft(), to: "DE01")
    #expect(await books.count(ofKey: "K1").booked == 2)
    #expect(await books.entries(forKey: "K1", company: "DE01").map(\.sequence) == [1, 2])
  }

  @Test func `numbers run by company and year without gaps, whatever is refused`() async {
    let books = MockBooks(now: { Samples.moment })
    var numbers: [String] = []
    for (index, date) in ["2026-10-01", "2027-01-01", "bad", "2026-09-01"].enumerated() {
      let verdict = await books.post(Samples.draft("K\(index)", date: date), to: "DE01")
      if case .posted(let booking) = verdict { numbers.append(booking.number) }
    }
    #expect(numbers == ["2026-000001", "2027-000001", "2026-000002"])
  }

  @Test func `a number of the sender's own is taken once`() async {
    let books = MockBooks(now: { Samples.moment })
    var draft = Samples.draft()
    draft.number = "RE-7"
    guard case .posted(let booking) = await books.post(draft, to: "DE01") else {
      Issue.record("the number was refused")
      return
    }
    #expect(booking.number == "RE-7")
    draft.externalKey = "K2"
    guard case .refused(let refusal) = await books.post(draft, to: "DE01") else {
      Issue.record("the number was taken twice")
      return
    }
    #expect(refusal.code == "duplicate_number")
  }

  // MARK: Shape and size

  @Test func `keeps an exchange difference: an amount in functional currency alone`() async {
    let books = MockBooks(now: { Samples.moment })
    var draft = Samples.draft(currency: "USD")
    draft.functionalCurrency = "EUR"
    draft.lines[0].functionalAmount = "110.00"
    draft.lines[1].functionalAmount = "109.50"
    draft.lines.append(
      LineDraft(account: "2660", side: "credit", amount: "0.00", functionalAmount: "0.50"))
    guard case .posted = await books.post(draft, to: "DE01") else {
      Issue.record("the entry was refused")
      return
    }
    let balance = await books.trialBalance(of: "DE01")
    #expect(balance.functional["2660"]?.credit == 50)
    #expect(balance.transaction["2660"]?["USD"]?.credit == 0)
  }

  @Test func `takes an entry of 100,000 lines`() async {
    let books = MockBooks(now: { Samples.moment })
    var draft = Samples.draft(amount: "1.00")
    draft.lines = (0..<100_000).map { index in
      LineDraft(
        account: "4\(index % 100)", side: index % 2 == 0 ? "debit" : "credit", amount: "0.01",
        functionalAmount: "0.01")
    }
    guard case .posted = await books.post(draft, to: "DE01") else {
      Issue.record("the entry was refused")
      return
    }
  }

  @Test func `pages through the journal of a period in the order of booking`() async {
    let books = MockBooks(now: { Samples.moment })
    for index in 0..<25 {
      let date = index % 5 == 0 ? "2026-09-15" : "2026-10-15"
      _ = await books.post(Samples.draft("K\(index)", date: date), to: "DE01")
    }
    var keys: [String] = []
    var position: Int? = 0
    while let from = position {
      let page = await books.page(of: "DE01", period: "2026-10", from: from, limit: 7)
      keys += page.entries.map(\.content.externalKey)
      position = page.next
    }
    #expect(keys == (0..<25).filter { $0 % 5 != 0 }.map { "K\($0)" })
  }

  @Test func `a reset empties the books and keeps the seeds`() async {
    let books = books(strict: false)
    _ = await books.post(Samples.draft(), to: "DE01")
    _ = await books.post(Samples.draft(), to: "FR01")
    _ = await books.set(period: "2026-10", of: "DE01", to: .closed)
    await books.reset()
    #expect(await books.companyCodes == ["DE01"])
    #expect(await books.count(ofKey: "K1") == MockBooks.KeyCount(booked: 0, received: 0))
    guard case .posted(let booking) = await books.post(Samples.draft(), to: "DE01") else {
      Issue.record("the period stayed closed")
      return
    }
    #expect(booking.number == "2026-000001")
  }
}
