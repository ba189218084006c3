import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import TestSupport
import Testing

@Suite struct RevisionTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  private func run() async throws { try await fixture.run(fixture.germany(erp)) }

  /// What the ERP's books hold on an account, in the order of booking.
  private func booked(_ account: AccountRole = .receivable) -> [String] {
    erp.current.bookings.flatMap { booking in
      booking.entry.lines.filter { $0.account.code == account.rawValue }.map {
        ($0.side == .debit ? "" : "-") + $0.amount.text
      }
    }
  }

  @Test func `a higher revision reverses what is posted, then posts anew`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    #expect(
      try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 2)).kind == .accepted)
    try await run()
    #expect(booked() == ["100.00", "-100.00", "80.00"])
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .reversed)
    #expect(try fixture.revision(.invoice, "INV-1", 2).state == .posted)
    let entries = try fixture.entries(fixture.revision(.invoice, "INV-1", 2))
    let first = try fixture.entries(fixture.revision(.invoice, "INV-1", 1))[0]
    #expect(
      entries.map(\.entry.head.kind).sorted { $0.rawValue < $1.rawValue } == [.invoice, .reversal])
    #expect(entries.compactMap(\.entry.head.reverses) == [first.key.text])
    #expect(try fixture.open(.invoice, "INV-1") == "80.00")
  }

  @Test func `one that was not sent yet is posted, reversed and posted anew, in this order`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 2))
    try fixture.accept(try Sample.invoice("INV-1", "70.00", revision: 3))
    try await run()
    #expect(booked() == ["100.00", "-100.00", "80.00", "-80.00", "70.00"])
    for (revision, state) in [(1, DocumentState.reversed), (2, .reversed), (3, .posted)] {
      #expect(try fixture.revision(.invoice, "INV-1", revision).state == state)
    }
    #expect(erp.current.submissions.values.allSatisfy { $0 == 1 })
  }

  @Test func `what others settled moves to the new revision, as often as it is revised`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "30.00", to: [("INV-1", "30.00")]))
    for (revision, amount, open) in [
      (2, "80.00", "50.00"), (3, "90.00", "60.00"), (4, "30.00", "0.00"),
    ] {
      try fixture.accept(try Sample.invoice("INV-1", amount, revision: revision))
      #expect(try fixture.open(.invoice, "INV-1") == open)
      for earlier in 1..<revision {
        let number = try fixture.revision(.invoice, "INV-1", earlier).number
        let left = try fixture.store.read { try $0.openAmount(of: number, part: .receivable) }
        #expect(left.isZero)
      }
    }
  }

  @Test func `a revised settlement takes off only what it says now`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "100.00", to: [("INV-1", "100.00")]))
    for (revision, amount, open, credit) in [
      (2, "90.00", "10.00", "10.00"), (3, "100.00", "0.00", "0.00"), (4, "40.00", "60.00", "60.00"),
    ] {
      let verdict = try fixture.accept(
        try Sample.payment("P-1", "100.00", to: [("INV-1", amount)], revision: revision))
      #expect(verdict.kind == .accepted)
      #expect(try fixture.open(.invoice, "INV-1") == open)
      #expect(try fixture.open(.payment, "P-1", .credit) == credit)
    }
    let over = try fixture.accept(
      try Sample.payment("P-1", "101.00", to: [("INV-1", "101.00")], revision: 5))
    #expect(over.kind == .exception)
    #expect(try fixture.open(.invoice, "INV-1") == "60.00", "revision 4 stands")
  }

  @Test func `credit that was used stays used when its payment is revised`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "50.00"))
    try fixture.accept(try Sample.application("A-1", from: "P-1", to: [("INV-1", "30.00")]))
    try fixture.accept(try Sample.payment("P-1", "60.00", revision: 2))
    #expect(try fixture.open(.payment, "P-1", .credit) == "30.00")
    #expect(try fixture.open(.invoice, "INV-1") == "70.00")
    let over = try fixture.accept(
      try Sample.application("A-2", from: "P-1", to: [("INV-1", "31.00")]))
    #expect(over.kind == .exception)
  }

  @Test func `an exception or a wait is over when a higher revision comes`() async throws {
    let holed = Sample.book(without: [.revenue])
    try fixture.accept(try Sample.invoice("INV-1", "100.00"), holed)
    try fixture.accept(try Sample.payment("P-1", "10.00", to: [("INV-2", "10.00")]))
    try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 2))
    try fixture.accept(try Sample.payment("P-1", "20.00", revision: 2))
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .discarded)
    #expect(try fixture.revision(.payment, "P-1", 1).state == .discarded)
    // What the first revision waited for comes now, and wakes nothing that is over.
    try fixture.accept(try Sample.invoice("INV-2", "10.00"))
    #expect(try fixture.open(.invoice, "INV-2") == "10.00")
    try await run()
    #expect(booked() == ["80.00", "10.00"])
    #expect(try fixture.state(.payment, "P-1") == .posted)
  }

  @Test func `until a higher revision has entries, the one before it stands`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    let verdict = try fixture.accept(
      try Sample.invoice("INV-1", "80.00", revision: 2), Sample.book(without: [.revenue]))
    #expect(verdict.kind == .exception)
    try await run()
    #expect(booked() == ["100.00"])
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .posted)
    // Payments go on, on what is in the books.
    try fixture.accept(try Sample.payment("P-1", "30.00", to: [("INV-1", "30.00")]))
    _ = try await fixture.retryAll()
    #expect(try fixture.exceptions().isEmpty)
    #expect(try fixture.open(.invoice, "INV-1") == "50.00")
    try await run()
    #expect(booked() == ["100.00", "-30.00", "-100.00", "80.00"])
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .reversed)
  }

  @Test func `a third revision replaces the first when the second was never converted`()
    async throws
  {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    try fixture.accept(
      try Sample.invoice("INV-1", "80.00", revision: 2), Sample.book(without: [.revenue]))
    try fixture.accept(try Sample.invoice("INV-1", "70.00", revision: 3))
    #expect(try fixture.exceptions().isEmpty)
    try await run()
    #expect(booked() == ["100.00", "-100.00", "70.00"])
    #expect(try fixture.revision(.invoice, "INV-1", 2).state == .discarded)
    #expect(try fixture.open(.invoice, "INV-1") == "70.00")
  }

  @Test func `what an ERP refused is not sent again after a revision`() async throws {
    erp.set { $0.fault = { _, _ in .refuse(.unknownAccount) } }
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try await run()
    #expect(try fixture.classes == ["rejected_unknown_account"])
    erp.set { $0.fault = { _, _ in nil } }
    try fixture.accept(try Sample.payment("P-1", "30.00", to: [("INV-1", "30.00")]))
    #expect(try fixture.posting(.payment, "P-1").reason == .order)
    try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 2))
    #expect(try fixture.exceptions().isEmpty)
    try await run()
    #expect(booked() == ["80.00", "-30.00"], "the payment follows what took the invoice's place")
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .discarded)
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.state(.payment, "P-1") == .posted)
  }

  @Test func `what is refused after it was replaced needs nobody`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 2))
    let first = try fixture.entries(fixture.revision(.invoice, "INV-1", 1))[0].key
    erp.set { $0.fault = { key, _ in key == first ? .refuse(.validation) : nil } }
    try await run()
    #expect(try fixture.exceptions().isEmpty)
    #expect(booked() == ["80.00"])
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
    #expect(try fixture.revision(.invoice, "INV-1", 1).state == .discarded)
  }

  @Test func `a lost answer and a revision at once still book each entry once`() async throws {
    let clock = fixture.clock
    erp.set { $0.fault = { _, count in count == 1 ? .loseAnswer : nil } }
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    let engine = fixture.engine([fixture.germany(erp)])
    try await clock.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await engine.run(until: .idle) }
        group.addTask { [fixture] in
          try await clock.sleep(until: clock.now + .seconds(5))
          try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 2))
          engine.wake()
        }
        try await group.waitForAll()
      }
    }
    #expect(booked() == ["100.00", "-100.00", "80.00"])
    #expect(erp.current.submissions.values.allSatisfy { $0 == 1 })
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
  }

  @Test func `a reversal into a closed period is posted on the first open day after it`() throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00", on: "2026-02-27"))
    try fixture.accept(
      try Sample.invoice("INV-1", "80.00", revision: 2, on: "2026-01-31"),
      Sample.book(closed: ["2026-02", "2026-03"], closedPeriod: .nextOpen))
    let reversal = try #require(
      try fixture.entries(fixture.revision(.invoice, "INV-1", 2)).first {
        $0.entry.head.kind == .reversal
      })
    #expect(reversal.entry.head.postingDate == Sample.day("2026-04-01"))
  }

  @Test func `settlements in one currency do not move to a revision in another`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "100.00"))
    try fixture.accept(try Sample.payment("P-1", "30.00", to: [("INV-1", "30.00")]))
    let rate = ExchangeRate(
      from: Sample.dollar, to: Sample.euro, rate: try ExactDecimal("0.9"),
      date: Sample.day("2026-03-01"), source: "ECB")
    let verdict = try fixture.accept(
      try Sample.invoice("INV-1", "120.00", revision: 2, in: Sample.dollar, rate: rate))
    #expect(verdict.kind == .exception)
    #expect(try fixture.classes == ["settlement_currency"])
    #expect(try fixture.exceptions()[0].cause.contains("30.00 EUR"))
    try await run()
    #expect(booked() == ["100.00", "-30.00"], "the first revision stands")
    try fixture.accept(try Sample.invoice("INV-2", "100.00"))
    let unsettled = try fixture.accept(
      try Sample.invoice("INV-2", "120.00", revision: 2, in: Sample.dollar, rate: rate))
    #expect(unsettled.kind == .accepted)
    #expect(try fixture.open(.invoice, "INV-2") == "120.00")
  }

  @Test func `a lower revision comes too late`() throws {
    let first = try Sample.invoice("INV-1", "100.00")
    try fixture.accept(first)
    try fixture.accept(try Sample.invoice("INV-1", "80.00", revision: 3))
    #expect(try fixture.accept(first).kind == .repeat)
    let late = try fixture.accept(try Sample.invoice("INV-1", "90.00", revision: 2))
    #expect(late.kind == .conflict)
    #expect(late.errors[0].detail.contains("revision 2 came too late"))
  }
}
