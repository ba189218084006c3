import AdapterKit
import Ledger

/// One thing that every adapter must do.
public struct ConformanceCheck: Sendable, CustomStringConvertible {
  public enum Result: Hashable, Sendable {
    case passed
    /// What was seen instead.
    case failed([String])
    /// Why it says nothing about this adapter.
    case notApplicable(String)

    /// Empty unless failed.
    public var faults: [String] {
      if case .failed(let faults) = self { faults } else { [] }
    }
  }

  /// What passing it is needed for.
  public let level: CertificateLevel
  /// A sentence about the adapter.
  public let name: String
  private let body: @Sendable (any ConformanceBench, inout Findings) async throws -> Void

  init(
    _ level: CertificateLevel, _ name: String,
    _ body: @escaping @Sendable (any ConformanceBench, inout Findings) async throws -> Void
  ) {
    self.level = level
    self.name = name
    self.body = body
  }

  public var description: String { name }

  /// - Throws: what the bench throws.
  public func run(on bench: any ConformanceBench) async throws -> Result {
    var findings = Findings()
    do {
      try await body(bench, &findings)
    } catch let reason as NotApplicable {
      return .notApplicable(reason.text)
    }
    return findings.faults.isEmpty ? .passed : .failed(findings.faults)
  }

  public static let all: [ConformanceCheck] = booking + faults + gateways + badAnswers + content
}

/// Why a check says nothing about an adapter: a bench throws it where its ERP cannot be looked into.
public struct NotApplicable: Error {
  let text: String

  public init(text: String) { self.text = text }
}

/// What a check saw that should not be.
struct Findings {
  private(set) var faults: [String] = []

  mutating func expect(_ holds: Bool, _ fault: @autoclosure () -> String) {
    if !holds { faults.append(fault()) }
  }
}

extension ConformanceBench {
  /// The outcomes of a batch, once the ERP has decided.
  func outcomes(of batch: [Submission]) async throws -> [PostingKey: PostingOutcome] {
    var outcomes = await adapter.submit(batch)
    var tickets: [PostingKey: Ticket] = [:]
    for (key, outcome) in outcomes {
      if case .submitted(let ticket) = outcome { tickets[key] = ticket }
    }
    guard !tickets.isEmpty, let polling = adapter.ticketPoller else { return outcomes }
    try await settle()
    outcomes.merge(await polling.poll(tickets)) { _, verdict in verdict }
    return outcomes
  }

  func outcome(of submission: Submission) async throws -> PostingOutcome? {
    try await outcomes(of: [submission])[submission.key]
  }

  /// An entry that the ERP refuses as its books stand; nil where none is known.
  func anyRefused() async throws -> Submission? {
    for reason in Rejection.Class.allCases {
      if let submission = try await refused(reason) { return submission }
    }
    return nil
  }

  /// - Throws: ``NotApplicable`` where this ERP cannot be broken so.
  func require(_ fault: ConformanceFault) async throws {
    guard try await arrange(fault) else {
      throw NotApplicable(text: whyNot(fault))
    }
  }
}

extension PostingOutcome? {
  var receipt: Receipt? {
    switch self {
    case .posted(let receipt), .alreadyPosted(let receipt): receipt
    case .submitted, .rejected, .retryLater, .unknown, nil: nil
    }
  }

  /// A word for a fault; unlike a description it shows nothing of the content.
  var word: String {
    switch self {
    case .posted: "posted"
    case .alreadyPosted: "alreadyPosted"
    case .submitted: "submitted"
    case .rejected: "rejected"
    case .retryLater: "retryLater"
    case .unknown: "unknown"
    case nil: "no outcome"
    }
  }
}
