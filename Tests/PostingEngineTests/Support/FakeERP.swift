import AdapterKit
import Ledger
import PostingEngine
import Synchronization

/// An ERP in memory with faults by script. It books whatever it is sent, as often as it is sent,
/// unless it recognises repeats: a second sending shows in ``bookings(of:)``.
final class FakeERP: Sendable {
  enum Fault: Hashable, Sendable {
    /// Booked, and the answer does not arrive.
    case loseAnswer
    /// Nothing booked, and no answer.
    case loseRequest
    /// No answer, and booked only when so much time has passed.
    case bookLater(Duration)
    /// Booked, and the answer does not mention it.
    case forget
    case throttle(Postponement.Scope, after: Duration?)
    case refuse(Rejection.Class)
    /// The call does not end in time; booked before.
    case bookAndHang
    /// The call does not end in time and does not stop when it is cancelled; nothing is booked.
    case hangStubbornly
  }

  enum LookUpFault: Hashable, Sendable { case cannotTell, hang }

  struct Booking: Hashable, Sendable {
    let key: PostingKey
    /// Seen by look-ups from here on.
    let at: Moment
    let number: String
    let entry: JournalEntry
  }

  struct Books: Sendable {
    var bookings: [Booking] = []
    var submissions: [PostingKey: Int] = [:]
    var lookUps: [PostingKey: Int] = [:]
    var polls = 0
    var callsAt: [Moment] = []
    var running = 0
    var mostRunning = 0
    var pending: [PostingKey: (due: Moment, entry: JournalEntry)] = [:]
  }

  /// How a call goes: latency, and the fault of one entry by its key and how often it came.
  struct Script: Sendable {
    var latency: @Sendable () -> Duration = { .milliseconds(50) }
    var fault: @Sendable (PostingKey, Int) -> Fault? = { _, _ in nil }
    var lookUpFault: @Sendable (PostingKey, Int) -> LookUpFault? = { _, _ in nil }
  }

  let clock: Simulation
  let recognisesRepeats: Bool
  private let script: Mutex<Script>
  private let books = Mutex(Books())

  static let hangs: Duration = .seconds(3_600)

  init(clock: Simulation, recognisesRepeats: Bool = false, script: Script = Script()) {
    self.clock = clock
    self.recognisesRepeats = recognisesRepeats
    self.script = Mutex(script)
  }

  func set(_ change: (inout Script) -> Void) { script.withLock { change(&$0) } }

  var current: Books { books.withLock { $0 } }

  func bookings(of key: PostingKey) -> Int {
    books.withLock { books in books.bookings.count { $0.key == key } }
  }

  /// Books something that nobody sent.
  func book(_ key: PostingKey, _ entry: JournalEntry) { _ = add(key, entry, at: clock.trueNow) }

  /// Somebody reverses it in the ERP.
  func remove(_ number: String) {
    books.withLock { books in books.bookings.removeAll { $0.number == number } }
  }

  private func begin() {
    books.withLock { books in
      books.callsAt.append(clock.trueNow)
      books.running += 1
      books.mostRunning = max(books.mostRunning, books.running)
    }
  }

  private func end() { books.withLock { $0.running -= 1 } }

  private func add(_ key: PostingKey, _ entry: JournalEntry, at moment: Moment) -> Receipt {
    books.withLock { books in
      if recognisesRepeats, let first = books.bookings.first(where: { $0.key == key }) {
        return Receipt(id: first.number, number: first.number)
      }
      let number = "\(books.bookings.count + 1)"
      books.bookings.append(Booking(key: key, at: moment, number: number, entry: entry))
      return Receipt(id: number, number: number)
    }
  }

