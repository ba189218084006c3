import Ledger
import PostingRules

/// Everything that one run is about: who hands what over when, and what goes wrong. Values only, so
/// that parts of it can be left out.
package struct Story: Sendable {
  /// Documents handed over in one request.
  package struct Arrival: Hashable, Sendable {
    var at: Duration
    var documents: [Document]
    /// The sender does not hear the answer, and sends again after this.
    var repeatsAfter: Duration?
  }

  package let seed: UInt64
  /// One for each entity and connection, numbered from 1.
  var erps: [ERPProfile]
  /// Processes that work on one store.
  var workers: Int
  package var arrivals: [Arrival]
  package var faults: [PlannedFault]
  /// When the rules are mended.
  var mendedAt: Duration
  /// When nothing goes wrong any more.
  var calmAt: Duration
  /// What is done about documents that are posted in part.
  var setCourse: SetCourse = .ask
  var setsLieApartFor: Duration = .zero
  /// What each entity wants done with entries of a period that its ERP holds closed.
  var closedPeriods: [EntityPolicies.ClosedPeriod] = []
  /// Documents that no ERP takes until the rules are mended.
  var poisoned: Set<DocumentIdentity> = []

  enum SetCourse: CaseIterable { case wait, ask, compensate }

  static let mostWorkers = 2

  /// How many documents are handed over.
  package var documentCount: Int { arrivals.reduce(0) { $0 + $1.documents.count } }
}

extension Story {
  /// The story that a seed means.
  package init(seed: UInt64) {
    var random = SimulationRandom(seed, 1)
    self.seed = seed
    erps = []
    for _ in 1...random.pick([1, 2, 2, 3]) {
      erps.append(ERPProfile(kind: random.pick(ERPProfile.Kind.allCases), using: &random))
    }
    workers = random.chance(45) ? 2 : 1
    let span = random.pick([10, 60, 600])
    mendedAt = .seconds(random.number(60...2_400))
    calmAt = .seconds(span + random.pick([60, 600, 3_000]))
    arrivals = []
    faults = []
    arrivals = Story.drawArrivals(seed, entities: erps.count, within: span)
    drawCourses()
    arrivals += drawSets(within: span)
    drawPoison()
    faults = Story.drawFaults(
      seed, erps: erps, workers: workers, within: Int(calmAt / .seconds(1)), span: span)
  }

  private static func drawArrivals(_ seed: UInt64, entities: Int, within span: Int) -> [Arrival] {
    var random = SimulationRandom(seed, 2)
    var documents = drawDocuments(entities: entities, using: &random)
    if random.chance(50) { documents.shuffle(using: &random) }
    var arrivals: [Arrival] = []
    var rest = documents[...]
    while !rest.isEmpty {
      let part = rest.prefix(random.pick([1, 1, 1, 2, 4]))
      rest = rest.dropFirst(part.count)
      arrivals.append(
        Arrival(
          at: random.milliseconds(0...span * 1_000), documents: Array(part),
          repeatsAfter: random.chance(20) ? random.seconds(1...span) : nil))
    }
    return arrivals
  }

  /// Invoices, and what follows each.
  private static func drawDocuments(
    entities: Int, using random: inout SimulationRandom
  ) -> [Document] {
    var documents: [Document] = []
    for number in 1...random.pick([1, 3, 6, 6, 10]) {
      let entity = random.number(1...entities)
      let customer = "C-\(random.number(1...3))"
      let id = "I-\(number)"
      let net = random.number(1...90) * 100
      documents.append(
        SimulatedDocuments.invoice(
          id, net, entity: entity, customer: customer,
          on: random.chance(8) ? SimulatedGroup.laterDay : SimulatedGroup.day,
          product: random.chance(8) ? SimulatedGroup.unmappedProduct : "P-1"))
      documents += drawFollowers(
        of: id, net, number: number, entity: entity, customer: customer, using: &random)
    }
    return documents
  }

  /// What settles, revises or contradicts an invoice.
  private static func drawFollowers(
    of id: String, _ net: Int, number: Int, entity: Int, customer: String,
    using random: inout SimulationRandom
  ) -> [Document] {
    var followers: [Document] = []
    if random.chance(40) {
      let part = random.chance(50) ? net : net / 2
      followers.append(
        SimulatedDocuments.payment(
          "P-\(number)", part, to: [(id, part)], entity: entity, customer: customer))
    }
    if random.chance(20) {
      followers.append(
        SimulatedDocuments.creditMemo(
          "M-\(number)", net / 4, to: id, entity: entity, customer: customer))
    }
    if random.chance(15) {
      followers.append(
        SimulatedDocuments.invoice(
          id, net + 100 * random.number(-1...5), revision: 2, entity: entity,
          customer: customer))
    }
    if random.chance(10) {
      // On account, and applied later.
      followers.append(
        SimulatedDocuments.payment(
          "U-\(number)", net / 4, to: [], entity: entity, customer: customer))
      followers.append(
        SimulatedDocuments.application(
          "A-\(number)", of: "U-\(number)", to: id, net / 4, entity: entity,
          customer: customer))
    }
    if random.chance(5) {
      // The same identity with other content.
      followers.append(
        SimulatedDocuments.invoice(id, net + 1, entity: entity, customer: customer))
    }
    if random.chance(4) {
      // What it settles never comes.
      followers.append(
        SimulatedDocuments.payment(
          "X-\(number)", net, to: [("I-none-\(number)", net)], entity: entity,
          customer: customer))
    }
    return followers
  }
}
