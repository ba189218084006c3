import Ledger
import PostingEngine
import Synchronization
import TestSupport
import Testing

@Suite struct AlertTests {
  let fixture: EngineFixture
  let round = AlertRound(
    policy: AlertPolicy(rules: [
      .init(
        ExceptionCondition(exceptionClass: "missing_mapping"),
        steps: [
          .init(after: .zero, recipients: ["chat"]),
          .init(after: .seconds(60), recipients: ["anna", "bob"]),
        ])
    ])
  ) { message, recipient in
    ("\(message.kind.rawValue) for \(recipient)", message.group.text)
  }

  init() throws { fixture = try EngineFixture() }

  private func accept(_ numbers: ClosedRange<Int>) throws {
    for number in numbers {
      try fixture.accept(
        try Sample.invoice("INV-\(number)", "2.00"), Sample.book(without: [.revenue]))
    }
  }

  private func look(after seconds: Int) throws -> [String] {
    let now = Sample.now + .seconds(seconds)
    let before = try pending().count
    let isNeeded = try fixture.store.read { try round.isNeeded(at: now, in: $0) }
    let count = try fixture.store.write { try round.look(at: now, in: $0) }
    #expect(isNeeded || count == 0)
    return try pending().dropFirst(before).map(\.notice.subject)
  }

  private func pending() throws -> [StoredNotice] {
    try fixture.store.read { try $0.noticesDue(at: .never, limit: 99) }
      .sorted { $0.id < $1.id }
  }

  @Test func `one alert for a cause, however many documents, and its steps in time`() throws {
    #expect(try look(after: 0).isEmpty)
    try accept(1...3)
    #expect(try look(after: 1) == ["raised for chat"])
    let content = try #require(try pending().first?.notice.content)
    #expect(content.hasPrefix("3 documents: "), "\(content)")
    #expect(content.hasSuffix("6.00 EUR"), "\(content)")
    try accept(4...5)
    #expect(try look(after: 59).isEmpty)
    #expect(try look(after: 61) == ["escalated for anna", "escalated for bob"])
    #expect(try look(after: 9_999).isEmpty)
  }

  @Test func `those who heard of a cause hear of its end, and a new one is a new alert`()
    async throws
  {
    try accept(1...2)
    #expect(try look(after: 0) == ["raised for chat"])
    try await deliverAll()
    try await fixture.act(.retry)
    #expect(try look(after: 10) == ["ended for chat"])
    #expect(try look(after: 11).isEmpty)
    fixture.clock.pass(.seconds(11))
    try await deliverAll()
    try accept(3...3)
    #expect(try look(after: 12) == ["raised for chat"])
  }

  @Test func `what no rule is about and what is held tells nobody`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "2.00"))
    try fixture.accept(try Sample.invoice("INV-1", "3.00"))
    #expect(try fixture.classes == ["identity_conflict"])
    #expect(try look(after: 0).isEmpty)
    try accept(2...2)
    try await fixture.act(
      .hold(until: Sample.now + .seconds(100)),
      ExceptionSelection(exceptionClass: "missing_mapping"))
    #expect(try look(after: 1).isEmpty)
    #expect(try look(after: 101) == ["raised for chat"])
  }

  // MARK: Delivery

  /// Takes what it is given, or fails as often as it is told.
  private final class Inbox: NoticeSending {
    let taken = Mutex<[String]>([])
    let failures: Mutex<Int>

    init(failures: Int = 0) { self.failures = Mutex(failures) }

    func send(_ notice: StoredNotice) async -> String? {
      let fails = failures.withLock { count in
        defer { count = max(count - 1, 0) }
        return count > 0
      }
      if fails { return "no answer" }
      taken.withLock { $0.append("\(notice.notice.recipient) \(notice.notice.subject)") }
      return nil
    }
  }

  private func delivery(_ inbox: Inbox) -> NoticeDelivery {
    NoticeDelivery(
      store: fixture.store, commit: GroupCommit(store: fixture.store), sender: inbox,
      clock: fixture.clock)
  }

  private func deliverAll() async throws {
    let inbox = Inbox()
    while try await delivery(inbox).run() > 0 {}
  }

  private func put(_ subject: String, to recipient: String, chain: String) throws {
    let notice = Notice(
      recipient: recipient, chain: chain, subject: subject, content: "",
      createdAt: fixture.clock.now)
    try fixture.store.write { try $0.insert(notice) }
  }

  @Test func `messages of one chain keep their order, and others do not wait`() async throws {
    try put("1", to: "chat", chain: "a")
    try put("2", to: "chat", chain: "a")
    try put("3", to: "chat", chain: "b")
    let inbox = Inbox(failures: 1)
    #expect(try await delivery(inbox).run() == 2)
    #expect(inbox.taken.withLock { $0 } == ["chat 3"])
    #expect(try await delivery(inbox).run() == 0)
    fixture.clock.pass(.seconds(10))
    #expect(try await delivery(inbox).run() == 1)
    #expect(try await delivery(inbox).run() == 1)
    #expect(inbox.taken.withLock { $0 } == ["chat 3", "chat 1", "chat 2"])
    #expect(try fixture.store.read { try $0.nextNotice() } == nil)
  }

  @Test func `what cannot be delivered is tried later and later, and given up after a week`()
    async throws
  {
    try put("1", to: "chat", chain: "a")
    try put("2", to: "chat", chain: "a")
    let inbox = Inbox(failures: .max)
    var attempts = 0
    let start = fixture.clock.now
    while let next = try fixture.store.read({ try $0.nextNotice() }),
      next < start + NoticeDelivery.patience + .seconds(1)
    {
      fixture.clock.pass(max(next - fixture.clock.now, .zero))
      let tried = try await delivery(inbox).run()
      try #require(tried > 0 && attempts < 1_000)
      attempts += tried
    }
    // Nine doublings to an hour, then one an hour; then the one behind it has its turn, once.
    #expect((170...190).contains(attempts), "\(attempts)")
  }
}
