import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import MockBench
import MockERP
import SAPS4HANAAdapter
import Testing

/// Against the mock ERP, over real connections.
@Suite struct SAPS4HANAEndToEndTests {
  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  /// What says nothing about this adapter.
  static let notApplicable: Set<String> = [
    "books once when sent twice", "does not let one bad entry hold up a batch",
  ]

  @Test(arguments: ConformanceCheck.all)
  func `does what every adapter must`(check: ConformanceCheck) async throws {
    let result = try await MockERPBench.use(in: euro) { bench, _ in
      try await check.run(on: bench)
    }
    if case .notApplicable(let reason) = result {
      #expect(Self.notApplicable.contains(check.name), "\(reason)")
    } else {
      #expect(result.faults.isEmpty)
    }
  }

  @Test func `is gold, in single messages and in bulk`() async throws {
    for size in [1, 10] {
      try await MockERPBench.use(["batchSize": .integer(size)], in: euro) { bench, _ in
        let result = try await FaultRuns(count: 200, seed: 5).run(on: bench)
        #expect(result == .passed)
      }
    }
  }

  @Test func `one bad entry of a bulk message does not hold up the others`() async throws {
    try await MockERPBench.use(["batchSize": 10], in: euro) { bench, adapter in
      let bad = try #require(try await bench.refused(.unknownParty))
      let good = (1...3).map { SampleEntry.plain($0, euro) }
      let outcomes = await adapter.submit([good[0], bad, good[1], good[2]])
      #expect(outcomes[bad.key]?.fixtureText.hasPrefix("rejected unknownParty") == true)
      for submission in good {
        #expect(outcomes[submission.key]?.fixtureText.hasPrefix("posted") == true)
      }
      #expect(bench.gateway.requests.count == 1)
    }
  }

  @Test(arguments: ["1.1", "1.2"])
  func `posts every kind of entry as it was built`(version: String) async throws {
    try await MockERPBench.use(["version": .text(version)], in: euro) { bench, adapter in
      for (name, submission) in SampleEntry.cases(euro) {
        let outcome = await adapter.submit([submission])[submission.key]
        guard case .posted? = outcome else {
          Issue.record("\(name): \(String(describing: outcome))")
          continue
        }
        let booked = try #require(
          await bench.server.books.entries(forKey: submission.key.text, company: "1010").first)
        for (line, sent) in zip(booked.content.lines, submission.entry.lines) {
          #expect(line.account == sent.account.code)
          #expect(line.amount == sent.amount.minorUnits)
          #expect(line.functionalAmount == sent.functionalAmount.minorUnits)
          #expect(line.party == sent.party)
          #expect(sent.tax == nil || line.tax?.code == "A1")
        }
      }
    }
  }

  @Test func `a native reversal is linked, happens once, and is found by its own key`() async throws
  {
    try await MockERPBench.use(["reversal": "native"], in: euro) { bench, adapter in
      let original = SampleEntry.plain(1, euro)
      guard case .posted(let receipt)? = await adapter.submit([original])[original.key] else {
        Issue.record("not posted")
        return
      }
      let reversal = Submission(
        key: SampleEntry.plain(2, euro).key,
        entry: original.entry.reversed(
          key: original.key.text, on: original.entry.head.postingDate))
      let order = ReversalOrder(
        reversal, of: PostedDocument(key: original.key, receipt: receipt))
      guard case .posted(let first) = await adapter.reverse(order) else {
        Issue.record("not reversed")
        return
      }
      #expect(await adapter.reverse(order) == .alreadyPosted(first))
      #expect(await adapter.find(original.key) == .found(receipt))
      let balance = await bench.server.books.trialBalance(of: "1010")
      #expect(balance.functional["1200"]?.debit == balance.functional["1200"]?.credit)
      // Somebody else's reversal of the same document is refused by SAP.
      let third = Submission(key: SampleEntry.plain(3, euro).key, entry: reversal.entry)
      let refused = await adapter.reverse(ReversalOrder(third, of: order.original))
      #expect(refused.fixtureText.hasPrefix("rejected"))
    }
  }

  @Test func `in a company without documents a look-up cannot tell`() async throws {
    try await MockERPBench.use(in: euro, isFirstUse: true) { _, adapter in
      guard case .cannotTell = await adapter.find(SampleEntry.plain(1, euro).key) else {
        Issue.record("nothing seen is not absent")
        return
      }
    }
  }

  @Test func `reads a month of many pages, in which every ledger shows every line`() async throws {
    try await MockERPBench.use(in: euro) {
      $0.sap.ledgers = ["0L", "2L"]
    } _: { bench, adapter in
      let batch = (1...300).map { SampleEntry.fourLines($0, euro) }
      let outcomes = await adapter.submit(batch)
      #expect(outcomes.values.allSatisfy { $0.fixtureText.hasPrefix("posted") })
      var postings: [BookedPosting] = []
      try await adapter.readPostings(of: SampleEntry.period) { postings += $0 }
      #expect(postings.count == 301)
      for submission in batch {
        #expect(
          postings.filter { $0.externalKey == submission.key.text }
            == (await bench.booked(submission.key)))
      }
    }
  }

  @Test func `comes in by a token of OAuth 2.0, and fetches another when it has ended`()
    async throws
  {
    let auth: TestValue = [
      "type": "oauth2ClientCredentials", "tokenURL": "http://127.0.0.1/replaced",
      "clientID": "postern", "clientSecret": "env:PASSWORD",
    ]
    try await MockERPBench.use(in: euro) {
      $0.sap.user = nil
      $0.sap.client = SAPSettings.Account(name: "postern", secret: MockERPBench.password)
    } _: { bench, refused in
      #expect(await refused.check().map(\.code) == ["credentials_refused"])
      guard case .table(var table) = auth else { return }
      table["tokenURL"] = .text(
        "http://127.0.0.1:\(bench.server.port)/sap/bc/sec/oauth2/token")
      let adapter = try MockERPBench.adapter(
        bench.server, ["auth": .table(table)], CurlHTTPClient())
      let submission = SampleEntry.plain(1, euro)
      #expect(
        await adapter.submit([submission])[submission.key]?.fixtureText.hasPrefix("posted") == true)
      guard case .found = await adapter.find(submission.key) else {
        Issue.record("not found")
        return
      }
    }
  }

  @Test func `wrong credentials hold the connection, not the entry`() async throws {
    let auth: TestValue = ["type": "basic", "user": "SOMEBODY", "password": "env:PASSWORD"]
    try await MockERPBench.use(["auth": auth], in: euro) { _, adapter in
      let submission = SampleEntry.plain(1, euro)
      let outcome = await adapter.submit([submission])[submission.key]
      #expect(outcome?.fixtureText.hasPrefix("retryLater connection") == true)
      #expect(await adapter.check().map(\.code) == ["credentials_refused"])
    }
  }

  @Test func `takes its token along where the gateway asks for one`() async throws {
    try await MockERPBench.use(["csrf": true], in: euro) { bench, adapter in
      let submission = SampleEntry.plain(1, euro)
      #expect(
        await adapter.submit([submission])[submission.key]?.fixtureText.hasPrefix("posted") == true)
      let requests = bench.gateway.requests
      #expect(requests.map(\.method) == [.get, .post])
      #expect(requests.last?.headers["Cookie"]?.hasPrefix("SAP_SESSIONID") == true)
    }
  }
}
