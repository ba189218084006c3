internal import AdapterKit
internal import Ledger
internal import PostingEngine

/// Every order of events that two workers, one posting and one ERP can go through, one event at a
/// time: the lifecycle itself is the engine's own, the rest is what workers and ERPs do around it.
package struct PostingModel: Sendable {
  /// A guarantee that is switched off.
  package enum Omission: String, CaseIterable, Sendable {
    case fencing, quietPeriod, lookUp, leaseBeforeSending
  }

  /// What the ERP can do.
  package enum ERP: String, CaseIterable, Sendable {
    case native, lookUp, blind, ticketed
  }

  let erp: ERP
  let omission: Omission?
  /// Steps from the start at most; nil for all there are.
  let depth: Int?

  package init(_ erp: ERP, without omission: Omission? = nil, depth: Int? = nil) {
    self.erp = erp
    self.omission = omission
    self.depth = depth
  }

  package struct Report: Sendable {
    package var states = 0
    package var steps = 0
    /// The longest way from the start to a state by the shortest way there.
    package var depth = 0
    /// The events that lead to a broken promise; nil when there is none.
    package var counterexample: [String]?
    package var broken: Violation.Promise?
  }

  // MARK: State

  /// A request that the ERP has, or may get.
  enum Request: Hashable {
    /// It may be worked on yet.
    case travelling
    case booked, refused, throttled, taken
    /// It never arrived.
    case vanished
  }

  enum Hold: Hashable {
    case idle
    /// `isCurrent`: nobody has claimed the posting since; `isLapsed`: the lease is over.
    case submitting(isCurrent: Bool, isLapsed: Bool, Request?)
    case finding(isCurrent: Bool)
    case polling(isCurrent: Bool)
  }

  struct Node: Hashable {
    var posting: StoredPosting
    var workers: [Hold]
    /// Requests whose sender is gone and that may be booked yet.
    var late: Int
    var bookings: Int
    /// nil without a job; else what is decided, nil so far.
    var job: Request??
    /// A person is asked.
    var isRaised: Bool

    var isQuiet: Bool {
      late == 0
        && !workers.contains {
          if case .submitting(_, _, .travelling?) = $0 { true } else { false }
        }
    }
  }

  // MARK: Exploration

  /// Goes through every state that can be reached.
  package func explore() -> Report {
    var report = Report()
    let start = Node(
      posting: PostingModel.fresh, workers: [.idle, .idle], late: 0, bookings: 0, job: nil,
      isRaised: false)
    var parents: [Node: (node: Node, event: String)] = [:]
    var seen: Set<Node> = [start]
    var predecessors: [Node: [Node]] = [:]
    var frontier = [start]
    func path(to node: Node) -> [String] {
      var events: [String] = []
      var node = node
      while let (parent, event) = parents[node] {
        events.append(event)
        node = parent
      }
      return events.reversed()
    }
    while !frontier.isEmpty, depth.map({ report.depth < $0 }) ?? true {
      var next: [Node] = []
      for node in frontier {
        for (event, after) in successors(of: node) {
          report.steps += 1
          predecessors[after, default: []].append(node)
          guard seen.insert(after).inserted else { continue }
          parents[after] = (node, event)
          if let promise = brokenPromise(in: after) {
            report.states = seen.count
            report.broken = promise
            report.counterexample = path(to: after)
            return report
          }
          next.append(after)
        }
      }
      if !next.isEmpty { report.depth += 1 }
      frontier = next
    }
    report.states = seen.count
    if depth == nil, let stuck = deadEnd(among: seen, predecessors) {
      report.broken = .settles
      report.counterexample = path(to: stuck)
    }
    return report
  }

  private func brokenPromise(in node: Node) -> Violation.Promise? {
    if node.bookings > 1 { return .nothingTwice }
    if node.posting.state == .posted, node.bookings == 0 { return .nothingSilent }
    let asksNobody = node.posting.notBefore == .never || node.posting.state == .rejected
    if asksNobody, node.posting.state != .posted, !node.isRaised { return .nothingSilent }
    return nil
  }

  /// A state from which the posting can never be posted; nil when there is none.
  private func deadEnd(among seen: Set<Node>, _ predecessors: [Node: [Node]]) -> Node? {
    var reached = seen.filter { $0.posting.state == .posted }
    var open = Array(reached)
    while let node = open.popLast() {
      for before in predecessors[node] ?? [] where reached.insert(before).inserted {
        open.append(before)
      }
    }
    return seen.first { !reached.contains($0) }
  }

  // MARK: The engine's own rules

  private static let now = Moment(milliseconds: 0)
  private static let policy = RetryPolicy()
  private static let receipt = Receipt(id: "1", number: "1")
  private static let problem = Problem(code: "model", detail: "Model", fix: "None")

  private static let fresh = StoredPosting(
    number: PostingNumber(1), entry: PostingKey(digest: [UInt8](repeating: 0, count: 16)),
    document: DocumentNumber(1), entity: LegalEntityID("E1"), connection: ConnectionID("erp"),
    state: .due, reason: nil, notBefore: nil, attemptCount: 0, isDoubtful: false, fence: 0,
    leasedUntil: nil, ticket: nil, receipt: nil)

  private var capabilities: PostingLifecycle.Capabilities {
    PostingLifecycle.Capabilities(
      finds: erp == .lookUp, recognisesRepeats: erp == .native, polls: erp == .ticketed,
      quietPeriod: .seconds(1))
  }

  /// Lets the lifecycle handle an event; what it asks for.
  private func handle(_ event: PostingLifecycle.Event, _ node: inout Node)
    -> PostingLifecycle.Action
  {
    var lifecycle = PostingLifecycle(node.posting)
    var random = SimulationRandom(1)
    let action = lifecycle.handle(
      event, at: PostingModel.now, capabilities: capabilities, policy: PostingModel.policy,
      random: &random)
    node.posting = lifecycle.posting
    switch action {
    case .raise: node.isRaised = true
    case .recordReceipt: node.isRaised = false
    default: break
    }
    return action
  }

  /// What is the same for the model is made equal: moments, counts, fences.
  private func normalised(_ node: Node) -> Node {
    var node = node
    if node.posting.fence != 0 {
      node.posting.fence = 0
    }
    node.posting.attemptCount = 1
    if node.posting.notBefore != .never { node.posting.notBefore = nil }
    if node.posting.leasedUntil != nil { node.posting.leasedUntil = PostingModel.now }
    // Neither worker is the first.
    if "\(node.workers[1])" < "\(node.workers[0])" { node.workers.swapAt(0, 1) }
    return node
  }

  // MARK: Events

  private func successors(of node: Node) -> [(String, Node)] {
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
    switch node.workers[worker] {
    case .idle:
      guard mayClaim(node) else { return }
      add("worker \(worker) claims") { after in claim(worker, &after) }
    case .submitting(let isCurrent, let isLapsed, nil):
      if !isLapsed || omission == .leaseBeforeSending {
        add("worker \(worker) sends") {
          $0.workers[worker] = .submitting(
            isCurrent: isCurrent, isLapsed: isLapsed, .travelling)
        }
      }
      add("worker \(worker) is gone") { $0.workers[worker] = .idle }
    case .submitting(let isCurrent, let isLapsed, .travelling?):
      for request in [Request.booked, .refused, .throttled, .vanished] {
        if request == .booked, erp == .ticketed {
          add("the ERP takes the request of worker \(worker)") { after in
            after.job = .some(.none)
            after.workers[worker] = .submitting(
              isCurrent: isCurrent, isLapsed: isLapsed, .taken)
          }
          continue
        }
        add("the request of worker \(worker) is \(request)") { after in
          if request == .booked { book(&after) }
          after.workers[worker] = .submitting(
            isCurrent: isCurrent, isLapsed: isLapsed, request)
        }
      }
      let end = settling(.answered(.unknown(PostingModel.problem)), isCurrent: isCurrent)
      add("worker \(worker) hears nothing") { after in
        after.late += 1
        after.workers[worker] = .idle
        end(&after)
      }
      add("worker \(worker) is gone, its request is not") { after in
        after.late += 1
        after.workers[worker] = .idle
      }
    case .submitting(let isCurrent, _, let request?):
      add("worker \(worker) is gone") { $0.workers[worker] = .idle }
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
    case .finding(let isCurrent):
      add("worker \(worker) is gone") { $0.workers[worker] = .idle }
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
    case .polling(let isCurrent):
      add("worker \(worker) is gone") { $0.workers[worker] = .idle }
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
