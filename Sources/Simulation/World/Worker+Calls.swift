import AdapterKit
import Digest
import Ledger
import PostingEngine

// Calls on the wire: what the ERP is sent, when it works, what comes back and when.

extension Worker {
  typealias CallFault = PlannedFault.CallFault

  func send(_ call: Delivery.Call, _ index: Int, number: Int, fault: CallFault?) {
    let erp = world.erps[lines[index].number - 1]
    let isDown = world.isActive { fault in
      if case .outage(erp.number, let at, let time) = fault { (at, time) } else { nil }
    }
    let fault = isDown ? .unreachable : fault
    var draw = SimulationRandom(world.story.seed, 6, erp.number, number)
    let timeout = lines[index].connection.callTimeout
    let slowest = Int(timeout / .milliseconds(1)) * 95 / 100
    let latency: Duration =
      draw.chance(6) ? draw.milliseconds(20...slowest) : draw.milliseconds(20...2_000)
    if case .sleepBeforeSettling(let seconds)? = fault {
      later(after: latency - .milliseconds(1)) { $0.sleep(for: .seconds(seconds)) }
    }
    switch call {
    case .submit(let claimed):
      submit(claimed, index, to: erp, latency: latency, timeout: timeout, fault: fault)
    case .reverse(let claimed, let original):
      if erp.bookings(of: original.key).allSatisfy({ $0.number != original.receipt.number }) {
        world.fail(
          .inOrder,
          "erp-\(erp.number) is asked to reverse \(original.receipt.number), which it "
            + "does not hold")
      }
      submit([claimed], index, to: erp, latency: latency, timeout: timeout, fault: fault)
    case .find(let claimed) where world.sabotage == .resendWithoutLookUp:
      later(after: .zero) { try $0.settle([(claimed, .found(.absent))], index, isLost: false) }
    case .find(let claimed):
      ask(index, latency: latency, timeout: timeout, fault: fault) {
        [(claimed, .found(erp.find(claimed.record.key)))]
      } unclear: {
        [(claimed, .found(.cannotTell(.lookUpUnclear("The look-up gave no answer"))))]
      }
    case .poll(let waiting):
      ask(index, latency: latency, timeout: timeout, fault: fault) {
        waiting.enumerated().map { position, claimed in
          let isOmitted = if case .omit(position)? = fault { true } else { false }
          let reply = isOmitted ? nil : claimed.posting.ticket.flatMap { erp.verdict(on: $0) }
          return (
            claimed,
            .polled(reply.map { SimulatedDialect.outcome(of: $0, about: claimed.record.key) })
          )
        }
      } unclear: {
        waiting.map { ($0, .polled(nil)) }
      }
    }
  }

  /// A question that changes nothing in the ERP.
  private func ask(
    _ index: Int, latency: Duration, timeout: Duration, fault: CallFault?,
    answer: @escaping () -> [(Delivery.Claimed, Delivery.Answer)],
    unclear: @escaping () -> [(Delivery.Claimed, Delivery.Answer)]
  ) {
    var isLost = false
    var isUnclear = false
    switch fault {
    case .hang: isLost = true
    case .loseAnswer, .unreachable, .garbage, .throttle: isUnclear = true
    default: break
    }
    guard !isLost, !isUnclear else {
      return later(after: isLost ? timeout : latency) { worker in
        try worker.settle(unclear(), index, isLost: isLost)
      }
    }
    let asked = world.now + latency / 2
    let answered = world.now + latency
    let box = Box()
    world.at(asked) { box.answers = answer() }
    at(answered) { worker in
      try worker.settle(box.answers, index, isLost: false)
      if case .repeatAnswer(let milliseconds)? = fault {
        worker.later(after: .milliseconds(milliseconds)) {
          try $0.settle(box.answers, index, isLost: false, isRepeat: true)
        }
      }
    }
  }

  private final class Box {
    var answers: [(Delivery.Claimed, Delivery.Answer)] = []
  }

  // MARK: Submission

  /// How a submission goes: when the ERP works on it, when its sender knows something.
  private struct Course {
    /// nil for never.
    var worksAfter: Duration?
    var answersAfter: Duration
    /// What every entry gets, whatever the ERP did; nil for the ERP's own replies.
    var blanket: ((PostingKey) -> PostingOutcome)?
    var isLost = false
    /// The position of an entry that the answer leaves out.
    var omitted: Int?
  }

