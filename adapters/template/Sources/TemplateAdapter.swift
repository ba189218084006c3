public import AdapterKit
public import HTTPTransport
public import Ledger

/// Posts journal entries into template.
public struct TemplateAdapter: FindsPostings {
  public static let name = "template"
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "company",
  ])

  private let url: String
  private let limits: SubmissionLimits
  private let http: any HTTPClient

  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    settings: AdapterSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment
  ) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    url = reader.value(or: "") { settings throws(Problem) in try settings.baseURL() }
    limits = SubmissionLimits(
      &reader, defaults: SubmissionLimits(batchSize: 1), largestBatch: 1)
    self.http = http
    try reader.finish(knownKeys: Self.knownKeys)
  }

  public var descriptor: AdapterDescriptor {
    AdapterDescriptor(
      name: Self.name, summary: "template", maximumBatchSize: 1, batchIsAtomic: false,
      maximumLines: limits.maximumLines, idempotency: .lookUpOnly, confirmation: .immediate,
      quietPeriod: limits.quietPeriod, carriesFunctionalAmounts: true)
  }

  public func check() async -> [Problem] { [] }

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for submission in batch {
      outcomes[submission.key] = .notSent(
        "Entry \(submission.key)", because: "this adapter is not written yet")
    }
    return outcomes
  }

  public func find(_ key: PostingKey) async -> Finding {
    .cannotTell(.lookUpUnclear("This adapter is not written yet"))
  }
}
