import AdapterConformance
import AdapterKit
import Foundation
import GenericSOAPAdapter
import HTTPTransport
import Ledger
import MockBench
import MockERP
import Testing

/// Against the mock ERP, over real connections.
@Suite struct GenericSOAPEndToEndTests {
  let euro: Currency

  init() throws { euro = try #require(Currency("EUR")) }

  /// What this mock cannot be made to do over SOAP, and the reading of books, which this adapter lacks.
  static let notApplicable: Set<String> = [
    "reads back what it booked", "comes back later when the ERP says when",
    "takes no other answer for a posting", "does not take what it may not see for absent",
    "names the reason of each refusal", "does not let one bad entry hold up a batch",
  ]

  @Test(arguments: ConformanceCheck.all)
  func `does what every adapter must`(check: ConformanceCheck) async throws {
    let result = try await MockERPBench.use(in: euro) { bench, _ in
      try await check.run(on: bench)
    }
    if case .notApplicable = result {
      #expect(Self.notApplicable.contains(check.name))
    } else {
      #expect(result.faults.isEmpty)
    }
  }

  @Test(arguments: [
    ("1.1", "usernameToken"), ("1.1", "usernameTokenDigest"), ("1.2", "usernameToken"),
    ("1.2", "usernameTokenDigest"),
  ])
  func `posts every kind of entry as it was built`(version: String, auth: String) async throws {
    let values: [String: TestValue] = [
      "version": .text(version),
      "auth": ["type": .text(auth), "user": "postern", "password": "env:TOKEN"],
    ]
    try await MockERPBench.use(values, in: euro) { bench, adapter in
      let batch = SampleEntry.cases(euro).map(\.1)
      let outcomes = await adapter.submit(batch)
      for submission in batch {
        let head = submission.entry.head
        guard case .posted? = outcomes[submission.key] else {
          Issue.record("\(head.reference): \(String(describing: outcomes[submission.key]))")
          continue
        }
        let entries = await bench.server.books.entries(forKey: submission.key.text, company: "DE01")
        let booked = try #require(entries.first)
        #expect(booked.content.reference == head.reference)
        #expect(booked.content.description == head.description)
        for (line, sent) in zip(booked.content.lines, submission.entry.lines) {
          #expect(line.functionalAmount == sent.functionalAmount.minorUnits)
          #expect(line.party == sent.party)
          #expect(line.description == sent.description)
          #expect(line.tax?.code == sent.tax?.code)
          #expect(line.dimensions.count == sent.dimensions.pairs.count)
        }
      }
    }
  }

  @Test(arguments: ["1.1", "1.2"])
  func `a refused password holds the connection, not the entry`(version: String) async throws {
    let values: [String: TestValue] = [
      "version": .text(version),
      "auth": ["type": "usernameToken", "user": "somebody", "password": "env:TOKEN"],
    ]
    try await MockERPBench.use(values, in: euro) { _, adapter in
      let submission = SampleEntry.plain(1, euro)
      guard case .retryLater(let later)? = await adapter.submit([submission])[submission.key] else {
        Issue.record("another outcome")
        return
      }
      #expect(later.scope == .connection)
      #expect(later.problem.code == "credentials_refused")
      #expect(await adapter.check().map(\.code) == ["credentials_refused"])
    }
  }

  @Test func `a batch whose answer is lost is unknown, and each entry is found`() async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let batch = (1...5).map { SampleEntry.plain($0, euro) }
      await bench.plant(.bookThenDrop)
      let outcomes = await adapter.submit(batch)
      for submission in batch {
        guard case .unknown? = outcomes[submission.key],
          case .found = await adapter.find(submission.key)
        else {
          Issue.record("\(outcomes)")
          continue
        }
      }
    }
  }

  @Test(arguments: [500, 502, 503])
  func `booked and answered with an error is unknown`(status: Int) async throws {
    try await MockERPBench.use(in: euro) { bench, adapter in
      let submission = SampleEntry.plain(1, euro)
      await bench.plant(.bookThenStatus(status))
      let outcome = await adapter.submit([submission])[submission.key]
      #expect(outcome?.fixtureText.hasPrefix("unknown") == true)
      #expect(await bench.booked(submission.key).count == 1)
    }
  }

  @Test func `the shipped WSDL is the one that is served, but for the address`() async throws {
    try await MockERPBench.use(in: euro) { bench, _ in
      let url = "http://127.0.0.1:\(bench.server.port)/generic/soap?wsdl"
      let served = try await CurlHTTPClient().send(HTTPRequest(.get, url))
      let path = URL(fileURLWithPath: GenericSOAPFixtureTests.fixtures)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("generic-journal.wsdl").path
      let shipped = try String(contentsOfFile: path, encoding: .utf8)
      func withoutAddress(_ text: String) -> [String] {
        text.components(separatedBy: "\n").filter { !$0.contains(":address location") }
      }
      #expect(withoutAddress(served.text) == withoutAddress(shipped))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `posts an entry of 100,000 lines`() async throws {
    try await MockERPBench.use(["timeouts": ["request": 500]], in: euro) { bench, adapter in
      let submission = SampleEntry.long(100_000, euro)
      guard case .posted? = await adapter.submit([submission])[submission.key] else {
        Issue.record("not posted")
        return
      }
      #expect(await bench.booked(submission.key).first?.lines.count == 100_000)
    }
  }
}
