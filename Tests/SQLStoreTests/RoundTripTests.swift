import AdapterKit
import GRDB
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct RoundTripTests {
  let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  @Test func `a document comes back with its content`() throws {
    var new = Sample("A/1|ü \u{1}").document
    new.rate = ExchangeRate(
      from: Sample.dollar, to: Sample.euro, rate: try ExactDecimal("0.925"),
      date: Sample.day("2026-10-30"), source: "ECB")
    new.receivable = Money(minorUnits: 500, Sample.dollar)
    new.document.reference = ""
    let number = try fixture.store.write { try $0.insert(new) }
    let stored = StoredDocument(
      number: number, identity: new.document.identity, revision: 1, entity: new.document.entity,
      customer: "C-1007", reference: "", documentDate: new.document.documentDate,
      currency: Sample.euro, state: .accepted, contentHash: new.contentHash,
      acceptedAt: new.acceptedAt, receivable: new.receivable, rate: new.rate)
    try fixture.store.read { queries throws in
      #expect(try queries.document(number) == stored)
      #expect(try queries.document(new.document.identity) == stored)
      #expect(try queries.content(of: number) == new.content)
      #expect(try queries.document(DocumentNumber(99)) == nil)
      #expect(throws: Problem.self) { try queries.content(of: DocumentNumber(99)) }
    }
  }

  @Test func `a document without customer, open item and rate comes back without them`() throws {
    var new = Sample("A").document
    new.document.customer = nil
    new.receivable = nil
    new.content = []
    let number = try fixture.store.write { try $0.insert(new) }
    let stored = try fixture.store.read { try $0.document(number) }
    #expect(stored?.customer == nil)
    #expect(stored?.receivable == nil)
    #expect(stored?.rate == nil)
    #expect(try fixture.store.read { try $0.content(of: number) } == [])
  }

  @Test func `revisions come in order and the latest is the document`() throws {
    var second = Sample("A")
    second.revision = 2
    try fixture.accept(second)
    try fixture.accept(Sample("A"))
    try fixture.store.read { queries throws in
      #expect(try queries.revisions(of: second.identity).map(\.revision) == [1, 2])
      #expect(try queries.document(second.identity)?.revision == 2)
    }
  }

  @Test func `state and conversion of a document change`() throws {
    let (number, _) = try fixture.accept(Sample("A"))
    let rate = ExchangeRate(
      from: Sample.euro, to: Sample.dollar, rate: try ExactDecimal("1.1"),
      date: Sample.day("2026-10-30"), source: "ECB")
    let functional = Money(minorUnits: 9, Sample.dollar)
    for receivable in [
      Carrying(amount: functional, functional: functional),
      Carrying(amount: Sample.euros(8), functional: functional), nil,
    ] {
      try fixture.store.write { transaction throws in
        try transaction.setState(.posting, of: number)
        try transaction.setConversion(receivable: receivable, rate: rate, of: number)
      }
      let stored = try fixture.store.read { try $0.document(number) }
      #expect(stored?.state == .posting)
      #expect(stored?.receivable == receivable?.amount)
      let differs = receivable.map { $0.amount != $0.functional } ?? false
      #expect(stored?.functionalReceivable == (differs ? functional : nil))
      #expect(stored?.rate == rate)
      let items = try fixture.store.read { try $0.openItems(of: number) }
      #expect(items[.receivable]?.open == receivable)
    }
    #expect(throws: Problem.self) {
      try fixture.store.write { try $0.setState(.posted, of: DocumentNumber(77)) }
    }
  }

  @Test func `an entry comes back with everything its lines say`() throws {
    let sample = Sample("A")
    var head = try sample.record().entry.head
    head.functionalCurrency = Sample.dollar
    head.rate = ExchangeRate(
      from: Sample.euro, to: Sample.dollar, rate: try ExactDecimal("1.1"),
      date: Sample.day("2026-10-30"), source: "ECB \"daily\"")
    head.reverses = "0000000000000000"
    head.source.sequence = 2
    let tax = JournalLine.Tax(
      code: "DE-19", category: .standard, rate: try ExactDecimal("19"),
      base: Sample.euros(-Int64.max), jurisdiction: "DE\\\n",
      accountingAmount: Money(minorUnits: 5, Sample.dollar))
    let reasons = (1...2).map { AccountReason(table: "t.yaml", row: $0, because: "x = \($0)") }
    func line(
      _ side: Side, _ amount: Int64, _ functional: Int64, tax: JournalLine.Tax? = nil,
      party: String? = nil, dimensions: Dimensions = [:], _ description: String, _ reason: Int
    ) -> JournalLine {
      JournalLine(
        role: .revenue, account: AccountCode("4400"), side: side, amount: Sample.euros(amount),
        functionalAmount: Money(minorUnits: functional, Sample.dollar), party: party, tax: tax,
        dimensions: dimensions, description: description, reason: reasons[reason])
    }
    let entry = try JournalEntry(
      head,
      lines: [
        line(.debit, 100, 110, party: "C-1", "", 0),
        line(.credit, 100, 109, tax: tax, dimensions: ["costCenter": "47", "a": "ü"], "x", 1),
        line(.credit, 0, 1, tax: .init(code: "X", category: nil, rate: nil, base: nil), "y", 0),
      ])
    let record = EntryRecord(key: sample.key, set: Sample("set").key, entry: entry)
    let number = try fixture.store.write { transaction throws in
      let number = try transaction.insert(sample.document)
      try transaction.insert(record, of: number)
      #expect(try transaction.entry(record.key) == record)
      return number
    }
    try fixture.store.read { queries throws in
      #expect(try queries.entry(record.key) == record)
      #expect(try queries.entries(of: number) == [record])
      #expect(try queries.entries([record.key, Sample("none").key]) == [record.key: record])
      #expect(try queries.entry(Sample("none").key) == nil)
    }
  }

  @Test func `an entry keeps the source it names when that is not its document`() throws {
    let first = Sample("A")
    try fixture.accept(first)
    let reversal = EntryRecord(
      key: Sample("R").key, set: Sample("R").key,
      entry: try first.record().entry.reversed(key: first.key.text, on: first.postingDate))
    let number = try fixture.store.write { transaction throws in
      let number = try transaction.insert(Sample("B").document)
      try transaction.insert(reversal, of: number)
      return number
    }
    #expect(try fixture.store.read { try $0.entries(of: number) } == [reversal])
  }

  @Test func `lines of one row of the configuration share its reason`() throws {
    for index in 1...3 { try fixture.accept(Sample("\(index)")) }
    let count = try fixture.outside().read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM reasons")
    }
    #expect(count == 1)
  }

  @Test func `a posting comes back as inserted and as updated`() throws {
    let (document, number) = try fixture.accept(Sample("A"))
    var posting = StoredPosting(
      number: number, entry: Sample("A").key, document: document, entity: Sample("A").entity,
      connection: Sample.erp, state: .due, reason: nil, notBefore: nil, attemptCount: 0,
      isDoubtful: false, fence: 0, leasedUntil: nil, ticket: nil, receipt: nil)
    #expect(try fixture.store.read { try $0.posting(number) } == posting)
    posting.state = .posted
    posting.reason = .backoff
    posting.notBefore = Moment(milliseconds: 1)
    posting.attemptCount = 3
    posting.isDoubtful = true
    posting.fence = 4
    posting.leasedUntil = Moment(milliseconds: 2)
    posting.ticket = Ticket("job 7")
    posting.receipt = Receipt(
      id: "1", number: "", postedAt: Moment(milliseconds: 3), url: "https://erp.example/1")
    try fixture.store.write { try $0.update(posting) }
    #expect(try fixture.store.read { try $0.posting(number) } == posting)
    #expect(try fixture.store.read { try $0.postings(of: document) } == [posting])
  }

  @Test func `attempts are completed and come in order`() throws {
    let (_, number) = try fixture.accept(Sample("A"))
    let first = Attempt(
      posting: number, number: 1, purpose: .submit, startedAt: Moment(milliseconds: 1))
    let second = Attempt(
      posting: number, number: 2, purpose: .find, startedAt: Moment(milliseconds: 2))
    var completed = first
    completed.endedAt = Moment(milliseconds: 5)
    completed.outcome = "rejected"
    completed.code = "period_closed"
    completed.message = "closed"
    try fixture.store.write { transaction throws in
      try transaction.insert(second)
      try transaction.insert(first)
      try transaction.complete(completed)
    }
    #expect(try fixture.store.read { try $0.attempts(of: number) } == [completed, second])
    var unknown = first
    unknown.number = 9
    #expect(throws: Problem.self) { try fixture.store.write { try $0.complete(unknown) } }
  }

  @Test func `exceptions are found by document and posting until they are resolved`() throws {
    let (document, number) = try fixture.accept(Sample("A"))
    var exception = PostingException(
      exceptionClass: "missing_mapping", cause: "No account", fingerprint: "f1",
      document: document, posting: number, entity: Sample("A").entity, connection: Sample.erp,
      amount: Sample.euros(-5), since: Moment(milliseconds: 9), owner: "team", fix: "Add it")
    try fixture.store.write { try $0.insert(exception) }
    let stored = try fixture.store.read { try $0.openExceptions(of: document) }
    let id = try #require(stored.first?.id)
    exception.id = id
    #expect(stored == [exception])
    #expect(try fixture.store.read { try $0.openExceptions(of: number) } == [exception])
    try fixture.store.write { transaction throws in
      try transaction.resolve(exception: id, at: Moment(milliseconds: 10))
      try transaction.resolve(exception: id, at: Moment(milliseconds: 11))
    }
    #expect(try fixture.store.read { try $0.openExceptions(of: document) } == [])
    exception.state = .resolved
    #expect(try fixture.store.read { try $0.exceptions(ListFilter()) } == [exception])
    #expect(throws: Problem.self) {
      try fixture.store.write { try $0.resolve(exception: 99, at: Moment(milliseconds: 1)) }
    }
  }

  @Test func `waits are found by what they wait for and when they end`() throws {
    let (document, _) = try fixture.accept(Sample("A"))
    let (other, _) = try fixture.accept(Sample("B"))
    let wait = DocumentWait(
      document: document, reason: .reference,
      references: [Sample("Z").identity, Sample("Y").identity], detail: "not here",
      until: Moment(milliseconds: 50))
    let period = DocumentWait(
      document: other, reason: .period, references: [], detail: "closed",
      until: Moment(milliseconds: 60))
    #expect(try fixture.store.read { try $0.anyDocumentWaits() } == false)
    try fixture.store.write {
      try $0.insert(wait)
      try $0.insert(period)
    }
    try fixture.store.read { queries throws in
      #expect(try queries.anyDocumentWaits())
      #expect(try queries.wait(of: document) == wait)
      #expect(try queries.documentsWaiting(for: Sample("Y").identity) == [document])
      #expect(try queries.documentsWaiting(for: Sample("A").identity) == [])
      #expect(try queries.documentsWaiting(for: .period) == [other])
      #expect(try queries.waitsEnded(by: Moment(milliseconds: 49)) == [])
      #expect(try queries.waitsEnded(by: Moment(milliseconds: 50)) == [wait])
      #expect(try queries.waitsEnded(by: Moment(milliseconds: 60)) == [wait, period])
    }
    try fixture.store.write { try $0.removeWait(of: document) }
    #expect(try fixture.store.read { try $0.wait(of: document) } == nil)
    #expect(try fixture.store.read { try $0.documentsWaiting(for: Sample("Y").identity) } == [])
    try fixture.store.write { try $0.insert(wait) }
    #expect(try fixture.store.read { try $0.wait(of: document) } == wait)
  }

  @Test func `what is open is what a document opened and every change of the part`() throws {
    let (invoice, _) = try fixture.accept(Sample("A"))
    let (payment, _) = try fixture.accept(Sample("B"))
    let changes = [
      StoredOpenItemChange(
        item: invoice, part: .receivable, by: payment, amount: Sample.euros(-11_000)),
      StoredOpenItemChange(
        item: invoice, part: .receivable, by: payment, amount: Sample.euros(100)),
      StoredOpenItemChange(item: payment, part: .credit, by: payment, amount: Sample.euros(40)),
    ]
    try fixture.store.write { transaction throws in
      for change in changes { try transaction.insert(change) }
    }
    try fixture.store.read { queries throws in
      #expect(try queries.openItemChanges(by: payment) == changes)
      #expect(try queries.openItemChanges(by: invoice) == [])
      #expect(try queries.openAmount(of: invoice, part: .receivable) == Sample.euros(1_000))
      #expect(try queries.openAmount(of: invoice, part: .credit) == Sample.euros(0))
      #expect(try queries.openAmount(of: payment, part: .credit) == Sample.euros(40))
      #expect(try queries.openAmount(of: payment, part: .advance) == Sample.euros(0))
      #expect(throws: Problem.self) {
        try queries.openAmount(of: DocumentNumber(99), part: .credit)
      }
    }
  }

  @Test func `an open item is what was opened and what is left, in both currencies`() throws {
    let (invoice, _) = try fixture.accept(Sample("A"))
    let (payment, _) = try fixture.accept(Sample("B"))
    let changes = [(10_000, 11_000), (-4_000, -4_400), (500, 560)].map { amount, functional in
      StoredOpenItemChange(
        item: invoice, part: .credit, by: payment, amount: Sample.euros(Int64(amount)),
        functional: Money(minorUnits: Int64(functional), Sample.dollar))
    }
    try fixture.store.write { transaction throws in
      for change in changes { try transaction.insert(change) }
    }
    try fixture.store.read { queries throws in
      #expect(try queries.openItemChanges(by: payment) == changes)
      let items = try queries.openItems(of: invoice)
      #expect(Set(items.keys) == [.receivable, .credit])
      func carrying(_ amount: Int64, _ functional: Int64) -> Carrying {
        Carrying(
          amount: Sample.euros(amount), functional: Money(minorUnits: functional, Sample.dollar))
      }
      #expect(
        items[.credit] == OpenItem(opened: carrying(10_500, 11_560), open: carrying(6_500, 7_160)))
    }
  }

  @Test func `refused intake keeps its faults and so much of its content`() throws {
    let problems = [
      Problem(code: "a", pointer: "/x", detail: "d\t\"é\"", fix: "f"),
      Problem(code: "b", detail: "", fix: ""),
    ]
    let long = [UInt8](repeating: 7, count: RefusedIntake.maximumContent + 1)
    try fixture.store.write {
      try $0.insert(
        RefusedIntake(
          at: Moment(milliseconds: 5), source: "s", identity: nil, problems: problems,
          content: long))
    }
    let stored = try #require(try fixture.store.read { try $0.refused(ListFilter()) }.first)
    #expect(stored.problems == problems)
    #expect(stored.content == Array(long.dropLast()))
    #expect(stored.identity == nil)
    #expect(stored.id == 1)
  }

  @Test func `an API key is found by its hash and revoked once`() throws {
    var key = StoredAPIKey(
      id: "k1", name: "billing", hash: [UInt8](repeating: 3, count: 32),
      entities: [LegalEntityID("ACME, DE")], rights: ["submit", "read"],
      createdAt: Moment(milliseconds: 4))
    try fixture.store.write { try $0.insert(key) }
    #expect(try fixture.store.read { try $0.apiKey(hash: key.hash) } == key)
    #expect(try fixture.store.read { try $0.apiKey(hash: [1]) } == nil)
    let at = Moment(milliseconds: 9)
    #expect(try fixture.store.write { try $0.revokeAPIKey("k1", at: at) })
    #expect(try fixture.store.write { try $0.revokeAPIKey("k1", at: at) } == false)
    key.revokedAt = at
    #expect(try fixture.store.read { try $0.apiKeys() } == [key])
  }

  @Test func `a connection is paused with its reason and resumed`() throws {
    try fixture.store.write { transaction throws in
      try transaction.pause(Sample.erp, detail: "first")
      try transaction.pause(Sample.erp, detail: "upgrade")
    }
    #expect(try fixture.store.read { try $0.pausedConnections() } == [Sample.erp: "upgrade"])
    try fixture.store.write { try $0.pause(Sample.erp, detail: nil) }
    #expect(try fixture.store.read { try $0.pausedConnections() } == [:])
  }

  @Test func `what was stored is there after opening again`() throws {
    let (document, _) = try fixture.accept(Sample("A"))
    let again = try SQLStore(file: fixture.file)
    #expect(try again.read { try $0.document(document) }?.identity == Sample("A").identity)
    try again.write { _ = try Sample("B").accept(in: $0) }
    #expect(try again.verifyAuditChain() == nil)
  }
}
