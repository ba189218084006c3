import Foundation
import Synchronization
import Testing

@testable import MockERP

/// Remembers the pauses that were asked for, and makes none.
final class Pauses: Sendable {
  private let list = Mutex<[Duration]>([])
  var all: [Duration] { list.withLock { $0 } }
  func pause(_ duration: Duration) { list.withLock { $0.append(duration) } }
}

@Suite struct FaultActTests {
  /// What a sender of `K1` meets, and what the books hold then.
  private func meet(
    _ act: FaultRule.Act, pauses: Pauses = Pauses(), delay: Int = 0,
    body: String = Samples.json(), path: String = Samples.restEntries
  ) async throws -> (outcome: RawHTTP.Outcome, count: MockBooks.KeyCount) {
    try await Samples.withServer {
      $0.faults = [FaultRule(act: act, delayMilliseconds: delay)]
      $0.sleep = { pauses.pause($0) }
    } _: { server, http in
      let outcome = await http.send("POST", path, body: body)
      return (outcome, await server.books.count(ofKey: "K1"))
    }
  }

  @Test func `a delay comes before the answer, which is the usual one`() async throws {
    let pauses = Pauses()
    let (outcome, count) = try await meet(.wait, pauses: pauses, delay: 750)
    #expect(outcome.answer?.status == 201)
    #expect(pauses.all == [.milliseconds(750)])
    #expect(count == .init(booked: 1, received: 1))
  }

  @Test func `a status books nothing`() async throws {
    let (outcome, count) = try await meet(.status(503))
    #expect(outcome.answer?.status == 503)
    #expect(outcome.answer?.json["code"] as? String == "unavailable")
    #expect(count == .init(booked: 0, received: 1))
  }

  @Test func `a reset is one on the wire, and books nothing`() async throws {
    let (outcome, count) = try await meet(.reset)
    guard case .reset = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(count == .init(booked: 0, received: 1))
  }

  @Test func `book then drop ends the connection without a byte, and the entry is booked`()
    async throws
  {
    let (outcome, count) = try await meet(.bookThenDrop)
    guard case .closed = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(count == .init(booked: 1, received: 1))
  }

  @Test func `book then status says an error, and the entry is booked`() async throws {
    let (outcome, count) = try await meet(.bookThenStatus(500))
    #expect(outcome.answer?.status == 500)
    #expect(count == .init(booked: 1, received: 1))
  }

  @Test func `book then delay answers late`() async throws {
    let pauses = Pauses()
    let (outcome, count) = try await meet(.bookThenDelay(60_000), pauses: pauses)
    #expect(outcome.answer?.status == 201)
    #expect(pauses.all == [.seconds(60)])
    #expect(count == .init(booked: 1, received: 1))
  }

  @Test func `drop then book leaves nothing to be seen, until it is booked all the same`()
    async throws
  {
    let gate = Gate()
    try await Samples.withServer {
      $0.faults = [FaultRule(act: .dropThenBook(60_000), times: 1)]
      $0.sleep = { _ in await gate.pass() }
    } _: { server, http in
      let outcome = await http.send("POST", Samples.restEntries, body: Samples.json())
      guard case .closed = outcome else {
        Issue.record("\(outcome)")
        return
      }
      await gate.arrival(of: 1)
      #expect(await server.books.count(ofKey: "K1").booked == 0)
      let before = await http.send("GET", Samples.restEntries + "?externalKey=K1")
      #expect(before.answer?.text == #"{"entries":[]}"#)
      await gate.open()
      while await server.books.count(ofKey: "K1").booked == 0 { await Task.yield() }
    }
  }

  @Test(arguments: [true, false])
  func `a malformed answer is not JSON, whether or not the entry is booked`(
    booked: Bool
  ) async throws {
    let (outcome, count) = try await meet(.malformed(booked: booked))
    let answer = try #require(outcome.answer)
    #expect(!answer.body.isEmpty)
    #expect(throws: (any Error).self) {
      try JSONSerialization.jsonObject(with: Data(answer.body))
    }
    #expect(count == .init(booked: booked ? 1 : 0, received: 1))
  }

  @Test func `throttling says when to come again`() async throws {
    let (outcome, count) = try await meet(.throttle(retryAfter: 7))
    #expect(outcome.answer?.status == 429)
    #expect(outcome.answer?.headers["retry-after"] == "7")
    #expect(count == .init(booked: 0, received: 1))
  }

  @Test func `a refusal on demand looks like one of the books`() async throws {
    let refusal = Refusal(code: "closed_period", message: "Closed", field: "/postingDate")
    let (outcome, count) = try await meet(.refuse(refusal))
    #expect(outcome.answer?.status == 422)
    #expect(outcome.answer?.json["code"] as? String == "closed_period")
    #expect(outcome.answer?.json["field"] as? String == "/postingDate")
    #expect(count == .init(booked: 0, received: 1))
  }

  @Test(arguments: [FaultRule.Part.every(2), .keys(["K2"])])
  func `a part of a batch is refused, the rest booked`(part: FaultRule.Part) async throws {
    let (outcome, count) = try await meet(
      .refusePart(part, Refusal(code: "unknown_account", message: "Unknown")),
      body: Samples.batch(["K1", "K2", "K3"]), path: Samples.restEntries + "/batch")
    let results = outcome.answer?.json["results"] as? [[String: Any]] ?? []
    #expect(
      results.map { $0["status"] as? String } == ["posted", "rejected", "posted"])
    #expect(results.map { $0["code"] as? String } == [nil, "unknown_account", nil])
    #expect(count.booked == 1)
  }

  @Test func `a delivery that comes twice is booked once`() async throws {
    let (outcome, count) = try await meet(.duplicate)
    #expect(outcome.answer?.status == 201)
    #expect(outcome.answer?.json["duplicate"] == nil)
    #expect(count == .init(booked: 1, received: 2))
  }

  @Test func `an ERP without duplicate check books such a delivery twice`() async throws {
    try await Samples.withServer {
      $0.companies = [CompanySeed(code: "DE01", duplicateCheck: false)]
      $0.faults = [FaultRule(act: .duplicate)]
    } _: { server, http in
      _ = await http.send("POST", Samples.restEntries, body: Samples.json())
      #expect(await server.books.count(ofKey: "K1") == .init(booked: 2, received: 2))
    }
  }

  @Test func `faults speak SOAP in the SOAP dialect`() async throws {
    let body = GenericSOAPTests.envelope(
      GenericSOAPTests.posting(GenericSOAPTests.entry("K1")), in: GenericSOAPTests.versions[0])
    let throttled = try await meet(.throttle(retryAfter: 2), body: body, path: "/generic/soap")
    #expect(throttled.outcome.answer?.status == 429)
    #expect(throttled.outcome.answer?.headers["retry-after"] == "2")
    #expect(throttled.outcome.answer?.text.contains("too_many_requests") == true)
    let failed = try await meet(.bookThenStatus(500), body: body, path: "/generic/soap")
    #expect(failed.outcome.answer?.text.contains("soap:Server") == true)
    #expect(failed.count.booked == 1)
  }

  @Test func `a look-up can meet faults too`() async throws {
    try await Samples.withServer {
      $0.faults = [
        FaultRule(
          match: .init(operation: "FindJournalEntry", externalKey: "K1"), act: .status(503),
          times: 1)
      ]
    } _: { _, http in
      let path = Samples.restEntries + "?externalKey=K1"
      #expect(await http.send("GET", path).answer?.status == 503)
      #expect(await http.send("GET", path).answer?.status == 200)
    }
  }
}
