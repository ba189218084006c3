import AdapterConformance
import AdapterKit
import Ledger
import Testing

/// The checks pass what is right and catch what is wrong.
@Suite struct ConformanceCheckTests {
  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  @Test(arguments: ConformanceCheck.all)
  func `an adapter without defects passes`(check: ConformanceCheck) async throws {
    #expect(try await check.run(on: MemoryERP(nil, euro)) == .passed)
  }

  @Test(arguments: [
    (MemoryERP.Defect.booksTwice, "books once when sent twice"),
    (.forgetsAKey, "gives every entry of a batch an outcome"),
    (.losesCents, "keeps cents, zero amounts and every decimal"),
    (.findsNothing, "finds what it booked, and nothing else"),
    (.alwaysAbsent, "calls a lost answer unknown, and finds the posting"),
    (.guessesRejected, "never calls a lost request posted or rejected"),
    (.guessesPosted, "calls an answer that is none unknown"),
    (.callsRefusalUnknown, "tells rejected from unknown"),
    (.callsThrottlingRejected, "comes back later when the ERP throttles"),
    (.callsUnreachableUnknown, "comes back later when nothing was sent"),
    (.repeatsSecrets, "hides secrets, also when the ERP repeats them"),
    (.readsHalfTheBooks, "reads back what it booked"),
    (.complains, "takes the connection for good when it is"),
    (.dropsALine, "keeps cents, zero amounts and every decimal"),
    (.turnsASide, "keeps cents, zero amounts and every decimal"),
    (.postsOnAnotherDay, "keeps cents, zero amounts and every decimal"),
    (.cutsTheKey, "gives every entry of a batch an outcome"),
    (.swallowsARefusal, "tells rejected from unknown"),
    (.believes202, "does not call accepted posted"),
    (.believesAnyAnswer, "takes no other answer for a posting"),
    (.retriesBehindGateways, "never guesses from a gateway's status"),
    (.retriesBehindGateways, "finds what was booked behind a gateway that gave up"),
    (.takesHiddenForAbsent, "does not take what it may not see for absent"),
    (.namesNoReason, "names the reason of each refusal"),
    (.cutsLongEntries, "books a thousand lines as one entry, or as many as it takes"),
    (.holdsUpTheBatch, "does not let one bad entry hold up a batch"),
    (.reversesInWordsOnly, "takes a posting back by its opposite"),
    (.booksTwice, "does not send a lost entry twice"),
    (.waitsForEver, "comes back later when the ERP says when"),
    (.refusesText, "books text in any script"),
  ])
  func `each defect is caught by its check`(
    defect: MemoryERP.Defect, name: String
  ) async throws {
    let check = try #require(ConformanceCheck.all.first { $0.name == name })
    let result = try await check.run(on: MemoryERP(defect, euro))
    #expect(!result.faults.isEmpty)
  }

  @Test func `every check has a defect that it catches`() async throws {
    var silent: [String] = []
    for check in ConformanceCheck.all {
      var catches = false
      for defect in MemoryERP.Defect.allCases {
        let result = try await check.run(on: MemoryERP(defect, euro))
        if !result.faults.isEmpty { catches = true }
      }
      if !catches { silent.append(check.name) }
    }
    #expect(silent.isEmpty)
  }

  private func certificate(_ defect: MemoryERP.Defect?, runs: Int = 200) async throws -> Certificate
  {
    try await Certificate.examine(
      "memory", level: .gold, faultRuns: FaultRuns(count: runs, seed: 42)
    ) { MemoryERP(defect, euro) }
  }

  @Test func `an adapter without defects gets gold`() async throws {
    let certificate = try await certificate(nil)
    #expect(certificate.level == .gold, "\(certificate.markdown)")
  }

  @Test(arguments: MemoryERP.Defect.allCases)
  func `no liar gets gold`(defect: MemoryERP.Defect) async throws {
    #expect(try await certificate(defect, runs: 20).level != .gold)
  }

  @Test(arguments: [
    MemoryERP.Defect.alwaysAbsent, .guessesPosted, .guessesRejected, .losesCents,
    .retriesBehindGateways, .swallowsARefusal,
  ])
  func `runs with faults at random catch what books twice, loses or changes`(
    defect: MemoryERP.Defect
  ) async throws {
    let erp = MemoryERP(defect, euro, noticesRepeats: false)
    #expect(try await !FaultRuns(count: 300, seed: 7).run(on: erp).faults.isEmpty)
  }

  @Test(arguments: [true, false])
  func `runs with faults at random find nothing in what is right`(
    noticesRepeats: Bool
  ) async throws {
    let erp = MemoryERP(nil, euro, noticesRepeats: noticesRepeats)
    #expect(try await FaultRuns(count: 300, seed: 7).run(on: erp) == .passed)
  }

  @Test func `a skipped check shows with its reason`() async throws {
    let text = try await certificate(nil).markdown
    #expect(text.contains("# Certificate of memory: gold"))
    let entry = Certificate.Entry(.bronze, "a check", .notApplicable("no books"))
    let skipped = Certificate(adapter: "a", asked: .bronze, entries: [entry])
    #expect(skipped.level == nil)
    #expect(skipped.markdown.contains("- skipped: a check: no books"))
  }
}
