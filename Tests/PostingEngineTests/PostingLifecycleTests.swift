import AdapterKit
import Ledger
import PostingEngine
import TestSupport
import Testing

@Suite struct PostingLifecycleTests {
  static let now = Simulation.start
  static let lease = now + .seconds(90)
  static let quiet: Duration = .seconds(20)
  static let receipt = Receipt(id: "4711", number: "4711")
  static let ticket = Ticket("job-1")
  static let busy = Problem(code: "busy", detail: "Busy", fix: "Wait")
  static let refused = Rejection(.periodClosed, busy, erpCode: "E-1")

  static let finding = capabilities(finds: true)
  static let native = capabilities(recognisesRepeats: true)
  static let silent = capabilities()

  static func capabilities(
    finds: Bool = false, recognisesRepeats: Bool = false, polls: Bool = true
  ) -> PostingLifecycle.Capabilities {
    PostingLifecycle.Capabilities(
      finds: finds, recognisesRepeats: recognisesRepeats, polls: polls, quietPeriod: quiet)
  }

  static func posting(
    _ state: PostingState, reason: WaitingReason? = nil, isDoubtful: Bool = false,
    ticket: Ticket? = nil, attempts: Int = 1, isHeld: Bool = false
  ) -> StoredPosting {
    guard let key = PostingKey("0123456789ABCDEF") else { preconditionFailure("a key") }
    return StoredPosting(
      number: PostingNumber(1), entry: key, document: DocumentNumber(1), entity: Sample.germany,
      connection: Sample.germanERP, state: state, reason: reason, notBefore: nil,
      attemptCount: attempts, isDoubtful: isDoubtful, fence: 7,
      leasedUntil: isHeld ? lease : nil, ticket: ticket, receipt: nil)
  }

  private func handle(
    _ event: PostingLifecycle.Event, _ posting: StoredPosting,
    _ capabilities: PostingLifecycle.Capabilities = finding, policy: RetryPolicy = RetryPolicy()
  ) -> (StoredPosting, PostingLifecycle.Action) {
    var lifecycle = PostingLifecycle(posting)
    var random = SeededGenerator(1)
    let action = lifecycle.handle(
      event, at: Self.now, capabilities: capabilities, policy: policy, random: &random)
    return (lifecycle.posting, action)
  }

  enum Claimed: Sendable { case submit, find, poll, person, park }

  @Test(arguments: [
    (posting(.due, attempts: 0), finding, Claimed.submit),
    (posting(.waiting, reason: .backoff), finding, .submit),
    (posting(.waiting, reason: .backoff), silent, .submit),
    (posting(.unknown, isDoubtful: true), finding, .find),
    (posting(.waiting, reason: .backoff, isDoubtful: true), finding, .find),
    (posting(.due, isDoubtful: true), finding, .find),
    (posting(.unknown, isDoubtful: true), native, .submit),
    (posting(.unknown, isDoubtful: true), silent, .person),
    (posting(.due, isDoubtful: true), silent, .person),
    (posting(.submitted, ticket: ticket), finding, .poll),
    (posting(.submitted, ticket: ticket), capabilities(polls: false), .park),
    (posting(.submitted), finding, .park),
  ])
  func `a claim leads to one call, or to a person, and raises the fence`(
    posting: StoredPosting, capabilities: PostingLifecycle.Capabilities, expected: Claimed
  ) {
    let (after, action) = handle(.claimed(leasedUntil: Self.lease), posting, capabilities)
    #expect(after.fence == posting.fence + 1)
    #expect(after.attemptCount == posting.attemptCount + 1)
    switch expected {
    case .submit:
      #expect(action == .submit)
      #expect(after.state == .sending && after.reason == nil && after.leasedUntil == Self.lease)
    case .find:
      #expect(action == .find)
      #expect(after.state == .unknown && after.notBefore == Self.lease)
      #expect(after.isDoubtful && after.leasedUntil == Self.lease)
    case .poll:
      #expect(action == .poll(Self.ticket))
      #expect(after.state == .submitted && after.notBefore == Self.lease)
    case .person:
      guard case .raise("unknown_outcome", let problem, nil) = action else {
        Issue.record("\(action)")
        return
      }
      #expect(problem.fix.contains("0123456789ABCDEF"))
      #expect(after.state == .unknown && after.notBefore == .never && after.leasedUntil == nil)
      #expect(after.isDoubtful)
    case .park:
      #expect(action == .wait(until: .never))
      #expect(after.state == .submitted && after.leasedUntil == nil)
    }
  }

