package import AdapterKit
package import Ledger

/// One ERP connection as the engine runs it.
package struct EngineConnection: Sendable {
  package let id: ConnectionID
  package let adapter: any ERPAdapter
  package let limits: ConnectionLimits
  package let policy: RetryPolicy
  /// After this a call counts as lost, whatever the adapter does.
  package let callTimeout: Duration
  package let closedPeriods: ClosedPeriodPolicies
  /// Whether a customer that the ERP does not know is created there, as far as the adapter can.
  package let createsCustomers: Bool
  /// Takes the connection's secrets out of what is kept of its calls.
  package let redaction: SecretRedaction

  package static let defaultCallTimeout: Duration = .seconds(60)

  package init(
    id: ConnectionID, adapter: any ERPAdapter, limits: ConnectionLimits = ConnectionLimits(),
    policy: RetryPolicy = RetryPolicy(),
    callTimeout: Duration = EngineConnection.defaultCallTimeout,
    closedPeriods: ClosedPeriodPolicies = ClosedPeriodPolicies(), createsCustomers: Bool = false,
    redaction: SecretRedaction = SecretRedaction([])
  ) {
    self.closedPeriods = closedPeriods
    self.createsCustomers = createsCustomers
    self.redaction = redaction
    self.id = id
    self.adapter = adapter
    self.limits = limits
    self.policy = policy
    self.callTimeout = callTimeout
  }

  /// How much longer than a call its claim holds.
  private static let leaseMargin: Duration = .seconds(30)

  /// Whether the call's claims are still held, and would be to its end; else the process has slept
  /// since it claimed, and somebody may have looked the postings up meanwhile and found nothing. The
  /// fence tells that whatever the clock was set to.
  ///
  /// - Parameter watch: has known the claims since they were made; nil trusts the clock.
  package func maySend(
    _ call: Delivery.Call, at now: Moment, watch: DoubtWatch? = nil, in queries: any PostingQueries
  ) throws -> Bool {
    let isQuestion =
      switch call {
      case .find, .poll: true
      case .submit, .reverse: false
      }
    return try call.claimed.allSatisfy { claimed in
      let posting = claimed.posting
      guard let lease = posting.leasedUntil, now + callTimeout <= lease else { return false }
      if !isQuestion, watch?.hasKnown(posting, for: EngineConnection.leaseMargin) ?? false {
        return false
      }
      let current = try queries.posting(claimed.posting.number)
      return current?.fence == claimed.posting.fence && current?.leasedUntil != nil
    }
  }

  package var delivery: Delivery {
    let descriptor = adapter.descriptor
    return Delivery(
      connection: id,
      capabilities: PostingLifecycle.Capabilities(
        finds: adapter.capabilities.contains(.findsPostings),
        recognisesRepeats: descriptor.recognisesRepeats,
        polls: adapter.capabilities.contains(.pollsTickets)
          && descriptor.confirmation == .acknowledged,
        quietPeriod: descriptor.quietPeriod,
        readsPeriods: adapter.capabilities.contains(.readsPeriods)), policy: policy,
      lease: callTimeout + EngineConnection.leaseMargin, descriptor: descriptor,
      reversesNatively: adapter.capabilities.contains(.reversesPostings),
      closedPeriods: closedPeriods,
      createsCustomers: createsCustomers && adapter.capabilities.contains(.createsParties))
  }
}
