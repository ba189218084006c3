import AdapterKit
import Ledger
import PostingEngine

/// What kind of ERP stands at a connection, and how it is reached.
package struct ERPProfile: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Answers a repeat with the first result.
    case native
    /// Refuses a repeat and names the first document.
    case refusing
    /// Books whatever comes, but can be asked; its index lags behind its books.
    case lookUp
    /// The same, and a batch is booked whole or not at all.
    case atomic
    /// Books whatever comes and cannot be asked.
    case blind
    /// Takes an entry and decides later; recognises repeats and can be asked.
    case ticketed
    /// Takes an entry and decides later; can only be asked by ticket.
    case ticketedBlind
    /// Takes files and says nothing more; recognises files it has seen.
    case fileDrop
  }

  var kind: Kind
  var callTimeout: Duration
  var quietPeriod: Duration
  var batchSize: Int
  var limits: ConnectionLimits
  /// Whether it takes back by a function of its own; only where it finds and does not poll.
  var reversesNatively = false
  /// Whether the refusal of a batch says which entry is at fault.
  var namesCulprit = true

  init(kind: Kind, using random: inout SimulationRandom) {
    self.kind = kind
    callTimeout = .seconds(random.pick([5, 30, 60]))
    quietPeriod = .seconds(random.pick([5, 20, 60]))
    batchSize = random.pick([1, 1, 3, 8])
    limits = ConnectionLimits(
      concurrency: random.number(1...4),
      perSecond: random.chance(40) ? random.number(1...9) : nil,
      perMinute: random.chance(15) ? random.number(20...200) : nil)
  }

  var finds: Bool {
    switch kind {
    case .native, .refusing, .lookUp, .atomic, .ticketed: true
    case .blind, .ticketedBlind, .fileDrop: false
    }
  }

  var polls: Bool { kind == .ticketed || kind == .ticketedBlind }

  /// Whether a key that is known is not booked again.
  var recognisesRepeats: Bool {
    switch kind {
    case .native, .refusing, .ticketed, .fileDrop: true
    case .lookUp, .atomic, .blind, .ticketedBlind: false
    }
  }

  /// Whether it books a batch entry by entry, so that a refused one may be booked in part.
  var mayBookRefusedBatches: Bool { batchSize > 1 && (kind == .lookUp || kind == .refusing) }

  private var idempotency: AdapterDescriptor.Idempotency {
    switch kind {
    case .native, .ticketed, .fileDrop: .native
    case .refusing: .refusing
    case .lookUp, .atomic: .lookUpOnly
    case .blind, .ticketedBlind: .none
    }
  }

  func descriptor(quietPeriod: Duration) -> AdapterDescriptor {
    AdapterDescriptor(
      name: kind.rawValue, summary: "Simulated", maximumBatchSize: batchSize,
      batchIsAtomic: kind == .atomic, maximumLines: 1_000, idempotency: idempotency,
      confirmation: polls ? .acknowledged : kind == .fileDrop ? .handOver : .immediate,
      quietPeriod: quietPeriod, carriesFunctionalAmounts: true)
  }

  /// The connection as the engine knows it.
  func connection(
    _ id: ConnectionID, quietPeriod: Duration, closedPeriods: ClosedPeriodPolicies
  ) -> EngineConnection {
    let descriptor = descriptor(quietPeriod: quietPeriod)
    let adapter: any ERPAdapter =
      switch (finds, polls) {
      case (false, false): SendingAdapter(descriptor: descriptor)
      case (true, false):
        reversesNatively
          ? ReversingAdapter(descriptor: descriptor) : FindingAdapter(descriptor: descriptor)
      case (false, true): PollingAdapter(descriptor: descriptor)
      case (true, true): FindingPollingAdapter(descriptor: descriptor)
      }
    return EngineConnection(
      id: id, adapter: adapter, limits: limits,
      policy: RetryPolicy(maximumLookUps: 6), callTimeout: callTimeout,
      closedPeriods: closedPeriods)
  }
}