  /// Calls it as an adapter does.
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    begin()
    defer { end() }
    let script = script.withLock { $0 }
    let latency = script.latency()
    var outcomes: [PostingKey: PostingOutcome] = [:]
    var hangs: (stubborn: Bool, Void)?
    for submission in batch {
      let key = submission.key
      let count = books.withLock { books in
        books.submissions[key, default: 0] += 1
        return books.submissions[key, default: 0]
      }
      let fault = script.fault(key, count)
      outcomes[key] = outcome(of: submission, fault)
      switch fault {
      case .bookAndHang: hangs = (stubborn: hangs?.stubborn ?? false, ())
      case .hangStubbornly: hangs = (stubborn: true, ())
      default: break
      }
    }
    if let hangs {
      let until = clock.now + FakeERP.hangs
      if hangs.stubborn {
        await clock.sleepStubbornly(until: until)
      } else {
        try? await clock.sleep(until: until)
      }
    } else {
      try? await clock.sleep(until: clock.now + latency)
    }
    return outcomes
  }

  private func outcome(of submission: Submission, _ fault: Fault?) -> PostingOutcome? {
    let (key, entry) = (submission.key, submission.entry)
    switch fault {
    case nil: return .posted(add(key, entry, at: clock.trueNow))
    case .loseAnswer, .bookAndHang:
      _ = add(key, entry, at: clock.trueNow)
      return .unknown(FakeERP.lost)
    case .loseRequest, .hangStubbornly: return .unknown(FakeERP.lost)
    case .bookLater(let delay):
      _ = add(key, entry, at: clock.trueNow + delay)
      return .unknown(FakeERP.lost)
    case .forget:
      _ = add(key, entry, at: clock.trueNow)
      return nil
    case .throttle(let scope, let after):
      return .retryLater(Postponement(FakeERP.busy, scope: scope, after: after))
    case .refuse(let rejectionClass):
      return .rejected(Rejection(rejectionClass, FakeERP.refused, erpCode: "E-17"))
    }
  }

  func find(_ key: PostingKey) async -> Finding {
    begin()
    defer { end() }
    let script = script.withLock { $0 }
    let count = books.withLock { books in
      books.lookUps[key, default: 0] += 1
      return books.lookUps[key, default: 0]
    }
    let fault = script.lookUpFault(key, count)
    try? await clock.sleep(
      until: clock.now + (fault == .hang ? FakeERP.hangs : script.latency()))
    if fault != nil { return .cannotTell(FakeERP.busy) }
    let now = clock.trueNow
    let found = books.withLock { books in
      books.bookings.filter { $0.key == key && $0.at <= now }
    }
    return Finding(
      found.map { FoundDocument(key: $0.key.text, id: $0.number, number: $0.number) }, for: key)
  }

  // MARK: Asynchronous

  /// Takes entries and decides on them after `delay`.
  func take(_ batch: [Submission], delay: Duration) async -> [PostingKey: PostingOutcome] {
    begin()
    defer { end() }
    try? await clock.sleep(until: clock.now + .milliseconds(20))
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for submission in batch {
      let due = clock.trueNow + delay
      books.withLock { $0.pending[submission.key] = (due, submission.entry) }
      outcomes[submission.key] = .submitted(Ticket("job-\(submission.key)"))
    }
    return outcomes
  }

  func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] {
    begin()
    defer { end() }
    try? await clock.sleep(until: clock.now + .milliseconds(20))
    let now = clock.trueNow
    let ready = books.withLock { books in
      books.polls += 1
      let ready = books.pending.filter { tickets[$0.key] != nil && $0.value.due <= now }
      for key in ready.keys { books.pending[key] = nil }
      return ready
    }
    let script = script.withLock { $0 }
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for (key, job) in ready {
      switch script.fault(key, 1) {
      case .refuse(let rejectionClass):
        outcomes[key] = .rejected(Rejection(rejectionClass, FakeERP.refused))
      case .throttle(let scope, let after):
        outcomes[key] = .retryLater(Postponement(FakeERP.busy, scope: scope, after: after))
      default: outcomes[key] = .posted(add(key, job.entry, at: now))
      }
    }
    return outcomes
  }

  private static let lost = Problem(
    code: "connection_reset", detail: "The connection broke", fix: "Look it up")
  private static let busy = Problem(code: "busy", detail: "The ERP is busy", fix: "Wait")
  static let refused = Problem(
    code: "refused", pointer: "/lines/2", detail: "The ERP does not know the account",
    fix: "Map the account")
}

