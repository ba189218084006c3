import AdapterConformance
import AdapterKit
import Ledger
import Synchronization

/// A small ERP with its adapter, right but for the defects it is given.
final class MemoryERP: ConformanceBench, Sendable {
  enum Defect: CaseIterable, Sendable {
    case booksTwice, forgetsAKey, losesCents, findsNothing, alwaysAbsent, guessesRejected
    case guessesPosted, callsRefusalUnknown, callsThrottlingRejected, callsUnreachableUnknown
    case repeatsSecrets, readsHalfTheBooks, complains
    case dropsALine, turnsASide, postsOnAnotherDay, cutsTheKey, swallowsARefusal, believes202
    case believesAnyAnswer, retriesBehindGateways, takesHiddenForAbsent, namesNoReason,
      cutsLongEntries
    case takesErrorsForAbsent
    case holdsUpTheBatch, reversesInWordsOnly, waitsForEver, refusesText
  }

  private struct State {
    var documents: [PostingKey: [BookedPosting]] = [:]
    var fault: ConformanceFault?
    var isHolding = false
    /// On its way still.
    var held: Submission?
  }

  private let state = Mutex(State())
  let defect: Defect?
  /// Whether it answers a repeat with the first result; else whatever comes is booked.
  let noticesRepeats: Bool
  let functionalCurrency: Currency
  let secrets = ["hunter2-hunter2"]

  init(_ defect: Defect?, _ currency: Currency, noticesRepeats: Bool = true) {
    self.defect = defect
    self.noticesRepeats = noticesRepeats
    functionalCurrency = currency
  }

  var adapter: any ERPAdapter { Adapter(erp: self, isReachable: true) }
  var unreachable: any ERPAdapter { Adapter(erp: self, isReachable: false) }

  func booked(_ key: PostingKey) -> [BookedPosting] {
    state.withLock { $0.documents[key] ?? [] }
  }

  func arrange(_ fault: ConformanceFault) -> Bool {
    state.withLock { $0.fault = fault }
    return true
  }

  func holdBack() -> Bool {
    state.withLock { $0.isHolding = true }
    return true
  }

  func deliverLate() {
    let held = state.withLock { state in
      defer { state.held = nil }
      return state.held
    }
    if let held { _ = book(held) }
  }

  /// Whether it is held back, and nobody hears of it.
  fileprivate func holds(_ submission: Submission) -> Bool {
    state.withLock { state in
      guard state.isHolding else { return false }
      state.isHolding = false
      state.held = submission
      return true
    }
  }

  func spoil(_ answer: BadAnswer) -> Bool {
    state.withLock { $0.fault = answer.isBooked ? .bookThenAnswer(status: 200) : .throttle }
    return true
  }

  func settle() {}

  private func cut(_ key: PostingKey) -> PostingKey {
    PostingKey(key.text.prefix(12) + "0000") ?? key
  }

  /// An entry on an account that these books do not have.
  func refused(_ reason: Rejection.Class) throws -> Submission? {
    guard reason == .unknownAccount else { return nil }
    let sample = SampleEntry.plain(999, functionalCurrency)
    let lines = sample.entry.lines.map { line in
      JournalLine(
        role: line.role, account: AccountCode("9999"), side: line.side, amount: line.amount,
        functionalAmount: line.functionalAmount, description: "", reason: line.reason)
    }
    return Submission(key: sample.key, entry: try JournalEntry(sample.entry.head, lines: lines))
  }

  fileprivate var all: [BookedPosting] {
    state.withLock { $0.documents.values.flatMap { $0 } }
  }

  fileprivate func takeFault() -> ConformanceFault? {
    state.withLock { state in
      defer { state.fault = nil }
      return state.fault
    }
  }

  /// The document, and whether it was there.
  fileprivate func book(_ submission: Submission) -> (BookedPosting, wasThere: Bool) {
    var lines = submission.entry.lines.map { line in
      let units = line.amount.minorUnits
      return BookedPosting.Line(
        account: line.account, side: defect == .turnsASide ? .debit : line.side,
        amount: Money(
          minorUnits: defect == .losesCents ? units / 100 * 100 : units, line.amount.currency))
    }
    if defect == .dropsALine { lines.removeLast() }
    if defect == .cutsLongEntries { lines = Array(lines.prefix(200)) }
    let day = submission.entry.head.postingDate
    let key = defect == .cutsTheKey ? cut(submission.key) : submission.key
    return state.withLock { state in
      let before = state.documents[key] ?? []
      if let document = before.first, noticesRepeats, defect != .booksTwice {
        return (document, true)
      }
      let document = BookedPosting(
        number: "N-\(submission.key)-\(before.count)", externalKey: submission.key.text,
        date: defect == .postsOnAnotherDay ? day.adding(days: 1) : day, lines: lines)
      state.documents[key] = before + [document]
      return (document, false)
    }
  }
}

private struct Adapter: FindsPostings, ReadsBooks {
  let erp: MemoryERP
  let isReachable: Bool

  var descriptor: AdapterDescriptor {
    AdapterDescriptor(
      name: "memory", summary: "Books in memory", maximumBatchSize: 10, batchIsAtomic: false,
      maximumLines: 2_000, idempotency: erp.noticesRepeats ? .native : .lookUpOnly,
      confirmation: .immediate, quietPeriod: .zero,
      carriesFunctionalAmounts: true)
  }

