internal import AdapterKit
internal import Ledger
internal import PostingEngine

// What workers, the ERP, time and people may do next.

extension PostingModel {
  func successors(of node: Node) -> [(String, Node)] {
    var result: [(String, Node)] = []
    func add(_ event: String, _ change: (inout Node) -> Void) {
      var after = node
      change(&after)
      result.append((event, normalised(after)))
    }
    for worker in node.workers.indices { addSteps(of: worker, in: node, add) }
    if node.posting.leasedUntil != nil {
      add("the lease lapses") { after in
        for index in after.workers.indices {
          if case .submitting(true, _, let request) = after.workers[index] {
            after.workers[index] = .submitting(isCurrent: true, isLapsed: true, request)
          }
        }
        _ = handle(.lapsed, &after)
      }
    }
    if node.late > 0 {
      add("a late request is booked") { after in
        after.late -= 1
        book(&after)
      }
      add("a late request vanishes") { $0.late -= 1 }
    }
    if case .some(.none) = node.job {
      add("the job is booked") { after in
        book(&after)
        after.job = .some(.booked)
      }
      add("the job is refused") { $0.job = .some(.refused) }
      add("the job is lost") { $0.job = .some(.vanished) }
    }
    addDecisions(in: node, add)
    return result
  }

  private typealias Add = (String, (inout Node) -> Void) -> Void

  private func book(_ node: inout Node) {
    if erp == .native, node.bookings > 0 { return }
    node.bookings += 1
  }

  private func mayClaim(_ node: Node) -> Bool {
    guard node.posting.leasedUntil == nil, node.posting.notBefore != .never else { return false }
    switch node.posting.state {
    case .due, .submitted: return true
    case .waiting: return node.posting.reason == .backoff
    case .unknown: return node.isQuiet || omission == .quietPeriod
    default: return false
    }
  }

  private func addSteps(of worker: Int, in node: Node, _ add: Add) {
    let hold = node.workers[worker]
    if hold == .idle {
      if mayClaim(node) { add("worker \(worker) claims") { after in claim(worker, &after) } }
      return
    }
    add("worker \(worker) is gone") { after in
      if case .submitting(_, _, .travelling?) = hold { after.late += 1 }
      after.workers[worker] = .idle
    }
    switch hold {
    case .idle: break
    case .submitting(let isCurrent, let isLapsed, nil):
      guard !isLapsed || omission == .leaseBeforeSending else { return }
      add("worker \(worker) sends") {
        $0.workers[worker] = .submitting(isCurrent: isCurrent, isLapsed: isLapsed, .travelling)
      }
    case .submitting(let isCurrent, let isLapsed, .travelling?):
      addArrivals(of: worker, isCurrent: isCurrent, isLapsed: isLapsed, add)
    case .submitting(let isCurrent, _, let request?):
      addAnswers(to: worker, about: request, isCurrent: isCurrent, add)
    case .finding(let isCurrent): addFindings(of: worker, isCurrent: isCurrent, in: node, add)
    case .polling(let isCurrent): addPoll(of: worker, isCurrent: isCurrent, in: node, add)
    }
  }

  /// What becomes of a request on its way.
  private func addArrivals(of worker: Int, isCurrent: Bool, isLapsed: Bool, _ add: Add) {
    for request in [Request.booked, .refused, .throttled, .vanished] {
      if request == .booked, erp == .ticketed {
        add("the ERP takes the request of worker \(worker)") { after in
          after.job = .some(.none)
          after.workers[worker] = .submitting(isCurrent: isCurrent, isLapsed: isLapsed, .taken)
        }
        continue
      }
      add("the request of worker \(worker) is \(request)") { after in
        if request == .booked { book(&after) }
        after.workers[worker] = .submitting(isCurrent: isCurrent, isLapsed: isLapsed, request)
      }
    }
    let end = settling(.answered(.unknown(PostingModel.problem)), isCurrent: isCurrent)
    add("worker \(worker) hears nothing") { after in
      after.late += 1
      after.workers[worker] = .idle
      end(&after)
    }
  }

  /// What a worker hears of a request that is decided: the truth, no clear word, or none.
  private func addAnswers(
    to worker: Int, about request: Request, isCurrent: Bool, _ add: Add
  ) {
    var outcomes: [PostingOutcome?] = [.unknown(PostingModel.problem), nil]
    switch request {
    case .booked: outcomes.append(.posted(PostingModel.receipt))
    case .taken: outcomes.append(.submitted(Ticket("job")))
    case .refused: outcomes.append(.rejected(Rejection(.validation, PostingModel.problem)))
    case .throttled:
      outcomes.append(.retryLater(Postponement(PostingModel.problem, scope: .entry)))
    case .vanished, .travelling: break
    }
    for outcome in outcomes {
      let end = settling(.answered(outcome), isCurrent: isCurrent)
      add("worker \(worker) hears \(outcome.map { "\($0)".prefix(10) } ?? "no word")") { after in
        after.workers[worker] = .idle
        end(&after)
      }
    }
  }

