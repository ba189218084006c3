import Ledger
import PostingRules

extension Story {
  /// What people have decided beforehand, and what their ERPs can do besides.
  mutating func drawCourses() {
    var random = SimulationRandom(seed, 9)
    setCourse = random.pick(SetCourse.allCases)
    setsLieApartFor = .seconds(random.pick([120, 900, 3_600]))
    closedPeriods = erps.map { _ in random.pick([.ask, .ask, .hold, .nextOpen]) }
    for index in erps.indices where erps[index].finds && !erps[index].polls {
      erps[index].reversesNatively = random.chance(30)
    }
    for index in erps.indices { erps[index].namesCulprit = random.chance(50) }
  }

  /// Documents with entries in two entities.
  func drawSets(within span: Int) -> [Arrival] {
    var random = SimulationRandom(seed, 10)
    guard erps.count > 1 else { return [] }
    return (0..<random.pick([0, 1, 1, 2])).map { number in
      let biller = random.number(1...erps.count)
      let deliverer = biller % erps.count + 1
      return Arrival(
        at: random.milliseconds(0...span * 1_000),
        documents: [
          SimulatedDocuments.invoice(
            "S-\(number + 1)", random.number(1...90) * 100, entity: biller,
            customer: "C-\(random.number(1...3))", deliveredBy: deliverer)
        ],
        repeatsAfter: random.chance(20) ? random.seconds(1...span) : nil)
    }
  }

  mutating func drawPoison() {
    var random = SimulationRandom(seed, 11)
    guard random.chance(30) else { return }
    let invoices = arrivals.flatMap(\.documents).filter { $0.identity.type == .invoice }
    for _ in 1...random.pick([1, 1, 2]) where !invoices.isEmpty {
      poisoned.insert(random.pick(invoices).identity)
    }
  }
}
