import AdapterKit
import Ledger
import PostingEngine
import TestSupport
import Testing

/// Answers that come when the claim they belong to is over.
@Suite struct SettlementTests {
  let fixture: EngineFixture
  let delivery: Delivery
  let first: Delivery.Claimed

  init() throws {
    fixture = try EngineFixture()
    let connection = fixture.germany(FakeERP(clock: fixture.clock))
    let delivery = connection.delivery
    self.delivery = delivery
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    let claim = try fixture.store.write {
      try delivery.claim(calls: 1, at: Sample.now, in: $0)
    }
    first = try #require(claim.calls.first?.claimed.first)
  }

  private func lapse() throws {
    let lapsed = try fixture.store.write {
      try Delivery.recoverLapsed(
        at: Sample.now, everyone: true, limit: 9, quietPeriod: { _ in .seconds(20) }, in: $0)
    }
    #expect(lapsed == 1)
  }

  private func settle(_ claimed: Delivery.Claimed, _ outcome: PostingOutcome) throws {
    try fixture.store.write { transaction in
      var random = SeededGenerator(1)
      try delivery.settle(
        [(claimed, .submitted(outcome))], at: Sample.now + .seconds(90), random: &random,
        in: transaction)
    }
  }

  private let posted = PostingOutcome.posted(Receipt(id: "7", number: "7"))

  @Test func `one that nobody has asked about since counts`() throws {
    try lapse()
    try settle(first, posted)
    #expect(try fixture.posting(.invoice, "INV-1").receipt?.number == "7")
    #expect(try fixture.state(.invoice, "INV-1") == .posted)
  }

  @Test func `one to a claim that somebody else has taken over is dropped`() throws {
    try lapse()
    let second = try fixture.store.write {
      try delivery.claim(calls: 1, at: Sample.now + .seconds(60), in: $0)
    }
    guard case .find(let taken)? = second.calls.first else {
      Issue.record("\(second)")
      return
    }
    #expect(taken.posting.fence == first.posting.fence + 1)
    let later = PostingOutcome.retryLater(
      Postponement(FakeERP.refused, scope: .entry, after: nil))
    for outcome in [posted, later] {
      try settle(first, outcome)
      #expect(try fixture.posting(.invoice, "INV-1") == taken.posting)
    }
  }

  @Test func `one that comes twice counts once, and a second number in the ERP is an exception`()
    throws
  {
    try settle(first, posted)
    try settle(first, posted)
    #expect(try fixture.exceptions().isEmpty)
    try settle(first, posted)
    try settle(first, .posted(Receipt(id: "8", number: "8")))
    try settle(first, .unknown(FakeERP.refused))
    #expect(try fixture.posting(.invoice, "INV-1").receipt?.number == "7")
    #expect(try fixture.actions(.invoice, "INV-1").count { $0 == "posting.posted" } == 1)
    #expect(try fixture.classes == ["late_success"])
    #expect(try fixture.exceptions().first?.cause.contains("as 7 and as 8") == true)
  }

  @Test func `one to a posting that a person has decided on is dropped`() throws {
    try settle(first, .rejected(Rejection(.validation, FakeERP.refused)))
    let retried = try fixture.store.read { try $0.posting(first.posting.number) }
    try fixture.decide { try $0.discard($1, reason: "x", at: Sample.now, in: $2) }
    try settle(first, posted)
    #expect(retried?.state == .rejected)
    #expect(try fixture.posting(.invoice, "INV-1").state == .cancelled)
    #expect(try fixture.classes == ["late_success"], "it is in the ERP all the same")
  }
}