/// An adapter whose ERP can be asked.
struct FindingAdapter: FindsPostings {
  let erp: FakeERP
  let descriptor: AdapterDescriptor

  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    await erp.submit(batch)
  }
  func find(_ key: PostingKey) async -> Finding { await erp.find(key) }
}

/// An adapter whose ERP can only be sent to.
struct SendingAdapter: ERPAdapter {
  let erp: FakeERP
  let descriptor: AdapterDescriptor

  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    await erp.submit(batch)
  }
}

/// An adapter whose ERP decides later.
struct PollingAdapter: PollsTickets {
  let erp: FakeERP
  let descriptor: AdapterDescriptor
  let delay: Duration

  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    await erp.take(batch, delay: delay)
  }
  func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] {
    await erp.poll(tickets)
  }
}

extension AdapterDescriptor {
  static func fake(
    batch: Int = 1, idempotency: Idempotency = .lookUpOnly,
    confirmation: Confirmation = .immediate, quietPeriod: Duration = .seconds(20),
    maximumLines: Int = 1_000
  ) -> AdapterDescriptor {
    AdapterDescriptor(
      name: "fake", summary: "In memory", maximumBatchSize: batch, batchIsAtomic: false,
      maximumLines: maximumLines, idempotency: idempotency, confirmation: confirmation,
      quietPeriod: quietPeriod, carriesFunctionalAmounts: true)
  }
}

/// An adapter that takes postings back by a function of its own, and keeps what it was given.
struct ReversingAdapter: FindsPostings, ReversesPostings {
  let erp: FakeERP
  let descriptor: AdapterDescriptor
  let taken = Taken()

  final class Taken: Sendable {
    private let state = Mutex<(orders: [ReversalOrder], documents: [SourceDocument])>(([], []))
    var orders: [ReversalOrder] { state.withLock { $0.orders } }
    var documents: [SourceDocument] { state.withLock { $0.documents } }
    func add(_ order: ReversalOrder) { state.withLock { $0.orders.append(order) } }
    func add(_ batch: [Submission]) {
      state.withLock { $0.documents += batch.compactMap(\.document) }
    }
  }

  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    taken.add(batch)
    return await erp.submit(batch)
  }
  func find(_ key: PostingKey) async -> Finding { await erp.find(key) }
  func reverse(_ order: ReversalOrder) async -> PostingOutcome {
    taken.add(order)
    let key = order.reversal.key
    return await erp.submit([order.reversal])[key] ?? .unknown(FakeERP.refused)
  }
}

/// An adapter whose ERP knows no customer but those that were created in it.
struct CreatingAdapter: FindsPostings, CreatesParties {
  let erp: FakeERP
  let descriptor: AdapterDescriptor
  /// What the ERP says to somebody new.
  var answer: @Sendable (Customer) -> PartyOutcome = { .created(code: $0.id) }
  let created = Created()

  final class Created: Sendable {
    private let state = Mutex<[String]>([])
    var customers: [String] { state.withLock { $0 } }
    func add(_ customer: Customer) { state.withLock { $0.append(customer.id) } }
  }

  func check() async -> [Problem] { [] }
  func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    let known = created.customers
    let (taken, refused) = (
      batch.filter { $0.entry.lines.allSatisfy { $0.party.map(known.contains) ?? true } },
      batch.filter { $0.entry.lines.contains { !($0.party.map(known.contains) ?? true) } }
    )
    var outcomes = taken.isEmpty ? [:] : await erp.submit(taken)
    for submission in refused {
      outcomes[submission.key] = .rejected(Rejection(.unknownParty, FakeERP.refused))
    }
    return outcomes
  }
  func find(_ key: PostingKey) async -> Finding { await erp.find(key) }
  func create(_ customer: Customer) async -> PartyOutcome {
    let outcome = answer(customer)
    if case .created = outcome { created.add(customer) }
    return outcome
  }
}
