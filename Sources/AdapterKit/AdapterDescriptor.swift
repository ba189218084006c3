public import Ledger

/// What an ERP can do, as data.
///
/// What an adapter leaves out has the value that promises least or limits nothing, as each says.
public struct AdapterDescriptor: Hashable, Sendable {
  /// The name in `connections/<code>.yaml`: `generic-rest`.
  public var name: String
  /// One line for people.
  public var summary: String
  /// What entries may be for; every kind unless it says less.
  public var entryKinds: Set<EntryKind> = Set(EntryKind.allCases)
  /// What goes out as the ERP's own invoice, credit memo or payment; the rest, and everything where
  /// it is empty, goes out as journal entries.
  public var nativeDocuments: Set<EntryKind> = []
  /// Whether submissions need their document and what it refers to, for a native document or a due
  /// date.
  public var wantsDocuments = false
  /// The most entries in one call.
  public var maximumBatchSize: Int
  /// Whether a batch is booked whole or not at all.
  public var batchIsAtomic: Bool
  /// The most lines in one entry.
  public var maximumLines: Int
  public var idempotency: Idempotency
  /// How long and how far the ERP remembers a key.
  public var keyMemory = KeyMemory()
  /// The ERP's field that holds our key.
  public var keyField = KeyField()
  public var confirmation: Confirmation
  /// How long the far side may still be working after we gave up waiting.
  public var quietPeriod: Duration
  /// What the ERP lets its callers do.
  public var rate = RatePlan()
  /// Whether lines may carry a functional amount beside the transaction amount.
  public var carriesFunctionalAmounts: Bool
  public var amounts = AmountLimits()
  public var taxMode = TaxMode.asSent
  public var reversal = ReversalStyle.oppositeEntry
  /// What a crash may leave behind in the ERP.
  public var debris = Debris.none

  /// What the ERP does with a key that it has seen.
  public enum Idempotency: String, Hashable, Sendable, CaseIterable {
    /// Answers with the first result.
    case native
    /// Refuses, and names what it holds.
    case refusing
    /// Replaces the first document.
    case overwriting
    /// Refuses, as the field is unique, and does not say whose the first document is: a look-up does.
    case uniqueKey
    /// Does not notice, but can be asked.
    case lookUpOnly
    /// Does not notice and cannot be asked.
    case none
  }

  /// How long and how far an ERP remembers a key.
  public struct KeyMemory: Hashable, Sendable {
    /// nil for as long as the document exists.
    public var lifetime: Duration?
    public var scope: Scope

    /// Within what a key is one.
    public enum Scope: String, Hashable, Sendable, CaseIterable {
      case connection, company, recordType, account
    }

    public init(lifetime: Duration? = nil, scope: Scope = .company) {
      self.lifetime = lifetime
      self.scope = scope
    }
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

  /// What becomes of the tax lines of an entry.
  public enum TaxMode: String, Hashable, Sendable, CaseIterable {
    /// Booked as sent.
    case asSent
    /// Booked as sent once the ERP has recomputed them within its tolerance.
    case checked
    /// Computed by the ERP from the tax codes: an amount may differ from ours.
    case computed
    /// The ERP's entries have no tax detail: tax is an amount on an account.
    case amountOnly
  }

  /// How an entry is taken back.
  public enum ReversalStyle: String, Hashable, Sendable, CaseIterable {
    /// By an opposite entry like any other.
    case oppositeEntry
    /// By a function of the ERP's own, which links the two, on a date of our choice.
    case native
    /// By a function of the ERP's own, on a date of its choice.
    case nativeUndated
  }

  /// What a crash between two steps may leave behind.
  public enum Debris: String, Hashable, Sendable, CaseIterable {
    case none
    /// An entry that is created and not yet posted; the adapter resumes or removes it.
    case drafts
    /// An entry that lacks some of its lines; the adapter completes or removes it.
    case halfFilledEntries
    /// A job or file of which nobody knows; the adapter finds it by the key.
    case jobs
  }

  /// Whether a batch that was refused as a whole may go again in parts at once: nothing of it was
  /// booked, or the ERP notices what it has. Otherwise each entry is looked up first.
  public var dividesRefusedBatches: Bool {
    batchIsAtomic || idempotency == .native || idempotency == .overwriting
  }

  /// A repeat of any age is answered with the first result.
  public var recognisesRepeats: Bool { idempotency == .native && keyMemory.lifetime == nil }

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
