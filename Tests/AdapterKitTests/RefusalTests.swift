import AdapterKit
import Ledger
import Testing

@Suite struct RefusalTests {
  static let euro = Currency("EUR")
  static let dinar = Currency("BHD")

  static var descriptor: AdapterDescriptor {
    AdapterDescriptor(
      name: "acme", summary: "", maximumBatchSize: 1, batchIsAtomic: false, maximumLines: 4,
      idempotency: .native, confirmation: .immediate, quietPeriod: .seconds(60),
      carriesFunctionalAmounts: true)
  }

  static func entry(
    _ units: Int64 = 1_005, in currency: Currency? = euro, functional: Int64? = nil,
    kind: EntryKind = .invoice, lines: Int = 2
  ) throws -> JournalEntry {
    let currency = try #require(currency)
    let functionalCurrency = try #require(euro)
    let day = CalendarDate(dayNumber: 20_000)
    let head = EntryHead(
      legalEntity: LegalEntityID("DE01"), kind: kind, postingDate: day, documentDate: day,
      currency: currency, functionalCurrency: functionalCurrency, reference: "INV-1",
      description: "",
      source: EntrySource(
        document: DocumentIdentity(source: "billing", type: .invoice, id: "INV-1"), revision: 1),
      rulesVersion: "sha256:0")
    return try JournalEntry(
      head,
      lines: (0..<lines).map { index in
        JournalLine(
          role: .receivable, account: AccountCode("1200"),
          side: index.isMultiple(of: 2) ? .debit : .credit,
          amount: Money(minorUnits: units, currency),
          functionalAmount: Money(minorUnits: functional ?? units, functionalCurrency),
          description: "", reason: AccountReason(table: "t", row: 1, because: ""))
      })
  }

  private func refusal(
    of entry: JournalEntry, _ change: (inout AdapterDescriptor) -> Void
  ) -> Problem? {
    var descriptor = Self.descriptor
    change(&descriptor)
    return descriptor.refusal(of: entry)?.problem
  }

  @Test func `an ERP without limits takes everything`() throws {
    #expect(try refusal(of: Self.entry(1_005, in: Self.dinar, functional: 7)) { _ in } == nil)
    #expect(try refusal(of: Self.entry(0, in: Self.dinar, functional: 7)) { _ in } == nil)
  }

  @Test func `more lines than it takes are refused with both numbers`() throws {
    let problem = try refusal(of: Self.entry(lines: 6)) { _ in }
    #expect(problem?.code == "entry_too_long")
    #expect(problem?.detail.contains("6 lines; this connection takes 4 at most") == true)
  }

  @Test func `a kind that it does not take is refused`() throws {
    let problem = try refusal(of: Self.entry(kind: .revaluation)) { $0.entryKinds = [.invoice] }
    #expect(problem?.code == "not_expressible")
    #expect(problem?.pointer == "/kind")
    #expect(try refusal(of: Self.entry()) { $0.entryKinds = [.invoice] } == nil)
  }

  @Test func `decimals that it does not keep are refused, zeros in their place are not`() throws {
    let refused = try refusal(of: Self.entry(1_005, in: Self.dinar, functional: 7)) {
      $0.amounts.decimals = 2
    }
    #expect(refused?.pointer == "/lines/0/amount")
    #expect(refused?.detail.contains("1.005 BHD has more than the 2 decimals") == true)
    let taken = try refusal(of: Self.entry(1_010, in: Self.dinar, functional: 7)) {
      $0.amounts.decimals = 2
    }
    #expect(taken == nil)
  }

  @Test func `a currency that it does not take is refused`() throws {
    let entry = try Self.entry(in: Self.dinar, functional: 7)
    #expect(refusal(of: entry) { $0.amounts.currencies = .functional }?.pointer == "/currency")
    #expect(refusal(of: entry) { $0.amounts.currencies = .only([]) }?.pointer == "/currency")
    #expect(refusal(of: entry) { $0.carriesFunctionalAmounts = false }?.pointer == "/rate")
  }

  @Test func `an exchange difference without an amount is refused where it has no place`() throws {
    let entry = try Self.entry(0, functional: 7)
    #expect(refusal(of: entry) { $0.amounts.takesZeroAmounts = false }?.code == "not_expressible")
    #expect(refusal(of: entry) { $0.carriesFunctionalAmounts = false }?.code == "not_expressible")
  }

  @Test func `an amount beyond its largest is refused`() throws {
    #expect(try refusal(of: Self.entry(1_005)) { $0.amounts.largest = 1_004 } != nil)
    #expect(try refusal(of: Self.entry(1_004)) { $0.amounts.largest = 1_004 } == nil)
  }

  @Test func `a key remembered for a day is not trusted for ever`() {
    var descriptor = Self.descriptor
    #expect(descriptor.recognisesRepeats)
    descriptor.keyMemory.lifetime = .seconds(86_400)
    #expect(!descriptor.recognisesRepeats)
  }
}
