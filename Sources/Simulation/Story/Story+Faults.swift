import Ledger

extension Story {
  static func drawFaults(
    _ seed: UInt64, erps: [ERPProfile], workers: Int, within seconds: Int, span: Int
  ) -> [PlannedFault] {
    var random = SimulationRandom(seed, 3)
    // Some stories are quiet, so that what is rare is not drowned.
    let intensity = random.pick([0, 10, 25, 40, 60])
    var faults: [PlannedFault] = []
    func moment() -> Duration { random.milliseconds(0...seconds * 1_000) }
    for number in 1...160 where random.chance(intensity / 5) {
      faults.append(.dieAtCommit(number, random.pick(PlannedFault.Death.allCases)))
    }
    for worker in 1...workers {
      for _ in 0..<random.pick([0, 0, 1, 2]) where random.chance(2 * intensity) {
        faults.append(
          .die(worker: worker, at: moment(), for: random.milliseconds(100...200_000)))
      }
      for _ in 0..<random.pick([0, 0, 1, 2]) where random.chance(2 * intensity) {
        faults.append(.sleep(worker: worker, at: moment(), for: random.seconds(1...200)))
      }
    }
    if random.chance(15) {
      faults.append(.clockSet(at: moment(), by: random.seconds(-7_200...0)))
    }
    if random.chance(intensity / 4) {
      faults.append(.diskFull(at: moment(), for: random.seconds(1...200)))
    }
    for (index, erp) in erps.enumerated() {
      faults += drawFaults(
        of: erp, connection: index + 1, workers: workers, within: seconds, intensity: intensity,
        using: &random)
    }
    return faults + drawClocks(seed, workers: workers, within: seconds)
      + drawLateBookings(seed, erps: erps) + drawRefusedBatches(seed, erps: erps)
  }

  /// What goes wrong with one ERP.
  private static func drawFaults(
    of erp: ERPProfile, connection: Int, workers: Int, within seconds: Int, intensity: Int,
    using random: inout SimulationRandom
  ) -> [PlannedFault] {
    var faults: [PlannedFault] = []
    func moment() -> Duration { random.milliseconds(0...seconds * 1_000) }
    if random.chance(intensity / 2) {
      faults.append(
        .outage(connection: connection, at: moment(), for: random.seconds(1...600)))
    }
    if random.chance(intensity / 2) {
      faults.append(
        .periodClosed(connection: connection, at: moment(), for: random.seconds(1...900)))
    }
    if random.chance(10) {
      faults.append(
        .paused(connection: connection, at: moment(), for: random.seconds(1...300)))
    }
    for number in 1...60 where random.chance(intensity) {
      faults.append(
        .call(
          connection: connection, .submit, number: number,
          submitFault(on: erp, workers: workers, using: &random)))
    }
    for number in 1...40 where random.chance(intensity) {
      let fault: PlannedFault.CallFault = random.pick([
        .loseAnswer, .hang(percent: nil), .unreachable, .garbage(isBooked: false),
        .throttle(seconds: random.number(1...30)),
        .sleepBeforeSettling(seconds: random.number(1...300)), .repeatAnswer(milliseconds: 500),
      ])
      faults.append(.call(connection: connection, .find, number: number, fault))
    }
    guard erp.polls else { return faults }
    for number in 1...40 where random.chance(intensity / 2) {
      let fault: PlannedFault.CallFault = random.pick([
        .loseAnswer, .hang(percent: nil), .unreachable, .omit(random.number(0...2)),
        .sleepBeforeSettling(seconds: random.number(1...300)),
      ])
      faults.append(.call(connection: connection, .poll, number: number, fault))
    }
    return faults
  }

  /// Bookings that break the promise of the quiet period, in ERPs that can be asked.
  private static func drawLateBookings(_ seed: UInt64, erps: [ERPProfile]) -> [PlannedFault] {
    var random = SimulationRandom(seed, 12)
    var faults: [PlannedFault] = []
    for (index, erp) in erps.enumerated() where erp.finds && !erp.recognisesRepeats {
      for number in 1...30 where random.chance(4) {
        faults.append(
          .call(
            connection: index + 1, .submit, number: number,
            .bookTooLate(percent: random.number(150...500))))
      }
    }
    return faults
  }

  /// Batches that are refused after a part of them was booked.
  private static func drawRefusedBatches(_ seed: UInt64, erps: [ERPProfile]) -> [PlannedFault] {
    var random = SimulationRandom(seed, 13)
    var faults: [PlannedFault] = []
    for (index, erp) in erps.enumerated() where erp.mayBookRefusedBatches {
      for number in 1...40 where random.chance(10) {
        faults.append(
          .call(
            connection: index + 1, .submit, number: number, .bookThenRefuse(random.number(0...4))))
      }
    }
    return faults
  }

  /// Clocks that are set forward or back, together or one of them.
  private static func drawClocks(
    _ seed: UInt64, workers: Int, within seconds: Int
  ) -> [PlannedFault] {
    var random = SimulationRandom(seed, 8)
    func moment() -> Duration { random.milliseconds(0...seconds * 1_000) }
    func step() -> Duration {
      let limit = random.pick([30, 120, 7_200])
      return random.seconds(-limit...limit)
    }
    var faults: [PlannedFault] = []
    if random.chance(15) { faults.append(.clockSet(at: moment(), by: step())) }
    // A time service that cannot make up its mind: often enough to meet a doubt in the middle.
    if random.chance(10) {
      for _ in 1...20 { faults.append(.clockSet(at: moment(), by: random.seconds(60...600))) }
    }
    for worker in 1...workers where random.chance(20) {
      faults.append(.clockOff(worker: worker, at: moment(), by: step()))
    }
    return faults
  }

  private static func submitFault(
    on erp: ERPProfile, workers: Int, using random: inout SimulationRandom
  ) -> PlannedFault.CallFault {
    let entry = random.number(0...2)
    let percent = random.number(0...90)
    var choices: [PlannedFault.CallFault] = [
      .unreachable, .loseRequest, .loseAnswer, .loseAnswer, .bookLate(percent: percent),
      .hang(percent: percent), .hang(percent: nil), .omit(entry), .refuse(entry),
      .throttle(seconds: random.chance(50) ? random.number(1...120) : nil), .locked(entry),
      .garbage(isBooked: true), .garbage(isBooked: false),
      .sleepBeforeSending(seconds: random.number(1...300)),
      .sleepBeforeSettling(seconds: random.number(1...300)),
      .repeatAnswer(milliseconds: random.number(1...20_000)),
    ]
    if erp.kind != .atomic { choices.append(.partial(entry)) }
    if erp.recognisesRepeats { choices.append(.repeatRequest) }
    if erp.polls || erp.kind == .fileDrop { choices.append(.loseJob) }
    return random.pick(choices)
  }
}
