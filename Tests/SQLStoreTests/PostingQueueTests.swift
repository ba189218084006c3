import AdapterKit
import GRDB
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing

@Suite struct PostingQueueTests {
  let fixture: StoreFixture

  init() throws { fixture = try StoreFixture() }

  private func accept(_ count: Int) throws -> [PostingNumber] {
    try (1...count).map { try fixture.accept(Sample("\($0)")).posting }
  }

  @Test func `due postings are claimable in the order of acceptance`() throws {
    let numbers = try accept(5)
    #expect(try fixture.claimable(at: 0) == numbers)
    #expect(try fixture.claimable(at: 0, limit: 2) == Array(numbers.prefix(2)))
    #expect(try fixture.claimable(at: 0, limit: 0) == [])
  }

  @Test func `a posting of another connection is not claimable here`() throws {
    try fixture.accept(Sample("A"), connection: ConnectionID("other"))
    #expect(try fixture.claimable(at: 9) == [])
  }

  @Test(arguments: PostingState.allCases, [nil] + WaitingReason.allCases.map { Optional($0) })
  func `time alone makes only the right ones claimable`(
    state: PostingState, reason: WaitingReason?
  ) throws {
    let (_, number) = try fixture.accept(Sample("A"))
    try fixture.update(number) {
      $0.state = state
      $0.reason = reason
      $0.notBefore = Moment(milliseconds: 10)
    }
    let isClaimable =
      state == .due || state == .unknown || state == .posted
      || (state == .waiting && (reason == .backoff || reason == .quota || reason == .period))
    #expect(try fixture.claimable(at: 9) == [])
    #expect(try fixture.claimable(at: 10) == (isClaimable ? [number] : []))
    let pollable = try fixture.store.read {
      try $0.pollable(Sample.erp, at: Moment(milliseconds: 10), limit: 9).map(\.number)
    }
    #expect(pollable == (state == .submitted ? [number] : []))
    let next = try fixture.store.read { try $0.nextDue(Sample.erp) }
    let isTimed = isClaimable || state == .submitted
    #expect(next == (isTimed ? Moment(milliseconds: 10) : nil))
  }

  @Test func `postings whose moment came are merged by acceptance with those due at once`() throws {
    let numbers = try accept(4)
    try fixture.update(numbers[1]) {
      $0.state = .waiting
      $0.reason = .backoff
      $0.notBefore = Moment(milliseconds: 5)
    }
    #expect(try fixture.claimable(at: 4) == [numbers[0], numbers[2], numbers[3]])
    #expect(try fixture.claimable(at: 5) == numbers)
    #expect(try fixture.claimable(at: 5, limit: 2) == [numbers[0], numbers[1]])
  }

  @Test func `nothing is due by time when everything is posted`() throws {
    let numbers = try accept(2)
    #expect(try fixture.store.read { try $0.nextDue(Sample.erp) } == Moment(milliseconds: 0))
    for number in numbers { try fixture.update(number) { $0.state = .posted } }
    #expect(try fixture.store.read { try $0.nextDue(Sample.erp) } == nil)
    #expect(try fixture.claimable(at: 9) == [])
  }

  @Test func `a claim lapses when its lease is over`() throws {
    let numbers = try accept(3)
    for (index, number) in numbers.enumerated() {
      try fixture.update(number) {
        $0.state = .sending
        $0.leasedUntil = Moment(milliseconds: Int64(30 - index * 10))
      }
    }
    func lapsed(_ moment: Int64, limit: Int = 9) throws -> [PostingNumber] {
      try fixture.store.read {
        try $0.lapsed(at: Moment(milliseconds: moment), limit: limit).map(\.number)
      }
    }
    #expect(try lapsed(10) == [])
    #expect(try lapsed(11) == [numbers[2]])
    #expect(try lapsed(31) == [numbers[2], numbers[1], numbers[0]])
    #expect(try lapsed(31, limit: 1) == [numbers[2]])
  }

  @Test func `an answer with an older fence is refused`() throws {
    let number = try accept(1)[0]
    try fixture.update(number) { $0.fence = 2 }
    let problem = #expect(throws: Problem.self) {
      try fixture.update(number) {
        $0.fence = 1
        $0.state = .posted
      }
    }
    #expect(problem?.code == "posting_claimed_since")
    #expect(try fixture.store.read { try $0.posting(number) }?.state == .due)
    #expect(throws: Problem.self) {
      try fixture.store.write { transaction throws in
        var posting = try #require(try transaction.posting(number))
        posting.number = PostingNumber(99)
        try transaction.update(posting)
      }
    }
  }

  @Test func `a posting waits for its predecessors until they are posted`() throws {
    let numbers = try accept(2)
    let (_, last) = try fixture.accept(
      Sample("last"), state: .waiting, reason: .order, after: numbers + numbers)
    #expect(try fixture.claimable(at: 99) == numbers)
    func unposted() throws -> [PostingNumber] {
      try fixture.store.read { try $0.unpostedPredecessors(of: last) }
    }
    #expect(try unposted() == numbers)
    try fixture.update(numbers[0]) { $0.state = .posted }
    #expect(try unposted() == [numbers[1]])
    try fixture.update(numbers[0]) { $0.state = .reversed }
    #expect(try unposted() == [numbers[1]])
    #expect(try fixture.store.read { try $0.postingsWaiting(for: numbers[1]) } == [last])
    #expect(try fixture.store.read { try $0.postingsWaiting(for: last) } == [])
    try fixture.update(last) { $0.state = .due }
    #expect(try fixture.store.read { try $0.postingsWaiting(for: numbers[1]) } == [])
  }

  @Test(arguments: [
    ("claim_at = 0", "postings_to_claim"), ("claim_at > 0 AND claim_at <= 5", "postings_to_claim"),
    ("poll_at <= 5", "postings_to_poll"), ("lapse_at < 5", "postings_to_lapse"),
  ])
  func `a look for work reads an index of what is left to do`(
    condition: String, index: String
  ) throws {
    let isOfConnection = !condition.hasPrefix("lapse")
    let plan = try fixture.outside().read { database in
      try String.fetchAll(
        database,
        sql: """
          EXPLAIN QUERY PLAN SELECT p.number FROM postings p JOIN entries k ON k.number = p.number
          WHERE \(isOfConnection ? "p.connection = 'x' AND" : "") p.\(condition) LIMIT 5
          """, adapter: SuffixRowAdapter(fromIndex: 3))
    }
    #expect(plan.first?.contains(index) == true, "\(plan)")
  }
}
