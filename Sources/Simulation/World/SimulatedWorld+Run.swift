import Ledger
import PostingEngine

extension SimulatedWorld {
  /// How often the person looks at the list.
  private static let shift = 120...900
  /// How often it is asked whether everything has settled, and how often at most.
  private static let patience: (step: Duration, steps: Int) = (.seconds(900), 120)
  private static let rounds = 8

  /// Plays the story to its end and checks every promise.
  func play() {
    for worker in workers { at(now) { worker.start() } }
    for arrival in story.arrivals { schedule(arrival) }
    for fault in story.faults { schedule(fault) }
    later(after: story.mendedAt) { [unowned self] in mend() }
    var random = SimulationRandom(story.seed, 7)
    work(after: random.seconds(SimulatedWorld.shift), random)
    run(until: SimulatedGroup.start + story.calmAt)
    run(until: max(now, SimulatedGroup.start + story.mendedAt))
    log("nothing goes wrong any more")
    guard settle() else { return end() }
    check(isLast: false)
    for _ in 0..<SimulatedWorld.rounds where violation == nil {
      if sabotage != .lateSuccessIgnored { reconcile() }
      if openExceptions.isEmpty { break }
      operate(diligence: 100, using: &random)
      guard settle() else { return end() }
    }
    check(isLast: true)
    replay()
    end()
  }

  /// The person's next look, until nothing goes wrong any more.
  private func work(after wait: Duration, _ random: SimulationRandom) {
    later(after: wait) { [unowned self] in
      guard !isCalm else { return }
      var random = random
      operate(diligence: 70, using: &random)
      let next = random.seconds(SimulatedWorld.shift)
      work(after: next, random)
    }
  }

  private func schedule(_ fault: PlannedFault) {
    func start(_ at: Duration, _ happen: @escaping () -> Void) {
      later(after: at) { [unowned self] in if !isCalm { happen() } }
    }
    switch fault {
    case .die(let number, let at, let time):
      start(at) { [unowned self] in workers[number - 1].die(for: time) }
    case .sleep(let number, let at, let time):
      start(at) { [unowned self] in workers[number - 1].sleep(for: time) }
    case .clockSet(let at, let by):
      start(at) { [unowned self] in for worker in workers { worker.setClock(by: by) } }
    case .clockOff(let number, let at, let by):
      start(at) { [unowned self] in workers[number - 1].setClock(by: by) }
    case .paused(let connection, let at, let time):
      start(at) { [unowned self] in pause(connection, detail: "by a person") }
      later(after: at + time) { [unowned self] in pause(connection, detail: nil) }
    case .dieAtCommit, .call, .diskFull, .outage, .periodClosed: break
    }
  }

  // MARK: Settling

  /// Lets time pass until nothing happens by itself any more.
  private func settle() -> Bool {
    var open = ""
    for _ in 0..<SimulatedWorld.patience.steps {
      run(until: now + SimulatedWorld.patience.step)
      guard violation == nil else { return false }
      guard let still = unsettled() else { return violation == nil }
      open = still
    }
    fail(.settles, open)
    return false
  }

  /// What is still going on; nil when everything has settled.
  private func unsettled() -> String? {
    if unanswered > 0 { return "\(unanswered) requests are not answered" }
    if !isMended { return "The rules are not mended" }
    let result = queries { queries -> String? in
      if try queries.anyDocumentWaits() { return "A document waits" }
      for posting in try allPostings(in: queries) {
        let name = "Posting \(posting.number.value) of erp \(posting.connection)"
        switch posting.state {
        case .due, .sending: return "\(name) is \(posting.state)"
        case .waiting:
          guard posting.reason == .order else {
            return "\(name) waits for \(posting.reason as Any)"
          }
        case .unknown:
          if erp(of: posting.connection).standing(of: posting.entry) == .pending {
            return "\(name) is in the ERP's queue"
          }
          if try queries.openExceptions(of: posting.number).isEmpty || posting.notBefore != .never {
            return "\(name) is unknown"
          }
        case .submitted:
          let erp = erp(of: posting.connection)
          let standing = erp.standing(of: posting.entry)
          if standing == .pending { return "\(name) is in the ERP's queue" }
          if erp.profile.polls, standing != .absent { return "\(name) is booked and not polled" }
          if try queries.openExceptions(of: posting.number).isEmpty {
            return "\(name) has no verdict, and nobody was told"
          }
        case .posted:
          if let again = posting.notBefore, again != .never {
            return "\(name) is looked up once more"
          }
        case .rejected, .cancelled, .reversed: break
        }
      }
      return nil
    }
    return result ?? nil
  }

  func allPostings(in queries: any PostingQueries) throws -> [StoredPosting] {
    var filter = ListFilter()
    filter.limit = ListFilter.maximumLimit
    return try queries.postings(filter)
  }

  // MARK: Replay

  /// Hands everything over once more: nothing changes.
  private func replay() {
    guard violation == nil else { return }
    let before = standing()
    for arrival in story.arrivals {
      let desk = workers[0]
      var verdicts: [Verdict] = []
      guard desk.perform({ verdicts = try desk.accept(arrival.documents) }) else {
        return fail(.replayIsNoOp, "Replay ended the process")
      }
      for (document, verdict) in zip(arrival.documents, verdicts) {
        if verdict.kind != .repeat, verdict.kind != .conflict {
          fail(.replayIsNoOp, "\(document.storyName) handed over again is \(verdict.kind)")
        }
        hear(verdict, of: document)
      }
    }
    guard settle() else { return }
    let after = standing()
    if before != after {
      fail(.replayIsNoOp, "Replay changed \(before) to \(after)")
    }
  }

  /// What a replay leaves as it is.
  private struct Standing: Hashable {
    var booked: [Int]
    var counts: [String]
    var attempts: Int
  }

  private func standing() -> Standing {
    var standing = Standing(booked: erps.map(\.books.count), counts: [], attempts: 0)
    queries { queries in
      standing.counts = try queries.counts().map {
        "\($0.kind.rawValue) \($0.entity) \($0.state) \($0.count)"
      }.sorted()
      standing.attempts = try allPostings(in: queries).reduce(0) { $0 + $1.attemptCount }
    }
    return standing
  }
}
