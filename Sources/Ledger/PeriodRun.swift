/// A month-end run of Postern itself: the document that owns the entries it makes.
///
/// What was there already when it ran is not made again, so a further run of the same period has a
/// higher number and holds only what came since.
public struct PeriodRun: Hashable, Sendable {
  public enum Verb: String, Hashable, Sendable, CaseIterable {
    case recognise, accrue, revalue, summarise
  }

  public var verb: Verb
  /// The accounting view: `primary`, or a parallel ledger.
  public var ledger: String
  public var period: FiscalPeriod
  /// Numbers the runs of one verb, entity, ledger and period from 1.
  public var number: Int

  public init(
    _ verb: Verb, ledger: String = EntryHead.primaryLedger, period: FiscalPeriod, number: Int = 1
  ) {
    self.verb = verb
    self.ledger = ledger
    self.period = period
    self.number = number
  }

  /// The source of documents that no billing system handed over.
  public static let source = "postern"

  /// `recognise:US01:primary:2026-03:1`
  public func identity(of entity: LegalEntityID) -> DocumentIdentity {
    DocumentIdentity(
      source: PeriodRun.source, type: .periodRun,
      id: "\(verb.rawValue):\(entity):\(ledger):\(period):\(number)")
  }
}

extension DocumentIdentity {
  /// Whether it is a run that made summaries.
  package var isSummary: Bool {
    source == PeriodRun.source && type == .periodRun
      && id.hasPrefix(PeriodRun.Verb.summarise.rawValue + ":")
  }
}
