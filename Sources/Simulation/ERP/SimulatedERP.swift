import AdapterKit
import Ledger

/// An ERP with books of its own. It books what its kind says and nothing tells it what Postern thinks.
final class SimulatedERP {
  struct Booking {
    let key: PostingKey
    let entry: JournalEntry
    let number: String
    /// Seen by look-ups from here on.
    let visibleAt: Moment
  }

  private struct Job {
    let submission: Submission
    var verdict: WireReply?
    /// Nobody works on it any more.
    var isLost = false
  }

  /// What somebody finds who looks into the books and the queues.
  enum Standing: Hashable {
    case booked(String)
    /// It may still be booked.
    case pending
    case absent
  }

  let number: Int
  let profile: ERPProfile
  private(set) var books: [Booking] = []
  private var places: [PostingKey: [Int]] = [:]
  /// What somebody has taken back here by hand.
  private var voided: Set<String> = []
  /// How often a key was in a batch that was refused as a whole, since it was last sent alone.
  private var refusedBatches: [PostingKey: Int] = [:]
  private var jobs: [String: Job] = [:]
  private var jobByKey: [PostingKey: String] = [:]
  /// Requests under way that may book a key.
  private var underWay: [PostingKey: Int] = [:]
  private var random: SimulationRandom
  private unowned let world: SimulatedWorld

  init(_ number: Int, _ profile: ERPProfile, in world: SimulatedWorld) {
    self.number = number
    self.profile = profile
    self.world = world
    random = SimulationRandom(world.story.seed, 4, number)
  }

  /// The first that stands.
  func booking(of key: PostingKey) -> Booking? { bookings(of: key).first }

  /// What stands under a key: more than one where an attempt came through that was given up.
  func bookings(of key: PostingKey) -> [Booking] {
    (places[key] ?? []).map { books[$0] }.filter { !voided.contains($0.number) }
  }

  /// What stands.
  var standingBooks: [Booking] { books.filter { !voided.contains($0.number) } }

  /// Somebody takes a booking back by hand.
  func void(_ number: String) {
    voided.insert(number)
    world.log("somebody takes \(number) back in erp-\(self.number)")
  }

  /// A request is on its way.
  func expect(_ batch: [Submission]) {
    for submission in batch { underWay[submission.key, default: 0] += 1 }
  }

  /// A request has been worked on, or never will be.
  func forget(_ batch: [Submission]) {
    for submission in batch { underWay[submission.key, default: 1] -= 1 }
  }

  func standing(of key: PostingKey) -> Standing {
    if let booking = booking(of: key) { return .booked(booking.number) }
    if underWay[key, default: 0] > 0 { return .pending }
    if let ticket = jobByKey[key], let job = jobs[ticket], job.verdict == nil, !job.isLost {
      return .pending
    }
    return .absent
  }

  // MARK: What is posted

  /// Works on a request; one reply for each entry.
  ///
  /// - Parameters:
  ///   - refused: the position of an entry that is refused, with the code.
  ///   - limit: breaks down after so many entries.
  func process(
    _ batch: [Submission], refusing refused: (position: Int, code: String)? = nil,
    limit: Int? = nil, losingJobs: Bool = false
  ) -> [WireReply] {
    let objections = batch.indices.map { index -> ERPAnswer? in
      if known(batch[index].key) != nil { return nil }
      if let refused, refused.position % batch.count == index {
        return ERPAnswer(status: 422, code: refused.code, text: "Refused")
      }
      return profile.polls || profile.kind == .fileDrop ? nil : objection(to: batch[index])
    }
    if profile.kind == .atomic { countRefusals(of: batch, objections) }
    if profile.kind == .atomic, let first = objections.lazy.compactMap(\.self).first {
      let rest =
        profile.namesCulprit
        ? ERPAnswer(status: 422, code: "batch_rolled_back", text: "Rolled back") : first
      return objections.map { .refused($0 ?? rest) }
    }
    var replies: [WireReply] = []
    for (submission, objection) in zip(batch, objections).prefix(limit ?? batch.count) {
      if let objection {
        replies.append(.refused(objection))
      } else if profile.polls || profile.kind == .fileDrop {
        replies.append(enqueue(submission, isLost: losingJobs))
      } else {
        replies.append(book(submission))
      }
    }
    return replies
  }

