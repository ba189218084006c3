import AdapterConformance
import AdapterKit
import Ledger
import MockBench
import MockERP
import Testing
import TrytonAdapter

/// Against the mock ERP, over real connections.
@Suite struct TrytonCertificateTests {
  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  @Test(arguments: ConformanceCheck.all)
  func `does what every adapter must`(check: ConformanceCheck) async throws {
    let result = try await MockERPBench.use(in: euro) { try await check.run(on: $0) }
    #expect(result.faults.isEmpty)
  }

  @Test func `thousands of faults leave nothing twice, nothing lost, and no draft`() async throws {
    try await MockERPBench.use(in: euro) { bench in
      let result = try await FaultRuns(count: 150, seed: 7).run(on: bench)
      #expect(result == .passed)
    }
  }

  @Test func `a draft that a crash left behind is posted, not made again`() async throws {
    try await MockERPBench.use(in: euro) { bench in
      let submission = SampleEntry.plain(1, euro)
      let isArranged = try await bench.arrange(.dropRequest)
      #expect(isArranged)
      guard case .unknown? = await bench.adapter.submit([submission])[submission.key] else {
        Issue.record("a reset tells nothing")
        return
      }
      #expect(bench.server.tryton.drafts == 1)
      #expect(await bench.adapter.postingFinder?.find(submission.key) == .absent)
      guard case .posted? = await bench.adapter.submit([submission])[submission.key] else {
        Issue.record("it was not posted")
        return
      }
      #expect(bench.server.tryton.drafts == 0)
      #expect(await bench.booked(submission.key).count == 1)
    }
  }

  @Test func `what the ERP has is listed, and a missing customer is created once`() async throws {
    try await MockERPBench.use(in: euro) { bench in
      let reader = try #require(bench.adapter.masterDataReader)
      let accounts = Records()
      try await reader.readMasterData(.accounts) { accounts.all += $0 }
      #expect(accounts.all.count == 1_005)
      #expect(accounts.all.first { $0.code == "9998" }?.isActive == false)
      let creator = try #require(bench.adapter.partyCreator)
      let customer = Customer(id: "C-77", name: "Sydvind AB")
      #expect(await creator.create(customer) == .created(code: "C-77"))
      #expect(await creator.create(customer) == .existing(code: "C-77"))
      let parties = Records()
      try await reader.readMasterData(.parties) { parties.all += $0 }
      #expect(parties.all.contains { $0.code == "C-77" && $0.name == "Sydvind AB" })
    }
  }

  @Test func `periods are those of the company`() async throws {
    try await MockERPBench.use(in: euro) { bench in
      let (closed, open) = (
        try #require(FiscalPeriod("2026-08")), try #require(FiscalPeriod("2026-10"))
      )
      let statuses = try await bench.adapter.periodReader?.periods([closed, open])
      #expect(statuses == [closed: .closed, open: .open])
    }
  }

  private final class Records {
    var all: [MasterRecord] = []
  }
}
