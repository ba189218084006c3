import AdapterKit
import Ledger
import PostingEngine
import TestSupport
import Testing

@Suite struct ReconciliationTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
    for number in 1...3 { try fixture.accept(try Sample.invoice("INV-\(number)", "5.00")) }
  }

  private func key(_ number: Int) throws -> PostingKey {
    try fixture.posting(.invoice, "INV-\(number)").entry
  }

  /// The ERP's books as they are, changed by `change`.
  private func reconcile(
    _ change: (inout [BookedPosting]) throws -> Void = { _ in }
  ) throws -> Reconciliation {
    var books = erp.current.bookings.map { booking in
      BookedPosting(
        number: booking.number, externalKey: booking.key.text,
        date: booking.entry.head.postingDate,
        lines: booking.entry.lines.map {
          BookedPosting.Line(account: $0.account, side: $0.side, amount: $0.amount)
        })
    }
    try change(&books)
    var reconciliation = Reconciliation()
    for booked in books { reconciliation.add(booked) }
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    let entries: [ListedEntry] = try fixture.store.read { try $0.entries(filter) }
    for entry in entries { reconciliation.compare(entry) }
    reconciliation.finish()
    return reconciliation
  }

  private func changed(
    _ booked: BookedPosting, number: String? = nil, key: String? = nil, date: String? = nil,
    lines: [BookedPosting.Line]? = nil
  ) -> BookedPosting {
    BookedPosting(
      number: number ?? booked.number, externalKey: key ?? booked.externalKey,
      date: date.map { Sample.day($0) } ?? booked.date, lines: lines ?? booked.lines)
  }

  @Test func `books that hold what was posted tie out`() async throws {
    try await fixture.run(fixture.germany(erp))
    let result = try reconcile {
      $0.append(changed($0[0], number: "77", key: "not one of ours"))
      // An ERP may merge lines and split them.
      let line = $0[0].lines[0]
      let part = Money(minorUnits: 200, Sample.euro)
      $0[0] = changed(
        $0[0],
        lines: [
          BookedPosting.Line(account: line.account, side: line.side, amount: part),
          BookedPosting.Line(account: line.account, side: line.side, amount: line.amount - part),
          $0[0].lines[1],
        ])
    }
    #expect(result.tiesOut)
    #expect(result.matched == 3 && result.open == 0 && result.booksEntries == 3)
    let totals = try #require(result.totals[Sample.euro])
    #expect(totals.journal.text == "15.00" && totals.books.text == "15.00")
  }

  @Test func `what is still open is counted, not a difference`() throws {
    let result = try reconcile()
    #expect(result.open == 3 && result.differences.isEmpty && !result.tiesOut)
  }

  @Test func `what was given up is neither`() async throws {
    let key = try key(2)
    erp.set { $0.fault = { $0 == key && $1 == 1 ? .refuse(.tax) : nil } }
    try await fixture.run(fixture.germany(erp))
    try fixture.decide { try $0.discard($1, reason: "x", at: Sample.now, in: $2) }
    #expect(try reconcile().tiesOut)
    // Unless it is in the books after all.
    let record = try #require(try fixture.store.read { try $0.entry(key) })
    erp.book(key, record.entry)
    #expect(try reconcile().differences.map(\.kind) == [.givenUp])
  }

  @Test func `a revision ties out`() async throws {
    try await fixture.run(fixture.germany(erp))
    try fixture.accept(try Sample.invoice("INV-1", "4.00", revision: 2))
    try await fixture.run(fixture.germany(erp))
    let result = try reconcile()
    #expect(result.tiesOut && result.matched == 5)
  }

  @Test func `each kind of difference is told by document and number`() async throws {
    try await fixture.run(fixture.germany(erp))
    let unknown = try #require(PostingKey("ZZZZZZZZZZZZZZZZ"))
    let missing = try reconcile { $0.removeFirst() }
    #expect(missing.differences.map(\.kind) == [.missingInERP])
    #expect(missing.differences[0].document == "billing/invoice/INV-1")
    #expect(missing.differences[0].erpNumber == "1")
    let strange = try reconcile { $0.append(changed($0[0], number: "9", key: unknown.text)) }
    #expect(strange.differences.map(\.kind) == [.unknownHere])
    #expect(strange.differences[0].erpNumber == "9")
    let twice = try reconcile { $0.append(changed($0[0], number: "9")) }
    #expect(twice.differences.map(\.kind) == [.bookedTwice])
    #expect(twice.matched == 2)
    let date = try reconcile { $0[0] = changed($0[0], date: "2026-03-31") }
    #expect(date.differences.map(\.kind) == [.date])
    #expect(date.differences[0].detail == "2026-03-02 here, 2026-03-31 in the ERP")
  }

  @Test func `amounts are compared by account and currency`() async throws {
    try await fixture.run(fixture.germany(erp))
    for (currency, detail) in [
      (Sample.euro, "account receivable: 5.00 EUR here, 5.01 EUR in the ERP"),
      (
        Sample.dollar,
        "account receivable: 5.00 EUR here, nothing in the ERP; "
          + "account receivable: nothing here, 5.01 USD in the ERP"
      ),
    ] {
      let result = try reconcile {
        $0[0] = changed(
          $0[0],
          lines: $0[0].lines.map { line in
            line.account.code == "receivable"
              ? BookedPosting.Line(
                account: line.account, side: line.side,
                amount: Money(minorUnits: line.amount.minorUnits + 1, currency)) : line
          })
      }
      #expect(result.differences.map(\.kind) == [.amounts])
      #expect(result.differences[0].detail == detail)
    }
  }

  // MARK: Late success

  private func report(_ reconciliation: Reconciliation) throws -> Int {
    try fixture.store.write {
      try reconciliation.raiseLateSuccesses(at: fixture.clock.now, in: $0)
    }
  }

  @Test func `what the ERP holds twice becomes an exception, once, that a look-up ends`()
    async throws
  {
    try await fixture.run(fixture.germany(erp))
    let key = try key(1)
    erp.book(key, try #require(try fixture.store.read { try $0.entry(key) }).entry)
    for _ in 1...2 {
      #expect(try report(try reconcile()) == 1)
      #expect(try fixture.classes == ["late_success"])
    }
    let cause = try #require(try fixture.exceptions().first).cause
    #expect(cause.hasPrefix("The ERP holds it as 1 and as 4"))
    erp.remove("4")
    _ = try await fixture.retryAll()
    try await fixture.run(fixture.germany(erp))
    #expect(try fixture.exceptions().isEmpty)
    #expect(try report(try reconcile()) == 0)
  }

  @Test func `what was given up and is in the books becomes an exception`() async throws {
    let key = try key(2)
    erp.set { $0.fault = { $0 == key && $1 == 1 ? .refuse(.tax) : nil } }
    try await fixture.run(fixture.germany(erp))
    try fixture.decide { try $0.discard($1, reason: "x", at: Sample.now, in: $2) }
    erp.book(key, try #require(try fixture.store.read { try $0.entry(key) }).entry)
    #expect(try report(try reconcile()) == 1)
    #expect(try fixture.classes == ["late_success"])
    #expect(try #require(try fixture.exceptions().first).fix.hasPrefix("Reverse 3 in the ERP"))
  }
}
