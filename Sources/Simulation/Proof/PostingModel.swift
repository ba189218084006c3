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

  static let now = Moment(milliseconds: 0)
  static let policy = RetryPolicy()
  static let receipt = Receipt(id: "1", number: "1")
  static let problem = Problem(code: "model", detail: "Model", fix: "None")

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
  func handle(_ event: PostingLifecycle.Event, _ node: inout Node)
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
  func normalised(_ node: Node) -> Node {
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
}
