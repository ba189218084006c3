import AdapterKit
import Ledger

/// A submission under way: when the ERP works on it, and what it says.
final class Flight {
  let erp: SimulatedERP
  let batch: [Submission]
  /// nil before the ERP has worked on it.
  private(set) var replies: [WireReply]?
  private let process: (SimulatedERP, [Submission]) -> [WireReply]
  /// When the ERP works on it; nil when never.
  private var worksAt: Moment?
  private var isDone = false

  /// The part of the quiet period, in per cent, in which an ERP ends what nobody waits for any more;
  /// the rest is for its index.
  static let lateness = 45

  init(
    to erp: SimulatedERP, _ batch: [Submission],
    process: @escaping (SimulatedERP, [Submission]) -> [WireReply]
  ) {
    self.erp = erp
    self.batch = batch
    self.process = process
  }

  /// - Parameter moment: nil when the request is lost.
  func works(at moment: Moment?, in world: SimulatedWorld) {
    guard let moment else { return }
    if worksAt == nil { erp.expect(batch) }
    worksAt = moment
    world.at(moment) { [self] in
      guard worksAt == moment, !isDone else { return }
      isDone = true
      erp.forget(batch)
      replies = process(erp, batch)
    }
  }

  /// The sender is gone: what is not done is done within the quiet period.
  func abandon(in world: SimulatedWorld) {
    let end = world.now + erp.profile.quietPeriod * Flight.lateness / 100
    guard !isDone, let worksAt, worksAt > end else { return }
    works(at: end, in: world)
  }
}