  @Test(arguments: [PostingState.sending, .submitted], [false, true])
  func `answers each outcome with one state and one action`(
    state: PostingState, isDoubtful: Bool
  ) {
    func answer(_ outcome: PostingOutcome) -> (StoredPosting, PostingLifecycle.Action) {
      let held = Self.posting(
        state, isDoubtful: isDoubtful, ticket: state == .submitted ? Self.ticket : nil,
        isHeld: true)
      let event: PostingLifecycle.Event =
        state == .sending ? .answered(outcome) : .polled(outcome, isOverdue: false)
      let (after, action) = handle(event, held)
      #expect(after.leasedUntil == nil)
      #expect(after.fence == 7)
      return (after, action)
    }
    for outcome in [PostingOutcome.posted(Self.receipt), .alreadyPosted(Self.receipt)] {
      let (after, action) = answer(outcome)
      #expect(action == .recordReceipt(Self.receipt))
      #expect(after.state == .posted && after.receipt == Self.receipt && !after.isDoubtful)
    }
    let (rejected, raised) = answer(.rejected(Self.refused))
    #expect(
      raised
        == .raise(exceptionClass: "rejected_period_closed", Self.busy, erpCode: "E-1"))
    #expect(rejected.state == .rejected && rejected.notBefore == nil)
    #expect(rejected.isDoubtful == isDoubtful, "a refusal proves nothing about an earlier attempt")
    let (unknown, look) = answer(.unknown(Self.busy))
    #expect(look == .wait(until: Self.now + Self.quiet))
    #expect(unknown.state == .unknown && unknown.isDoubtful)
  }

  @Test(arguments: [(true, false), (false, true)])
  func `an entry handed over is polled soon, or left alone for as long as a verdict may take`(
    polls: Bool, isSilent: Bool
  ) {
    let (after, action) = handle(
      .answered(.submitted(Self.ticket)), Self.posting(.sending, isHeld: true),
      Self.capabilities(polls: polls))
    let policy = RetryPolicy()
    let expected = Self.now + (isSilent ? policy.acknowledgeWithin : policy.pollEvery)
    #expect(action == .wait(until: expected))
    #expect(after.state == .submitted && after.ticket == Self.ticket && !after.isDoubtful)
  }

  @Test func `a key without an answer is in doubt`() {
    let (after, action) = handle(.answered(nil), Self.posting(.sending, isHeld: true))
    #expect(action == .wait(until: Self.now + Self.quiet))
    #expect(after.state == .unknown && after.isDoubtful)
  }

  @Test(arguments: [nil, Duration.seconds(0), .seconds(120), .seconds(10_000_000_000)])
  func `a postponed entry waits as long as the ERP wishes, within reason`(wish: Duration?) {
    let (after, action) = handle(
      .answered(.retryLater(Postponement(Self.busy, scope: .entry, after: wish))),
      Self.posting(.sending, isHeld: true))
    guard case .wait(let until) = action else {
      Issue.record("\(action)")
      return
    }
    #expect(after.state == .waiting && after.reason == .backoff && after.notBefore == until)
    let wished = min(wish ?? .zero, RetryPolicy().maximumWish)
    #expect(until - Self.now >= wished)
    #expect(until - Self.now <= max(wished, .seconds(1)))
  }

  @Test func `a doubtful entry that is postponed stays doubtful`() {
    let (after, _) = handle(
      .answered(.retryLater(Postponement(Self.busy, scope: .entry))),
      Self.posting(.sending, isDoubtful: true, isHeld: true), Self.native)
    #expect(after.isDoubtful)
  }

  @Test func `what an ERP had taken and gives back is looked up before it is sent again`() {
    let (after, action) = handle(
      .polled(.retryLater(Postponement(Self.busy, scope: .entry)), isOverdue: false),
      Self.posting(.submitted, ticket: Self.ticket, isHeld: true))
    #expect(action == .wait(until: Self.now + Self.quiet))
    #expect(after.state == .unknown && after.isDoubtful)
    let (_, next) = handle(.claimed(leasedUntil: Self.lease), after)
    #expect(next == .find)
  }

  @Test func `found is posted, absent is due at once`() {
    let held = Self.posting(.unknown, isDoubtful: true, isHeld: true)
    let (found, posted) = handle(.looked(.found(Self.receipt), lookUp: 1), held)
    #expect(posted == .recordReceipt(Self.receipt))
    #expect(found.state == .posted && !found.isDoubtful)
    let (absent, due) = handle(.looked(.absent, lookUp: 1), held)
    #expect(due == .wait(until: Self.now))
    #expect(absent.state == .due && !absent.isDoubtful)
    let (_, next) = handle(.claimed(leasedUntil: Self.lease), absent)
    #expect(next == .submit)
  }

  @Test(arguments: [PostingState.posted, .reversed])
  func `a look-up once more changes nothing that is final, and tells what is there twice`(
    state: PostingState
  ) {
    let held = Self.posting(state, isHeld: true)
    let busy = handle(.looked(.cannotTell(Self.busy), lookUp: 1), held).0
    #expect(busy.state == state && (busy.notBefore == nil) == (state == .reversed))
    #expect(handle(.looked(.absent, lookUp: 1), held).0.state == state)
    var known = held
    known.receipt = Receipt(id: "0", number: "0", postedAt: nil)
    let (twice, told) = handle(.looked(.found(Self.receipt), lookUp: 1), known)
    #expect(twice.state == state)
    guard case .raise(exceptionClass: "late_success", _, _) = told else {
      Issue.record("\(told)")
      return
    }
  }

  @Test(arguments: 1...RetryPolicy().maximumLookUps)
  func `a look-up that cannot tell is repeated, then a person is asked`(lookUp: Int) {
    let policy = RetryPolicy()
    // However many submissions went before: only look-ups in a row count.
    let (after, action) = handle(
      .looked(.cannotTell(Self.busy), lookUp: lookUp),
      Self.posting(.unknown, isDoubtful: true, attempts: 50, isHeld: true))
    #expect(after.state == .unknown && after.isDoubtful)
    if lookUp == policy.maximumLookUps {
      #expect(action == .raise(exceptionClass: "unknown_outcome", Self.busy, erpCode: nil))
      #expect(after.notBefore == .never)
    } else {
      guard case .wait(let until) = action else {
        Issue.record("\(action)")
        return
      }
      #expect(until - Self.now <= policy.maximumDelay)
    }
  }

  @Test(arguments: [
    (1, false, Duration.seconds(2)), (4, false, .seconds(2)), (5, false, .seconds(4)),
    (13, false, .seconds(16)), (100, false, .seconds(60)), (Int.max, false, .seconds(60)),
    (1, true, .seconds(900)),
  ])
  func `a ticket without a verdict is asked for less and less often`(
    attempts: Int, isOverdue: Bool, expected: Duration
  ) {
    let held = Self.posting(
      .submitted, ticket: Self.ticket, attempts: attempts, isHeld: true)
    let (after, action) = handle(.polled(nil, isOverdue: isOverdue), held)
    #expect(action == .wait(until: Self.now + expected))
    #expect(after.state == .submitted && after.ticket == Self.ticket)
  }

  @Test func `a new ticket takes the place of the old one`() {
    let (after, _) = handle(
      .polled(.submitted(Ticket("job-2")), isOverdue: false),
      Self.posting(.submitted, ticket: Self.ticket, isHeld: true))
    #expect(after.ticket == Ticket("job-2"))
    #expect(after.state == .submitted)
  }

  @Test func `a lapsed claim is in doubt until its quiet period is over`() {
    let (after, action) = handle(.lapsed, Self.posting(.sending, isHeld: true))
    #expect(action == .wait(until: Self.now + Self.quiet))
    #expect(after.state == .unknown && after.isDoubtful && after.leasedUntil == nil)
  }

  @Test(arguments: Rejection.Class.allCases)
  func `every refusal has a class of its own`(rejectionClass: Rejection.Class) {
    let names = Rejection.Class.allCases.map(\.exceptionClass)
    #expect(Set(names).count == names.count)
    #expect(rejectionClass.exceptionClass.hasPrefix("rejected_"))
  }
}
