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
}
