import Ledger
import PostingRules
import TestSupport
import Testing

@Suite struct ScheduleAmendmentTests {
  static func schedule(
    _ total: DeferredAmount, _ from: String, _ through: String, _ method: DeferralMethod = .daily
  ) throws -> Schedule {
    let service = try #require(
      DateRange(from: Sample.date(from), through: Sample.date(through)))
    let account = ScheduleAccount(
      role: .deferredRevenue, account: AccountCode("deferred"), dimensions: [:],
      reason: AccountReason(table: "t", row: 1, because: ""))
    let currency = try Sample.currency("USD")
    let plan = try #require(RevenueSchedule(total, over: service, by: method))
    return Schedule(
      number: ScheduleNumber(1), document: Sample.identity(.invoice, "I"), reference: "I",
      revision: 1, documentDate: service.from,
      terms: ScheduleTerms(
        entity: Sample.entity, ledger: "primary", line: "1", product: "P", customer: nil,
        contract: nil, method: method, service: service, usage: nil, currency: currency,
        functionalCurrency: currency, rate: nil, deferred: account, recognised: account,
        description: ""),
      months: plan.releases.map { ScheduleMonth($0.period, planned: $0.amount) })
  }

  /// Releases the months that end on or before a day.
  static func released(_ schedule: Schedule, through day: String) throws -> Schedule {
    var copy = schedule
    let day = try Sample.date(day)
    for index in copy.months.indices where copy.months[index].period.lastDay <= day {
      copy.months[index].released = copy.months[index].planned
    }
    return copy
  }

  /// Section 6.4: 90.00 for January to March, 45.00 credited on 1 February.
  @Test(
    arguments: [
      (CreditReshaping.proportional, false, 1_550 as Int64, [1_400, 1_550] as [Int64]),
      (.byLine, false, 1_550, [1_400, 1_550]), (.deferredFirst, true, 0, [664, 736]),
      (.ownPeriod, true, 0, [1_400, 0]), (.byLine, true, 0, [1_400, 0]),
    ], [true, false])
  func `a credit takes its policy's share of what is deferred`(
    expected: (
      policy: CreditReshaping, namesPeriod: Bool, fromRevenue: Int64, left: [Int64]
    ), isReleased: Bool
  ) throws {
    var schedule = try Self.schedule(
      DeferredAmount(9_000, functional: 9_900), "2026-01-01", "2026-03-31")
    // Whether January's run came before or after the memo makes no difference.
    if isReleased { schedule = try Self.released(schedule, through: "2026-01-31") }
    let period = DateRange(
      from: try Sample.date("2026-02-15"), through: try Sample.date("2026-03-31"))
    let amendment = try #require(
      schedule.credited(
        4_500, over: expected.namesPeriod ? period : nil, expected.policy,
        on: Sample.date("2026-02-01"), rounding: .halfAwayFromZero))
    let after = schedule.applying(amendment.movements)
    #expect(amendment.fromRevenue.amount == expected.fromRevenue)
    #expect(amendment.fromDeferred.amount == 4_500 - expected.fromRevenue)
    #expect(after.months.dropFirst().map(\.unreleased.amount) == expected.left)
    #expect(after.planned == DeferredAmount(4_500, functional: 4_950))
    #expect(after.months[0].unreleased == schedule.months[0].unreleased)
  }

  @Test func `a credit beyond what the line is worth is refused`() throws {
    let schedule = try Self.released(
      Self.schedule(DeferredAmount(9_000, functional: 9_000), "2026-01-01", "2026-03-31"),
      through: "2026-01-31")
    let day = try Sample.date("2026-02-01")
    func credited(_ schedule: Schedule, _ amount: Int64) -> ScheduleAmendment? {
      schedule.credited(
        amount, over: nil, .proportional, on: day, rounding: .halfAwayFromZero)
    }
    #expect(credited(schedule, 9_001) == nil)
    let half = schedule.applying(try #require(credited(schedule, 4_500)).movements)
    #expect(credited(half, 4_501) == nil)
    let none = half.applying(try #require(credited(half, 4_500)).movements)
    #expect(none.planned == .zero)
    #expect(none.deferred == .zero)
  }

  /// Section 16.5: 600.00 left on 1 July, spread over 18 months together with 900.00 more.
  @Test func `what is left is spread over an extension`() throws {
    let first = try Self.released(
      Self.schedule(
        DeferredAmount(120_000, functional: 120_000), "2026-01-01", "2026-12-31",
        .equalPerPeriod), through: "2026-06-30")
    let term = try #require(
      DateRange(from: Sample.date("2026-07-01"), through: Sample.date("2027-12-31")))
    let amendment = try #require(
      first.respread(
        over: term, from: Sample.date("2026-07-01"), .prospective, rounding: .halfAwayFromZero))
    let after = first.applying(amendment.movements)
    #expect(after.planned == first.planned)
    #expect(amendment.recognised == .zero)
    let months = after.months.filter { $0.period.firstDay >= term.from }
    #expect(months.count == 18)
    #expect(months.prefix(3).map(\.planned.amount) == [3_333, 3_334, 3_333])
    #expect(months.map(\.planned.amount).reduce(0, +) == 60_000)
  }

  @Test func `a pause leaves the months between empty`() throws {
    let schedule = try Self.schedule(
      DeferredAmount(36_500, functional: 36_500), "2026-01-01", "2026-12-31")
    let rest = try #require(
      DateRange(from: Sample.date("2026-09-01"), through: Sample.date("2027-02-14")))
    let amendment = try #require(
      schedule.respread(
        over: rest, from: Sample.date("2026-07-16"), .prospective, rounding: .halfAwayFromZero))
    let after = schedule.applying(amendment.movements)
    let july = try #require(after.months.first { $0.period.text == "2026-07" })
    #expect(july.planned.amount == 1_500)
    #expect(
      after.months.first { $0.period.text == "2026-08" }?.planned == DeferredAmount.zero)
    #expect(after.planned == schedule.planned)
  }

  @Test func `a catch-up makes it as if it had always been so`() throws {
    let schedule = try Self.released(
      Self.schedule(
        DeferredAmount(120_000, functional: 120_000), "2026-01-01", "2026-12-31", .monthly),
      through: "2026-06-30")
    let longer = try #require(
      DateRange(from: Sample.date("2026-07-01"), through: Sample.date("2027-12-31")))
    let amendment = try #require(
      schedule.respread(
        over: longer, from: Sample.date("2026-07-01"), .catchUp, rounding: .halfAwayFromZero))
    #expect(amendment.recognised.amount == -30_000)
    let after = schedule.applying(amendment.movements)
    #expect(after.released.amount == 30_000)
    #expect(after.months.allSatisfy { $0.planned.amount == 5_000 })
    #expect(after.planned == schedule.planned)
  }

  @Test func `an early end recognises what is left`() throws {
    let schedule = try Self.schedule(
      DeferredAmount(120_000, functional: 120_000), "2026-01-01", "2026-12-31", .monthly)
    let amendment = schedule.ended(on: try Sample.date("2026-10-01"))
    #expect(amendment.recognised.amount == 30_000)
    #expect(schedule.applying(amendment.movements).deferred.amount == 90_000)
  }

  @Test func `milestones recognise what is reached, and no more than the whole`() throws {
    var schedule = try Self.schedule(
      DeferredAmount(100_000, functional: 110_000), "2026-01-01", "2026-12-31", .milestone)
    let march = FiscalPeriod(containing: try Sample.date("2026-03-10"))
    for (reached, step) in [(30_000, 30_000), (70_000, 40_000), (100_000, 30_000)]
      as [(Int64, Int64)]
    {
      let amendment = try #require(
        schedule.reached(reached, in: march, rounding: .halfAwayFromZero))
      #expect(amendment.recognised.amount == step)
      schedule = schedule.applying(amendment.movements)
    }
    #expect(schedule.deferred == .zero)
    #expect(schedule.reached(100_001, in: march, rounding: .halfAwayFromZero) == nil)
    #expect(schedule.reached(99_999, in: march, rounding: .halfAwayFromZero) == nil)
  }

  @Test(arguments: Seed.forThisRun)
  func `whatever amends a schedule, its sums hold and nothing turns negative`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    let method =
      DeferralMethod.allCases.filter(\.isByTime).randomElement(using: &random) ?? .daily
    let total = Int64.random(in: 1...50_000, using: &random)
    let first = CalendarDate(dayNumber: Int.random(in: 20_000...20_400, using: &random))
    let through = first.adding(days: Int.random(in: 0...700, using: &random))
    var schedule = try Self.schedule(
      DeferredAmount(total, functional: Int64.random(in: 1...99_999, using: &random)),
      first.text, through.text, method)
    var credited: Int64 = 0
    var cancelled: Int64 = 0
    var day = first
    for _ in 0..<12 {
      day = day.adding(days: Int.random(in: 0...60, using: &random))
      if Bool.random(using: &random) {
        for index in schedule.months.indices where schedule.months[index].period.lastDay < day {
          schedule.months[index].released = schedule.months[index].planned
        }
      }
      let range = DateRange(
        from: day, through: day.adding(days: Int.random(in: 0...300, using: &random)))
      let amount = Int64.random(in: 1...9_999, using: &random)
      var amendment: ScheduleAmendment?
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        amendment = schedule.credited(
          amount, over: Bool.random(using: &random) ? range : nil,
          CreditReshaping.allCases.randomElement(using: &random) ?? .byLine, on: day,
          rounding: .halfAwayFromZero)
        if let amendment {
          credited += amount
          #expect(amendment.fromDeferred.amount + amendment.fromRevenue.amount == amount)
        }
      case 2:
        amendment = schedule.cancelled(amount, on: day, rounding: .halfAwayFromZero)
        if amendment != nil { cancelled += amount }
      default:
        amendment = try schedule.respread(
          over: #require(range), from: day, .prospective, rounding: .halfAwayFromZero)
      }
      guard let amendment else { continue }
      schedule = schedule.applying(amendment.movements)
      #expect(schedule.planned.amount == total - credited - cancelled)
      #expect(schedule.months.allSatisfy { $0.planned.amount >= 0 && $0.unreleased.amount >= 0 })
      #expect(schedule.deferred.amount >= 0)
      if schedule.planned.amount == 0 { #expect(schedule.planned.functional == 0) }
    }
  }
}
