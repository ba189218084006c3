import Foundation
import Ledger
import PostingRules
import TestSupport
import Testing

@Suite struct RevenueScheduleTests {
  /// One line of `releases.csv`: method, total in minor units, currency, start, end, releases.
  struct Vector: Sendable, CustomTestStringConvertible {
    var text: String
    var fields: [String] { text.split(separator: ",").map(String.init) }
    var testDescription: String { text }

    /// Figures of the accounting treatment, sections 4.2 to 4.5, and of conventions it names.
    static let all: [Vector] = {
      let file =
        SharedData.repositoryRoot + "/Tests/PostingRulesTests/Schedules/releases.csv"
      return ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
        .split(separator: "\n").map { Vector(text: String($0)) }
    }()
  }

  @Test func `the figures are there`() { #expect(Vector.all.count == 30) }

  @Test(arguments: Vector.all)
  func `releases are those of the worked figures`(vector: Vector) throws {
    let fields = vector.fields
    let method = try #require(DeferralMethod(rawValue: fields[0]))
    let total = try #require(Int64(fields[1]))
    let service = try #require(
      DateRange(from: Sample.date(fields[3]), through: Sample.date(fields[4])))
    let schedule = try #require(
      RevenueSchedule(DeferredAmount(total, functional: total), over: service, by: method))
    #expect(schedule.releases.map { String($0.amount.amount) } == Array(fields[5...]))
    #expect(schedule.releases.map(\.amount.functional) == schedule.releases.map(\.amount.amount))
  }

  /// Section 10.4: EUR 1,000.00 at 1.1037 over three months.
  @Test func `functional releases are split from the functional total`() throws {
    let service = try #require(
      DateRange(from: Sample.date("2026-01-01"), through: Sample.date("2026-03-31")))
    let schedule = try #require(
      RevenueSchedule(
        DeferredAmount(100_000, functional: 110_370), over: service, by: .equalPerPeriod))
    #expect(schedule.releases.map(\.amount.amount) == [33_333, 33_334, 33_333])
    #expect(schedule.releases.map(\.amount.functional) == [36_790, 36_790, 36_790])
  }

  @Test func `milestones and usage have no months of their own`() throws {
    let service = try #require(
      DateRange(from: Sample.date("2026-01-01"), through: Sample.date("2026-03-31")))
    for method in [DeferralMethod.milestone, .usage] {
      let schedule = try #require(
        RevenueSchedule(DeferredAmount(5, functional: 6), over: service, by: method))
      #expect(schedule.releases.map(\.period) == [.unscheduled])
    }
  }

  @Test func `a service of more than a hundred years is none`() throws {
    let service = try #require(
      DateRange(from: Sample.date("0001-01-01"), through: Sample.date("9999-12-31")))
    #expect(RevenueSchedule(DeferredAmount(5), over: service, by: .daily) == nil)
  }

  @Test(arguments: Seed.forThisRun)
  func `releases sum to the total, mirror their opposite and never turn`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    for method in DeferralMethod.allCases {
      for rounding in Rounding.allCases {
        let from = CalendarDate(dayNumber: Int.random(in: 19_000...23_000, using: &random))
        let through = from.adding(days: Int.random(in: 0...1_500, using: &random))
        let service = try #require(DateRange(from: from, through: through))
        let size: Int64 = [9, 99_999, Money.maximumMinorUnits].randomElement(using: &random) ?? 9
        let total = DeferredAmount(
          Int64.random(in: 0...size, using: &random),
          functional: Int64.random(in: 0...size, using: &random))
        let schedule = try #require(
          RevenueSchedule(total, over: service, by: method, rounding: rounding))
        let mirror = try #require(
          RevenueSchedule(-total, over: service, by: method, rounding: rounding))
        #expect(schedule.releases.map(\.amount).sum == total)
        #expect(schedule.releases.map { -$0.amount } == mirror.releases.map(\.amount))
        #expect(schedule.releases.allSatisfy { $0.amount.amount >= 0 })
        #expect(schedule.releases.allSatisfy { $0.amount.functional >= 0 })
      }
    }
  }
}
