/// What an ERP can do, as data.
public struct AdapterDescriptor: Hashable, Sendable {
  /// The name in `connections/<code>.yaml`: `generic-rest`.
  public var name: String
  /// One line for people.
  public var summary: String
  /// The most entries in one call.
  public var maximumBatchSize: Int
  /// Whether a batch is booked whole or not at all.
  public var batchIsAtomic: Bool
  /// The most lines in one entry.
  public var maximumLines: Int
  public var idempotency: Idempotency
  public var confirmation: Confirmation
  /// How long the far side may still be working after we gave up waiting.
  public var quietPeriod: Duration
  /// Whether lines may carry a functional amount beside the transaction amount.
  public var carriesFunctionalAmounts: Bool

  /// What the ERP does with a key that it has seen.
  public enum Idempotency: String, Hashable, Sendable, CaseIterable {
    /// Answers with the first result.
    case native
    /// Refuses, and says so.
    case refusing
    /// Replaces the first document.
    case overwriting
    /// Does not notice, but can be asked.
    case lookUpOnly
    /// Does not notice and cannot be asked.
    case none
  }

  /// When the ERP's word is final.
  public enum Confirmation: String, Hashable, Sendable, CaseIterable {
    /// The answer is the verdict.
    case immediate
    /// A later acknowledgement is.
    case acknowledged
    /// None ever comes: a posting stays submitted.
    case handOver
  }

  public init(
    name: String, summary: String, maximumBatchSize: Int, batchIsAtomic: Bool,
    maximumLines: Int, idempotency: Idempotency, confirmation: Confirmation,
    quietPeriod: Duration, carriesFunctionalAmounts: Bool
  ) {
    precondition(maximumBatchSize > 0 && maximumLines > 1, "a batch holds an entry of two lines")
    self.name = name
    self.summary = summary
    self.maximumBatchSize = maximumBatchSize
    self.batchIsAtomic = batchIsAtomic
    self.maximumLines = maximumLines
    self.idempotency = idempotency
    self.confirmation = confirmation
    self.quietPeriod = quietPeriod
    self.carriesFunctionalAmounts = carriesFunctionalAmounts
  }
}