  /// Why an entry is not booked at the moment.
  private func objection(to submission: Submission) -> ERPAnswer? {
    let head = submission.entry.head
    if world.story.poisoned.contains(head.source.document), !world.isMended {
      return ERPAnswer(status: 422, code: "unknown_account", text: "No such account")
    }
    guard head.period == FiscalPeriod(containing: SimulatedGroup.day) else { return nil }
    return world.isActive { fault in
      if case .periodClosed(number, let at, let time) = fault { (at, time) } else { nil }
    } ? ERPAnswer(status: 422, code: "closed_period", text: "The period is closed") : nil
  }

  /// An entry that is at fault is alone after as many refused batches as halving takes.
  private func countRefusals(of batch: [Submission], _ objections: [ERPAnswer?]) {
    for (submission, objection) in zip(batch, objections) {
      guard batch.count > 1, objection != nil else {
        refusedBatches[submission.key] = 0
        continue
      }
      refusedBatches[submission.key, default: 0] += 1
      let count = refusedBatches[submission.key, default: 0]
      let most = profile.batchSize.bitWidth - (profile.batchSize - 1).leadingZeroBitCount
      if count > most {
        world.fail(
          .settles,
          "\(submission.key) is in a refused batch for the \(count)th time, and halving takes "
            + "\(most)")
      }
    }
  }

  private func known(_ key: PostingKey) -> Booking? {
    profile.recognisesRepeats ? booking(of: key) : nil
  }

  private func book(_ submission: Submission) -> WireReply {
    if let known = known(submission.key) { return .booked(number: known.number, isRepeat: true) }
    let isSlow = profile.kind == .lookUp || profile.kind == .atomic
    let lag = isSlow ? random.number(0...40) : 0
    let booking = Booking(
      key: submission.key, entry: submission.entry, number: "\(number)-\(books.count + 1)",
      visibleAt: world.now + profile.quietPeriod * lag / 100)
    places[submission.key, default: []].append(books.count)
    books.append(booking)
    world.log("erp-\(number) books \(submission.key) as \(booking.number)")
    world.checkBooking(booking, in: self)
    return .booked(number: booking.number, isRepeat: false)
  }

  private func enqueue(_ submission: Submission, isLost: Bool) -> WireReply {
    if let known = known(submission.key) { return .booked(number: known.number, isRepeat: true) }
    if profile.recognisesRepeats, let ticket = jobByKey[submission.key],
      let job = jobs[ticket], job.verdict == nil, !job.isLost
    {
      return .job(ticket)
    }
    let ticket = "job-\(number)-\(jobs.count + 1)"
    jobs[ticket] = Job(submission: submission, isLost: isLost)
    jobByKey[submission.key] = ticket
    if !isLost {
      let delay = random.chance(4) ? random.seconds(600...7_200) : random.seconds(1...90)
      world.later(after: delay) { [weak self] in self?.decide(ticket) }
    }
    return .job(ticket)
  }

  private func decide(_ ticket: String) {
    guard var job = jobs[ticket] else { return }
    job.verdict = objection(to: job.submission).map { .refused($0) } ?? book(job.submission)
    jobs[ticket] = job
  }

  // MARK: What is asked

  func find(_ key: PostingKey) -> Finding {
    var found: [FoundDocument] = []
    let visible = bookings(of: key).filter { $0.visibleAt <= world.now }
    if !visible.isEmpty {
      found = visible.map { FoundDocument(key: $0.key.text, id: $0.number, number: $0.number) }
    } else if let ticket = jobByKey[key], let job = jobs[ticket], job.verdict == nil, !job.isLost {
      found = [FoundDocument(key: key.text, id: ticket, number: nil, isPosted: false)]
    }
    return Finding(found, for: key)
  }

  /// nil while nothing is decided.
  func verdict(on ticket: Ticket) -> WireReply? { jobs[ticket.text]?.verdict }
}
