import AdapterKit
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct ListTests {
  let fixture: StoreFixture
  let numbers: [(document: DocumentNumber, posting: PostingNumber)]

  /// Four documents: two entities, customers, connections, days and months.
  init() throws {
    let fixture = try StoreFixture()
    self.fixture = fixture
    numbers = try (0..<4).map { index in
      var sample = Sample("\(index)")
      sample.entity = LegalEntityID(index < 2 ? "ACME-DE" : "ACME-US")
      sample.customer = "C-\(index % 2)"
      sample.acceptedAt = Moment(milliseconds: Int64(index) * 86_400_000)
      sample.postingDate = Sample.day(index < 3 ? "2026-10-0\(index + 1)" : "2026-11-01")
      return try fixture.accept(sample, connection: ConnectionID(index == 0 ? "a" : "b"))
    }
    try fixture.update(numbers[1].posting) {
      $0.state = .posted
      $0.receipt = Receipt(id: "17", number: "4711")
    }
    let (document, posting) = numbers[2]
    try fixture.store.write { transaction throws in
      try transaction.setState(.exception, of: document)
      try transaction.insert(
        PostingException(
          exceptionClass: "tax", cause: "c", fingerprint: "f", document: document,
          posting: posting, entity: LegalEntityID("ACME-US"), connection: ConnectionID("b"),
          amount: Sample.euros(1), since: Moment(milliseconds: 1), fix: "x"))
    }
  }

  /// Which of the four documents, entries and postings a filter leaves, by their index.
  private func shown(
    _ change: (inout ListFilter) -> Void
  ) throws -> (documents: [Int], entries: [Int], postings: [Int], exceptions: [Int]) {
    var filter = ListFilter()
    change(&filter)
    return try fixture.store.read { queries throws in
      (
        try queries.documents(filter).map { Int($0.number.value) - 1 },
        try queries.entries(filter).map { Int($0.number) - 1 },
        try queries.postings(filter).map { Int($0.number.value) - 1 },
        try queries.exceptions(filter).map { Int(($0.document?.value ?? 0)) - 1 }
      )
    }
  }

  @Test func `without a filter everything is listed, newest last`() throws {
    let all = try shown { _ in }
    #expect(all == ([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [2]))
  }

  @Test func `a page begins after the cursor and holds as many as asked for`() throws {
    #expect(
      try shown {
        $0.cursor = 1
        $0.limit = 2
      } == ([1, 2], [1, 2], [1, 2], []))
  }

  @Test func `lists are filtered by what their rows have`() throws {
    #expect(
      try shown { $0.entities = [LegalEntityID("ACME-US")] } == ([2, 3], [2, 3], [2, 3], [2]))
    #expect(
      try shown { $0.entities = [LegalEntityID("ACME-US"), LegalEntityID("ACME-DE")] }.documents
        == [0, 1, 2, 3])
    #expect(try shown { $0.customer = "C-1" } == ([1, 3], [1, 3], [1, 3], []))
    #expect(try shown { $0.connection = ConnectionID("a") } == ([0], [0], [0], []))
    #expect(try shown { $0.source = "other" } == ([], [], [], []))
    #expect(
      try shown { $0.source = "billing-eu" } == ([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [2]))
    #expect(try shown { $0.state = "posted" } == ([], [1], [1], []))
    #expect(try shown { $0.state = "exception" } == ([2], [], [], []))
    #expect(try shown { $0.state = "open" } == ([], [], [], [2]))
    #expect(try shown { $0.fingerprint = "f" } == ([2], [2], [2], [2]))
    #expect(try shown { $0.exceptionClass = "other" } == ([], [], [], []))
    #expect(try shown { $0.period = FiscalPeriod("2026-11") } == ([3], [3], [3], []))
    #expect(try shown { $0.period = FiscalPeriod("2026-10") }.exceptions == [2])
  }

  @Test func `since and until mean acceptance, for entries the posting date, both inclusive`()
    throws
  {
    let window = try shown {
      $0.since = Moment(milliseconds: 86_400_000)
      $0.until = Moment(milliseconds: 2 * 86_400_000)
    }
    #expect(window.documents == [1, 2])
    #expect(window.postings == [1, 2])
    #expect(window.exceptions == [2])
    #expect(window.entries == [])
    let days = try shown {
      $0.since = Moment("2026-10-02T23:00:00Z")
      $0.until = Moment("2026-11-01T00:00:00Z")
    }
    #expect(days.entries == [1, 2, 3])
  }

  @Test func `an entry is listed with the posting that carries it`() throws {
    let listed = try fixture.store.read { try $0.entries(ListFilter()) }
    #expect(listed[1].connection == ConnectionID("b"))
    #expect(listed[1].postingState == .posted)
    #expect(listed[1].erpNumber == "4711")
    #expect(listed[0].erpNumber == nil)
    #expect(listed[0].record.entry.lines.count == 3)
  }

  @Test func `refused intake has no entity, so a filter on one shows none`() throws {
    try fixture.store.write {
      try $0.insert(
        RefusedIntake(
          at: Moment(milliseconds: 3), source: "s", identity: "i", problems: [], content: []))
    }
    func refused(_ change: (inout ListFilter) -> Void) throws -> Int {
      var filter = ListFilter()
      change(&filter)
      return try fixture.store.read { try $0.refused(filter).count }
    }
    #expect(try refused { _ in } == 1)
    #expect(try refused { $0.source = "s" } == 1)
    #expect(try refused { $0.source = "t" } == 0)
    #expect(try refused { $0.since = Moment(milliseconds: 4) } == 0)
    #expect(try refused { $0.cursor = 1 } == 0)
    #expect(try refused { $0.entities = [LegalEntityID("ACME-DE")] } == 0)
  }

  @Test func `counts and totals add up`() throws {
    let german = LegalEntityID("ACME-DE")
    let american = LegalEntityID("ACME-US")
    func count(
      _ kind: StoreCount.Kind, _ entity: LegalEntityID, _ state: String, _ count: Int,
      _ connection: String? = nil
    ) -> StoreCount {
      StoreCount(
        kind: kind, entity: entity, connection: connection.map { ConnectionID($0) }, state: state,
        count: count)
    }
    let counts = try fixture.store.read { try $0.counts() }
    #expect(
      Set(counts) == [
        count(.document, german, "accepted", 2), count(.document, american, "accepted", 1),
        count(.document, american, "exception", 1), count(.entry, german, "", 2),
        count(.entry, american, "", 2), count(.posting, german, "due", 1, "a"),
        count(.posting, german, "posted", 1, "b"), count(.posting, american, "due", 2, "b"),
        count(.exception, american, "open", 1),
      ])
    let totals = try fixture.store.read { try $0.totals() }
    #expect(
      totals == [
        EntityTotal(
          entity: german, connection: ConnectionID("a"), state: .due, entries: 1,
          debits: Sample.euros(11_900)),
        EntityTotal(
          entity: german, connection: ConnectionID("b"), state: .posted, entries: 1,
          debits: Sample.euros(11_900)),
        EntityTotal(
          entity: american, connection: ConnectionID("b"), state: .due, entries: 2,
          debits: Sample.euros(23_800)),
      ])
  }
}
