import Foundation
import Synchronization
import Testing

@testable import MockERP

/// Holds pauses until it is opened.
actor Gate {
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var arrivals: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  private var arrived = 0
  private var isOpen = false

  func pass() async {
    arrived += 1
    for arrival in arrivals where arrival.count <= arrived { arrival.continuation.resume() }
    arrivals.removeAll { $0.count <= arrived }
    guard !isOpen else { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  func arrival(of count: Int) async {
    guard arrived < count else { return }
    await withCheckedContinuation { arrivals.append((count, $0)) }
  }

  func open() {
    isOpen = true
    for continuation in waiting { continuation.resume() }
    waiting = []
  }
}

@Suite struct ServerTests {
  @Test func `more requests at once than the limit are throttled and counted`() async throws {
    let gate = Gate()
    try await Samples.withServer {
      $0.companies = [CompanySeed(code: "DE01", limits: .init(concurrency: 2))]
      $0.latency = .seconds(1)
      $0.sleep = { _ in await gate.pass() }
    } _: { server, http in
      async let first = http.send("POST", Samples.restEntries, body: Samples.json("A"))
      async let second = http.send("POST", Samples.restEntries, body: Samples.json("B"))
      await gate.arrival(of: 2)
      let third = await http.send("POST", Samples.restEntries, body: Samples.json("C"))
      #expect(third.answer?.status == 429)
      #expect(third.answer?.headers["retry-after"] == "1")
      await gate.open()
      let statuses = await [first.answer?.status, second.answer?.status]
      #expect(statuses == [201, 201])
      #expect(await server.books.count(ofKey: "C") == .init(booked: 0, received: 1))
      let statistics = try #require(await http.send("GET", "/_admin/statistics").answer)
      let company = (statistics.json["companies"] as? [[String: Any]])?.first
      #expect(company?["maximumConcurrency"] as? Int == 2)
      #expect(company?["requests"] as? Int == 3)
      #expect(company?["throttled"] as? Int == 1)
    }
  }

  @Test func `more requests in a second than the limit are throttled until it has passed`()
    async throws
  {
    let clock = Mutex(Samples.moment)
    try await Samples.withServer {
      $0.companies = [CompanySeed(code: "DE01", limits: .init(perSecond: 2))]
      $0.now = { clock.withLock { $0 } }
    } _: { server, http in
      var statuses: [Int?] = []
      for step in [0, 0.25, 0.25, 0.25, 0.25, 0.25, 0.125] {
        clock.withLock { $0 += step }
        statuses.append(await http.send("GET", "/generic/rest/companies/DE01").answer?.status)
      }
      #expect(statuses == [200, 200, 429, 429, 200, 200, 429])
    }
  }

  @Test func `stops at once, though connections are open and an answer is due in an hour`()
    async throws
  {
    var configuration = MockERPConfiguration()
    configuration.faults = [FaultRule(act: .bookThenDelay(3_600_000))]
    let gate = Gate()
    await gate.open()
    configuration.sleep = { duration in
      await gate.pass()
      try await Task.sleep(for: duration)
    }
    let server = try await MockERPServer.start(configuration)
    let idle = RawHTTP.connected(to: server.port)
    #expect(idle >= 0)
    let http = RawHTTP(port: server.port)
    let entry = Samples.json("STOPPED-AT-ONCE")
    async let waiting = http.send("POST", Samples.restEntries, body: entry)
    await gate.arrival(of: 1)
    await server.stop()
    let outcome = await waiting
    #expect(outcome.answer == nil)
    close(idle)
    // The port may be another server's by now, which knows nothing of the entry.
    let later = await http.send("GET", "/_admin/requests?key=STOPPED-AT-ONCE")
    #expect(later.answer?.text.contains("STOPPED-AT-ONCE") != true)
  }

  @Test func `says so when its port is taken`() async throws {
    try await Samples.withServer { server, _ in
      var configuration = MockERPConfiguration()
      configuration.port = server.port
      await #expect(throws: MockERPServer.StartFault.self) {
        try await MockERPServer.start(configuration)
      }
    }
  }
}