  private func course(
    _ fault: CallFault?, latency: Duration, timeout: Duration, quietPeriod: Duration
  ) -> Course {
    var course = Course(worksAfter: latency * 7 / 10, answersAfter: latency)
    func broken(_ key: PostingKey) -> PostingOutcome {
      .answerLost("Entry \(key)", because: "the connection broke")
    }
    func late(_ percent: Int) -> Duration {
      quietPeriod * percent * Flight.lateness / 10_000
    }
    switch fault {
    case .unreachable:
      course.worksAfter = nil
      course.answersAfter = .milliseconds(10)
      course.blanket = { .notSent("Entry \($0)", because: "the connection was refused") }
    case .loseRequest:
      course.worksAfter = nil
      course.blanket = broken
    case .loseAnswer, .partial: course.blanket = broken
    case .bookLate(let percent):
      course.worksAfter = latency + late(percent)
      course.blanket = broken
    case .bookTooLate(let percent):
      course.worksAfter = latency + quietPeriod * percent / 100
      course.blanket = broken
    case .hang(let percent):
      course.worksAfter = percent.map { timeout + late($0) }
      course.answersAfter = timeout
      course.blanket = { .answerLost("Entry \($0)", because: "no answer within \(timeout)") }
      course.isLost = true
    case .throttle(let seconds):
      course.worksAfter = nil
      let answer = ERPAnswer(
        status: 429, text: "Too many requests", retryAfter: seconds.map { .seconds($0) })
      course.blanket = { SimulatedDialect.outcome(ofRequest: answer, about: $0) }
    case .garbage(let isBooked):
      if !isBooked { course.worksAfter = nil }
      let answer = ERPAnswer(status: 502, text: "Bad gateway")
      course.blanket = { SimulatedDialect.outcome(ofRequest: answer, about: $0) }
    case .omit(let position): course.omitted = position
    default: break
    }
    return course
  }

  private func submit(
    _ claimed: [Delivery.Claimed], _ index: Int, to erp: SimulatedERP, latency: Duration,
    timeout: Duration, fault: CallFault?
  ) {
    let batch = claimed.map { Submission(key: key(of: $0), entry: $0.record.entry) }
    let flight = Flight(to: erp, batch) { erp, batch in
      var refused: (position: Int, code: String)?
      var limit: Int?
      switch fault {
      case .refuse(let position)?: refused = (position, "invalid")
      case .locked(let position)?: refused = (position, "locked")
      case .partial(let count)?: limit = count
      case .bookThenRefuse(let count)? where batch.count > 1: limit = min(count, batch.count - 1)
      case .bookThenRefuse?: refused = (0, "invalid")
      default: break
      }
      let replies = erp.process(
        batch, refusing: refused, limit: limit, losingJobs: fault == .loseJob)
      return fault == .repeatRequest ? erp.process(batch) : replies
    }
    if case .bookTooLate? = fault { world.lateKeys.formUnion(batch.map(\.key)) }
    var course = course(
      fault, latency: latency, timeout: timeout, quietPeriod: erp.profile.quietPeriod)
    if case .bookThenRefuse? = fault, batch.count > 1 { course.blanket = refusedInBatch }
    flight.works(at: course.worksAfter.map { world.now + $0 }, in: world)
    flights.append(flight)
    later(after: course.answersAfter) { worker in
      worker.flights.removeAll { $0 === flight }
      let answers = claimed.enumerated().map { position, claimed in
        let key = claimed.record.key
        var outcome: PostingOutcome?
        if let blanket = course.blanket {
          outcome = blanket(key)
        } else if course.omitted != position, let replies = flight.replies,
          position < replies.count
        {
          outcome = SimulatedDialect.outcome(of: replies[position], about: key)
        }
        return (claimed, Delivery.Answer.submitted(outcome))
      }
      try worker.settle(answers, index, isLost: course.isLost)
      if case .repeatAnswer(let milliseconds)? = fault {
        worker.later(after: .milliseconds(milliseconds)) {
          try $0.settle(answers, index, isLost: false, isRepeat: true)
        }
      }
    }
  }

  /// What an entry comes to where its batch was refused as a whole and may be booked in part.
  private func refusedInBatch(_ key: PostingKey) -> PostingOutcome {
    let answer = ERPAnswer(status: 422, code: "invalid", text: "The batch is refused")
    let outcome = SimulatedDialect.outcome(ofRequest: answer, about: key)
    guard world.sabotage != .partsForgotten, case .rejected(let rejection) = outcome else {
      return outcome
    }
    return .inRefusedBatch(rejection)
  }

  private func key(of claimed: Delivery.Claimed) -> PostingKey {
    guard world.sabotage == .keyForgotten, claimed.attempt.number > 1 else {
      return claimed.record.key
    }
    let text = "\(claimed.record.key) \(claimed.attempt.number)"
    return PostingKey(digest: SHA256.hash(Array(text.utf8)).bytes)
  }
}
