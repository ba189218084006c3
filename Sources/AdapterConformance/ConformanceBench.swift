public import AdapterKit
public import Ledger

/// Stands an adapter in front of an ERP that can be looked into and broken on purpose.
///
/// Each check gets a bench of its own.
public protocol ConformanceBench: Sendable {
  /// The adapter under test.
  var adapter: any ERPAdapter { get }
  /// The same adapter, with an address where nothing answers.
  var unreachable: any ERPAdapter { get }
  /// What the adapter was given and must not repeat to anybody else.
  var secrets: [String] { get }
  /// The functional currency of the books.
  var functionalCurrency: Currency { get }

  /// Every document that the books hold under a key.
  func booked(_ key: PostingKey) async throws -> [BookedPosting]

  /// The same for many keys at once; absent keys have none.
  func booked(_ keys: Set<PostingKey>) async throws -> [PostingKey: [BookedPosting]]

  /// Breaks the next submission; false where this ERP cannot be broken so.
  func arrange(_ fault: ConformanceFault) async throws -> Bool

  /// Why it cannot be broken so: a sentence for the certificate.
  func whyNot(_ fault: ConformanceFault) -> String

  /// Spoils the answer to the next submission; false where the bench cannot.
  func spoil(_ answer: BadAnswer) async throws -> Bool

  /// Why it cannot: a sentence for the certificate.
  func whyNot(_ answer: BadAnswer) -> String

  /// Keeps the next submission on its way while the sender hears nothing; false where the bench
  /// cannot.
  func holdBack() async throws -> Bool

  /// Lets what was held back arrive.
  func deliverLate() async throws

  /// Lets an ERP that decides later decide on what it has.
  func settle() async throws

  /// An entry that the ERP refuses for this reason, as its books stand; nil where there is none.
  func refused(_ reason: Rejection.Class) async throws -> Submission?

  /// Sets entries of this run apart from those of runs before it, in an ERP that keeps its books.
  var run: UInt64 { get }
}

extension ConformanceBench {
  public func refused(_ reason: Rejection.Class) async throws -> Submission? { nil }
  public func booked(
    _ keys: Set<PostingKey>
  ) async throws -> [PostingKey: [BookedPosting]] {
    var found: [PostingKey: [BookedPosting]] = [:]
    for key in keys { found[key] = try await booked(key) }
    return found
  }
  public func whyNot(_ fault: ConformanceFault) -> String { "The bench cannot \(fault)" }
  public func whyNot(_ answer: BadAnswer) -> String { "The bench cannot spoil answers" }
  public func spoil(_ answer: BadAnswer) async throws -> Bool { false }
  public func holdBack() async throws -> Bool { false }
  public func deliverLate() async throws {}
  public var run: UInt64 { 0 }

  /// A sample of this run.
  func plain(_ number: Int) -> Submission {
    ours(SampleEntry.plain(number, functionalCurrency))
  }

  func ours(_ submission: Submission) -> Submission { SampleEntry.inRun(run, submission) }
}

/// How a bench breaks the next submission.
public enum ConformanceFault: Hashable, Sendable {
  /// Booked, and the answer is lost.
  case loseAnswer
  /// The request is lost before anything is booked.
  case dropRequest
  /// Answered with bytes that are no answer, nothing booked.
  case garbleAnswer
  /// Refused for the moment, nothing booked.
  case throttle
  /// Refused for good, in these words.
  case refuse(text: String)
  /// Nothing booked, and this answer.
  case answer(status: Int, retryAfter: Int? = nil, body: String = "")
  /// Booked, and this status: a gateway gave up waiting.
  case bookThenAnswer(status: Int)
  /// The next look-up sees nothing, as one without rights does.
  case hide
  /// The next look-up gets this answer, whatever it asks.
  case answerLookUp(status: Int, body: String)
  /// Booked, and the verdict of an ERP that decides later never comes.
  case loseVerdict
}

extension ConformanceFault: CustomStringConvertible {
  /// What is done, after "cannot".
  public var description: String {
    switch self {
    case .loseAnswer: "lose an answer"
    case .dropRequest: "lose a request"
    case .garbleAnswer: "garble an answer"
    case .throttle: "have the ERP throttle"
    case .refuse: "have an entry refused"
    case .answer(let status, _, _): "answer \(status) by itself"
    case .bookThenAnswer(let status): "answer \(status) for the ERP"
    case .hide: "hide from a user what is booked"
    case .answerLookUp: "answer a look-up by itself"
    case .loseVerdict: "lose a verdict"
    }
  }
}
