import Foundation
import Ledger
import PosternConfiguration
import PostingEngine
import PostingRules
import SQLStore
import TestSupport
import Testing

/// What holds when every type of document is there: rules that do not change change nothing, and the
/// order of what is independent does not matter.
@Suite struct GeneratedStoryTests {
  private static let stories = 39

  private static func configuration(_ seed: Seed) throws -> LoadedConfiguration {
    var random = SeededGenerator(seed)
    var policies: [String: [AccountingCase.Policy]] = [:]
    for entity in GeneratedStories.entities {
      policies[entity] = [
        ("deferral", ["monthly", "daily"]),
        ("creditReshaping", ["byLine", "proportional", "deferredFirst"]),
        ("contractChange", ["prospective", "catchUp"]), ("revisions", ["whole", "difference"]),
        ("lostChargeback", ["loss", "claim"]), ("correctionRate", ["invoice", "day"]),
        ("deferralExceptions", ["[{ product: MILESTONE, method: milestone }]"]),
      ].compactMap { key, values in
        values.randomElement(using: &random).map { AccountingCase.Policy(key: key, value: $0) }
      }
    }
    let file = try String(
      contentsOfFile: Books.path + "/entities/US01.yaml", encoding: .utf8)
    return try Books.configuration(
      policies: policies,
      files: [
        "entities/US01.yaml": file + "ledgers: \(GeneratedStories.ledgers)\n",
        "rates/average.csv": GeneratedStories.rates,
        "intercompany.yaml": GeneratedStories.agreements,
      ])
  }

  private static func submit(
    _ documents: some Sequence<GeneratedMonth.Document>, to runner: CaseRunner
  ) throws {
    for document in documents {
      let verdict = try runner.submit(Array(document.json.utf8))
      #expect(
        verdict.kind == .accepted && verdict.waiting == nil,
        "\(document.json): \(verdict.exceptions.map(\.cause)) \(verdict.errors.map(\.detail))")
    }
  }

  /// The documents of stories, one story's in their order, in any order otherwise.
  private static func mixed(
    _ stories: [[GeneratedMonth.Document]], using random: inout SeededGenerator
  ) -> [GeneratedMonth.Document] {
    var rest = stories.filter { !$0.isEmpty }.map { $0[...] }
    var mixed: [GeneratedMonth.Document] = []
    while let place = rest.indices.randomElement(using: &random) {
      if let next = rest[place].popFirst() { mixed.append(next) }
      if rest[place].isEmpty { rest.remove(at: place) }
    }
    return mixed
  }

  private static func close(_ text: String, in runner: CaseRunner) throws {
    let month = try #require(FiscalPeriod(text))
    for entity in GeneratedStories.entities {
      let id = LegalEntityID(entity)
      for ledger in runner.ruleBook.entities[id]?.ledgers.map(\.name) ?? [] {
        let books = EntityPeriod(entity: id, period: month, ledger: ledger)
        try runner.carryOut(Recognition(runner.acceptance), books)
        try runner.carryOut(Revaluation(runner.acceptance), books)
      }
    }
  }

  private static func toldStories(
    _ seed: Seed, posting isPosted: Bool = false
  ) throws -> CaseRunner {
    let runner = try CaseRunner(configuration: configuration(seed))
    let stories = GeneratedStories(seed, stories: Self.stories)
    var random = SeededGenerator(seed)
    try submit(mixed(stories.first, using: &random), to: runner)
    if isPosted { try runner.postEverything() }
    try close("2026-01", in: runner)
    try submit(mixed(stories.second, using: &random), to: runner)
    try close("2026-02", in: runner)
    return runner
  }

  @Test(arguments: Seed.forThisRun.prefix(6), [false, true])
  func `subledgers equal their accounts in every ledger, and the same rules change nothing`(
    seed: Seed, isPosted: Bool
  ) async throws {
    let runner = try Self.toldStories(seed, posting: isPosted)
    let untied = try runner.untied()
    #expect(untied.isEmpty, "\(untied.joined(separator: "\n"))")
    var options = RulesTrial.Options()
    options.documentLimit = 5
    let result = try await RulesTrial(runner.acceptance, store: runner.store).run(options)
    #expect(result.looked > 100)
    #expect(
      result.changed == 0, "\(result.stopped) \(result.documents.map(\.document))")
  }

  @Test(arguments: Seed.forThisRun.prefix(6))
  func `any order of independent documents, of one customer too, gives the same balances`(
    seed: Seed
  ) throws {
    let stories = GeneratedStories(seed, stories: Self.stories)
    var random = SeededGenerator(seed)
    var expected: [String: [Int64]]?
    for _ in 0..<2 {
      let runner = try CaseRunner(configuration: Self.configuration(seed))
      for (month, part) in [("2026-01", stories.first), ("2026-02", stories.second)] {
        var rest = Self.mixed(part, using: &random)[...]
        while !rest.isEmpty {
          let batch = rest.prefix(Int.random(in: 1...15, using: &random))
          rest = rest.dropFirst(batch.count)
          try runner.submitTogether(batch.map { Array($0.json.utf8) })
        }
        try Self.close(month, in: runner)
      }
      for document in (stories.first + stories.second).joined().shuffled(using: &random) {
        #expect(try runner.submit(Array(document.json.utf8)).kind == .repeat)
      }
      let balances = try runner.balances()
      #expect(balances == expected ?? balances)
      expected = balances
    }
    #expect(expected?.isEmpty == false)
  }

  @Test(arguments: Seed.forThisRun.prefix(4))
  func `everything taken back leaves nothing on any account of any ledger`(seed: Seed) throws {
    let runner = try Self.toldStories(seed, posting: true)
    let left = try runner.takeEverythingBack()
    #expect(left.isEmpty, "\(left.joined(separator: "\n"))")
  }
}