  private func addFindings(of worker: Int, isCurrent: Bool, in node: Node, _ add: Add) {
    let finding: Finding =
      omission == .lookUp || node.bookings == 0 ? .absent : .found(PostingModel.receipt)
    let unclear = Finding.cannotTell(PostingModel.problem)
    for (text, event) in [
      ("looks", PostingLifecycle.Event.looked(finding, lookUp: 1)),
      ("cannot tell", .looked(unclear, lookUp: 1)),
      ("gives up looking", .looked(unclear, lookUp: PostingModel.policy.maximumLookUps)),
    ] {
      let end = settling(event, isCurrent: isCurrent)
      add("worker \(worker) \(text)") { after in
        after.workers[worker] = .idle
        end(&after)
      }
    }
  }

  private func addPoll(of worker: Int, isCurrent: Bool, in node: Node, _ add: Add) {
    var outcome: PostingOutcome?
    switch node.job {
    case .some(.booked): outcome = .posted(PostingModel.receipt)
    case .some(.refused): outcome = .rejected(Rejection(.validation, PostingModel.problem))
    default: break
    }
    let end = settling(.polled(outcome, isOverdue: false), isCurrent: isCurrent)
    add("worker \(worker) polls") { after in
      after.workers[worker] = .idle
      end(&after)
      // Nobody will ever decide: after the time limit a person is asked.
      if case .some(.vanished) = node.job, after.posting.state == .submitted {
        after.isRaised = true
      }
    }
  }

  private func claim(_ worker: Int, _ node: inout Node) {
    let fence = node.posting.fence
    let action = handle(.claimed(leasedUntil: PostingModel.now + .seconds(60)), &node)
    if node.posting.fence != fence {
      for index in node.workers.indices { node.workers[index] = outdated(node.workers[index]) }
    }
    switch action {
    case .submit: node.workers[worker] = .submitting(isCurrent: true, isLapsed: false, nil)
    case .find: node.workers[worker] = .finding(isCurrent: true)
    case .poll: node.workers[worker] = .polling(isCurrent: true)
    case .raise, .wait, .recordReceipt: break
    }
  }

  private func outdated(_ hold: Hold) -> Hold {
    switch hold {
    case .idle: .idle
    case .submitting(_, _, let request):
      .submitting(isCurrent: false, isLapsed: true, request)
    case .finding: .finding(isCurrent: false)
    case .polling: .polling(isCurrent: false)
    }
  }

  /// Records an answer, if it still counts.
  private func settling(
    _ event: PostingLifecycle.Event, isCurrent: Bool
  ) -> (inout Node) -> Void {
    { node in
      var claimed = node.posting
      claimed.fence = isCurrent || omission == .fencing ? node.posting.fence : -1
      guard node.posting.takesAnswer(of: claimed) else { return }
      _ = handle(event, &node)
    }
  }

  /// What a person does who is asked, and looks.
  private func addDecisions(in node: Node, _ add: Add) {
    guard node.isRaised, node.posting.state != .posted else { return }
    if node.posting.state == .rejected {
      add("a person retries") { after in
        after.posting.state = .due
        after.posting.notBefore = nil
        after.isRaised = false
      }
    }
    let isDecided = if case .some(.none) = node.job { false } else { true }
    guard node.isQuiet, isDecided,
      [.rejected, .unknown, .submitted].contains(node.posting.state)
    else { return }
    if node.bookings > 0 {
      add("a person enters the number") { after in
        after.posting.state = .posted
        after.posting.notBefore = nil
        after.posting.isDoubtful = false
        after.posting.receipt = PostingModel.receipt
        after.posting.leasedUntil = nil
        after.isRaised = false
        after.workers = after.workers.map(outdated)
      }
    } else if node.posting.state != .rejected || node.posting.isDoubtful {
      add("a person declares it absent") { after in
        after.posting.state = .due
        after.posting.notBefore = nil
        after.posting.reason = nil
        after.posting.isDoubtful = false
        after.posting.ticket = nil
        after.posting.leasedUntil = nil
        after.isRaised = false
        after.workers = after.workers.map(outdated)
      }
    }
  }
}