  private func problem(_ detail: String) -> Problem {
    Problem(
      code: "memory", detail: erp.defect == .repeatsSecrets ? "\(detail) \(erp.secrets)" : detail,
      fix: "Wait")
  }

  func check() -> [Problem] {
    isReachable && erp.defect != .complains ? [] : [problem("not there")]
  }

  func submit(_ batch: [Submission]) -> [PostingKey: PostingOutcome] {
    guard isReachable else {
      let outcome: PostingOutcome =
        erp.defect == .callsUnreachableUnknown
        ? .unknown(problem("not there"))
        : .retryLater(Postponement(problem("not there"), scope: .connection))
      return Dictionary(uniqueKeysWithValues: batch.map { ($0.key, outcome) })
    }
    var outcomes: [PostingKey: PostingOutcome] = [:]
    let fault = erp.takeFault()
    let isHeldUp =
      erp.defect == .holdsUpTheBatch && batch.count > 1
      && batch.contains { $0.entry.lines.contains { $0.account.code == "9999" } }
    for submission in batch {
      outcomes[submission.key] =
        isHeldUp ? .unknown(problem("held up")) : outcome(of: submission, fault)
    }
    if erp.defect == .forgetsAKey, batch.count > 1 { outcomes[batch[0].key] = nil }
    return outcomes
  }

  private func outcome(of submission: Submission, _ fault: ConformanceFault?) -> PostingOutcome {
    if erp.holds(submission) { return lost }
    switch fault {
    case nil: return posted(submission)
    case .loseAnswer?, .loseVerdict?:
      _ = erp.book(submission)
      return lost
    case .dropRequest?, .garbleAnswer?: return lost
    case .hide?, .answerLookUp?: return posted(submission)
    case .answer(let status, let retryAfter, _)?: return answered(status, retryAfter)
    case .bookThenAnswer(let status)?:
      _ = erp.book(submission)
      return answered(status, nil)
    case .throttle?:
      return erp.defect == .callsThrottlingRejected
        ? .rejected(Rejection(.validation, problem("slow down")))
        : .retryLater(Postponement(problem("slow down"), scope: .connection))
    case .refuse(let text)?:
      if erp.defect == .swallowsARefusal { return .posted(Receipt(id: "?", number: "?")) }
      guard erp.defect != .callsRefusalUnknown else { return .unknown(problem("refused")) }
      let kept = erp.defect == .repeatsSecrets ? text : text.replacing(erp.secrets[0], with: "…")
      return .rejected(Rejection(.periodClosed, problem("refused"), erpText: kept))
    }
  }

  private func answered(_ status: Int, _ retryAfter: Int?) -> PostingOutcome {
    let believed: PostingOutcome = .posted(Receipt(id: "?", number: "?"))
    let later: PostingOutcome = .retryLater(
      Postponement(problem("busy"), scope: .connection, after: .seconds(retryAfter ?? 1)))
    switch status {
    case 200: return erp.defect == .believesAnyAnswer ? believed : .unknown(problem("what?"))
    case 202: return erp.defect == .believes202 ? believed : .unknown(problem("accepted"))
    case 503:
      return retryAfter != nil && erp.defect != .waitsForEver ? later : .unknown(problem("busy"))
    default: return erp.defect == .retriesBehindGateways ? later : .unknown(problem("gateway"))
    }
  }

  private func posted(_ submission: Submission) -> PostingOutcome {
    if submission.entry.lines.contains(where: { $0.account.code == "9999" }) {
      let reason: Rejection.Class = erp.defect == .namesNoReason ? .validation : .unknownAccount
      return .rejected(Rejection(reason, problem("no such account")))
    }
    if erp.defect == .reversesInWordsOnly, submission.entry.head.reverses != nil {
      return .posted(Receipt(id: "?", number: "?"))
    }
    if erp.defect == .refusesText, !submission.entry.head.description.allSatisfy(\.isASCII) {
      return .rejected(Rejection(.validation, problem("strange letters")))
    }
    let (document, wasThere) = erp.book(submission)
    let receipt = Receipt(id: document.number, number: document.number)
    return wasThere ? .alreadyPosted(receipt) : .posted(receipt)
  }

  private var lost: PostingOutcome {
    switch erp.defect {
    case .guessesRejected: .rejected(Rejection(.validation, problem("no answer")))
    case .guessesPosted: .posted(Receipt(id: "?", number: "?"))
    default: .unknown(problem("no answer"))
    }
  }

  func find(_ key: PostingKey) -> Finding {
    guard isReachable else { return .cannotTell(problem("not there")) }
    switch erp.takeFault() {
    case .hide?:
      return erp.defect == .takesHiddenForAbsent ? .absent : .cannotTell(problem("no rights"))
    case .answerLookUp?:
      return erp.defect == .takesErrorsForAbsent ? .absent : .cannotTell(problem("what?"))
    default: break
    }
    if erp.defect == .alwaysAbsent { return .absent }
    if erp.defect == .findsNothing { return .cannotTell(problem("who knows")) }
    guard let document = erp.booked(key).first else { return .absent }
    return .found(Receipt(id: document.number, number: document.number))
  }

  func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) throws(Problem) {
    try consume(erp.defect == .readsHalfTheBooks ? [] : erp.all)
  }
}
