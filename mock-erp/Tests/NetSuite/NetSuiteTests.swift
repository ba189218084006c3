import Foundation
import Testing

@testable import MockERP

@Suite struct NetSuiteTests {
  private let journals = NetSuiteSamples.records + "/journalEntry"

  @Test func `a journal is answered without a body, and found by its external id`() async throws {
    try await Samples.withServer { server, http in
      let posted = try #require(
        await http.send("POST", journals, body: NetSuiteSamples.journal()).answer)
      #expect(posted.status == 204)
      #expect(posted.body.isEmpty)
      #expect(posted.locatedID == "64001")
      let found = try #require(
        await http.send("GET", journals + "/eid:PK1?expandSubResources=true").answer)
      #expect(found.status == 200)
      #expect(found.json["id"] as? String == "64001")
      #expect(found.json["tranId"] as? String == "2026-000001")
      #expect((found.json["postingPeriod"] as? [String: Any])?["refName"] as? String == "Oct 2026")
      let line = found.json["line"] as? [String: Any]
      let items = try #require(line?["items"] as? [[String: Any]])
      #expect(items[0]["debit"] as? Double == 1000)
      #expect((items[0]["entity"] as? [String: Any])?["refName"] as? String == "C-1007")
      #expect(items[1]["custcol_project"] as? String == "P-7")
      let slim = try #require(await http.send("GET", journals + "/64001").answer)
      #expect((slim.json["line"] as? [String: Any])?["items"] == nil)
      let none = try #require(await http.send("GET", journals + "/eid:PK2").answer)
      #expect(none.status == 404)
      #expect(none.errorCode == "NONEXISTENT_ID")
      let trial = await server.books.trialBalance(of: "DE01")
      #expect(trial.functional["1200"]?.debit == 100_000)
      #expect(trial.functional["4400"]?.credit == 100_000)
    }
  }

  @Test(arguments: [(false, "USER_ERROR"), (true, "DUP_RCRD")])
  func `the same external id is refused, with the code the account is set to`(
    reportsCodes: Bool, code: String
  ) async throws {
    try await Samples.withServer {
      $0.netSuite.reportsCodes = reportsCodes
    } _: { server, http in
      _ = await http.send("POST", journals, body: NetSuiteSamples.journal())
      let again = try #require(
        await http.send("POST", journals, body: NetSuiteSamples.journal()).answer)
      #expect(again.status == 400)
      #expect(again.errorCode == code)
      #expect(again.errorDetail("detail")?.contains("This record already exists.") == true)
      #expect(await server.books.count(ofKey: "PK1") == .init(booked: 1, received: 2))
    }
  }

  @Test func `an upsert replaces lines if told to, and adds them otherwise`() async throws {
    try await Samples.withServer { server, http in
      let address = journals + "/eid:PK1"
      for _ in 1...2 {
        let put = await http.send("PUT", address + "?replace=line", body: NetSuiteSamples.journal())
        #expect(put.answer?.status == 204)
        #expect(put.answer?.locatedID == "64001")
      }
      let once = await server.books.entries(forKey: "PK1")
      #expect(once.count == 1)
      #expect(once.first?.content.lines.count == 2)
      _ = await http.send("PUT", address, body: NetSuiteSamples.journal())
      #expect(await server.books.entries(forKey: "PK1").first?.content.lines.count == 4)
    }
  }

  @Test(
    arguments: [
      ("unbalanced", NetSuiteSamples.journal(credit: "999.99"), "must balance", "line"),
      (
        "unknown account", NetSuiteSamples.journal().replacing("4400", with: "4499"),
        "Invalid account reference key", "line.items[1].account"
      ),
      ("closed", NetSuiteSamples.journal(date: "2026-09-30"), "closed period", "tranDate"),
      (
        "no subsidiary",
        NetSuiteSamples.journal().replacing(#""subsidiary":{"id":"DE01"},"#, with: ""),
        "Please enter a value for Subsidiary", "subsidiary"
      ),
      (
        "date outside the period",
        NetSuiteSamples.journal(more: #""postingPeriod":{"id":"83"},"#), "not within", "tranDate"
      ),
      (
        "bare reference", NetSuiteSamples.journal().replacing(#"{"id":"4400"}"#, with: #""4400""#),
        "A reference has", "line.items[1].account"
      ),
    ] as [(String, String, String, String)])
  func `what is wrong is a bad request that says where`(
    name: String, body: String, text: String, path: String
  ) async throws {
    let seed = CompanySeed(
      code: "DE01", functionalCurrency: "EUR",
      accounts: [.init(number: "1200"), .init(number: "4400")],
      periods: [.init(period: "2026-09", state: .closed)])
    try await Samples.withServer {
      $0.companies = [seed]
      // So that the samples may say numbers and codes for ids.
      $0.netSuite.ids = [
        "account": ["1200": "1200", "4400": "4400"], "subsidiary": ["DE01": "DE01"],
      ]
    } _: { server, http in
      let answer = try #require(await http.send("POST", journals, body: body).answer)
      #expect(answer.status == 400)
      #expect(answer.errorDetail("detail")?.contains(text) == true, "\(answer.text)")
      #expect(answer.errorDetail("o:errorPath") == path)
      #expect(await server.books.count(of: "DE01") == 0)
    }
  }

  @Test func `a misspelt property goes unnoticed unless the sender asks for an error`() async throws
  {
    try await Samples.withServer { _, http in
      let body = NetSuiteSamples.journal(more: #""memmo":"x","#)
      let checked = await http.send(
        "POST", journals, headers: ["X-NetSuite-PropertyNameValidation": "Error"], body: body)
      #expect(checked.answer?.status == 400)
      #expect(checked.answer?.errorDetail("o:errorPath") == "memmo")
      #expect(await http.send("POST", journals, body: body).answer?.status == 204)
    }
  }

  @Test func `a document without a period moves out of a closed one in silence, if set up so`()
    async throws
  {
    let seed = CompanySeed(
      code: "DE01", periods: [.init(period: "2026-10", state: .closed)])
    try await Samples.withServer {
      $0.companies = [seed]
      $0.netSuite.ids = ["subsidiary": ["DE01": "DE01"]]
      $0.netSuite.movesPeriods = true
    } _: { server, http in
      let moved = await http.send("POST", journals, body: NetSuiteSamples.journal())
      #expect(moved.answer?.status == 204)
      #expect(await server.books.entries(forKey: "PK1").first?.content.period == "2026-11")
      let named = NetSuiteSamples.journal("PK2", more: #""postingPeriod":{"id":"82"},"#)
      #expect(await http.send("POST", journals, body: named).answer?.status == 400)
    }
  }

  @Test func `functional amounts follow the rate, cent by cent, and still balance`() async throws {
    try await Samples.withServer {
      $0.companies = [CompanySeed(code: "DE01", functionalCurrency: "EUR")]
      $0.netSuite.ids = ["subsidiary": ["DE01": "DE01"]]
    } _: { server, http in
      let body = """
        {"externalId":"FX","subsidiary":{"id":"DE01"},"currency":{"id":"USD"},"exchangeRate":0.333,
         "tranDate":"2026-10-31","line":{"items":[{"account":{"id":"1"},"debit":0.05},
          {"account":{"id":"2"},"credit":0.02},{"account":{"id":"3"},"credit":0.03}]}}
        """
      #expect(await http.send("POST", journals, body: body).answer?.status == 204)
      let lines = await server.books.entries(forKey: "FX").first?.content.lines ?? []
      #expect(lines.map(\.amount) == [5, 2, 3])
      #expect(lines.map(\.functionalAmount) == [2, 1, 1])
    }
  }

  @Test func `an invoice and its payment are entries, and what is paid is no longer open`()
    async throws
  {
    try await Samples.withServer(NetSuiteSamples.setUp) { server, http in
      let invoices = NetSuiteSamples.records + "/invoice"
      let payments = NetSuiteSamples.records + "/customerPayment"
      let posted = await http.send("POST", invoices, body: NetSuiteSamples.invoice())
      let id = try #require(posted.answer?.locatedID)
      let lines = await server.books.entries(forKey: "INV1").first?.content.lines ?? []
      #expect(lines.map(\.account) == ["1200", "4400", "3806", "4401"])
      #expect(lines.map(\.amount) == [109_000, 100_000, 19_000, 10_000])
      #expect(lines.map(\.side) == [.debit, .credit, .credit, .debit])
      let part = NetSuiteSamples.payment("PAY1", of: id, "400.00")
      #expect(await http.send("POST", payments, body: part).answer?.status == 204)
      let open = await http.send("GET", invoices + "/" + id)
      #expect(open.answer?.json["amountRemaining"] as? Double == 690)
      #expect(open.answer?.json["total"] as? Double == 1090)
      let tooMuch = NetSuiteSamples.payment("PAY2", of: id, "690.01")
      #expect(await http.send("POST", payments, body: tooMuch).answer?.status == 400)
      let nothing = NetSuiteSamples.payment("PAY3", of: "99", "1.00")
      #expect(await http.send("POST", payments, body: nothing).answer?.status == 400)
      let balance = await server.books.trialBalance(of: "DE01")
      #expect(balance.functional["1200"]?.credit == 40_000)
      #expect(balance.functional["1800"]?.debit == 40_000)
    }
  }

  @Test func `a reversal date books the opposite, once`() async throws {
    try await Samples.withServer { server, http in
      _ = await http.send("POST", journals, body: NetSuiteSamples.journal())
      for _ in 1...2 {
        let patch = await http.send(
          "PATCH", journals + "/64001", body: #"{"reversalDate":"2026-11-01"}"#)
        #expect(patch.answer?.status == 204)
      }
      #expect(await server.books.count(of: "DE01") == 2)
      let original = try #require(await http.send("GET", journals + "/eid:PK1").answer)
      #expect((original.json["reversalEntry"] as? [String: Any])?["id"] as? String == "64002")
      let reversal = try #require(await http.send("GET", journals + "/64002").answer)
      #expect(reversal.json["isReversal"] as? Bool == true)
      #expect(reversal.json["externalId"] == nil)
      #expect(await server.books.trialBalance(of: "DE01").functional["1200"]?.credit == 100_000)
    }
  }

  // MARK: Jobs

  @Test func `a job takes each record by itself, and its key only once`() async throws {
    let clock = Clock()
    try await Samples.withServer {
      $0.now = { clock.now }
      $0.netSuite.jobSeconds = 60
    } _: { server, http in
      let batch =
        "{\"items\":[\(NetSuiteSamples.journal("A")),"
        + "\(NetSuiteSamples.journal("B", credit: "1.00")),\(NetSuiteSamples.journal("C"))]}"
      let headers = [
        "Content-Type": "application/vnd.oracle.resource+json; type=collection",
        "Prefer": "respond-async",
        "X-NetSuite-Idempotency-Key": "6f1c1c1e-3d0e-4d4f-9c62-1df0a3c0b001",
      ]
      let synchronous = await http.send(
        "POST", journals, headers: ["Content-Type": headers["Content-Type"] ?? ""], body: batch)
      #expect(synchronous.answer?.status == 400)
      let taken = try #require(
        await http.send("POST", journals, headers: headers, body: batch).answer)
      #expect(taken.status == 202)
      #expect(taken.headers["preference-applied"] == "respond-async")
      let job = try #require(taken.headers["location"]).components(separatedBy: "/services")[1]
      let again = try #require(
        await http.send("POST", journals, headers: headers, body: batch).answer)
      #expect(again.status == 400)
      #expect(again.errorCode == "IDEMPOTENCY_ERROR")
      #expect(again.headers["location"] == taken.headers["location"])
      let waiting = await http.send("GET", "/services" + job)
      #expect(waiting.answer?.json["completed"] as? Bool == false)
      #expect(await http.send("GET", journals + "/eid:A").answer?.status == 404)
      clock.advance(60)
      let done = await http.send("GET", "/services" + job)
      #expect(done.answer?.json["completed"] as? Bool == true)
      var statuses: [Int?] = []
      for task in 1...3 {
        let result = await http.send("GET", "/services\(job)/task/\(task)/result")
        statuses.append(result.answer?.status)
      }
      #expect(statuses == [204, 400, 204])
      #expect(await server.books.count(of: "DE01") == 2)
    }
  }

  // MARK: Troubles

  @Test func `the gateway turns away without a word, the account with one`() async throws {
    let gate = Gate()
    try await Samples.withServer {
      $0.netSuite.concurrency = 1
      $0.latency = .seconds(1)
      $0.sleep = { _ in await gate.pass() }
      $0.faults = [FaultRule(match: .init(externalKey: "T"), act: .throttle(retryAfter: 5))]
    } _: { server, http in
      async let first = http.send("POST", journals, body: NetSuiteSamples.journal("A"))
      await gate.arrival(of: 1)
      let second = try #require(
        await http.send("POST", journals, body: NetSuiteSamples.journal("B")).answer)
      #expect(second.status == 429)
      #expect(second.errorCode == "CONCURRENCY_LIMIT_EXCEEDED")
      #expect(second.headers["retry-after"] == nil)
      await gate.open()
      #expect(await first.answer?.status == 204)
      let third = try #require(
        await http.send("POST", journals, body: NetSuiteSamples.journal("T")).answer)
      #expect(third.status == 429)
      #expect(third.body.isEmpty)
      #expect(await server.books.count(of: "DE01") == 1)
    }
  }

  @Test(arguments: [(500, "UNEXPECTED_ERROR"), (503, "<!DOCTYPE html>")])
  func `its own trouble is JSON with an id, its absence a page for people`(
    status: Int, text: String
  ) async throws {
    try await Samples.withServer {
      $0.faults = [FaultRule(act: .bookThenStatus(status))]
    } _: { server, http in
      let answer = try #require(
        await http.send("POST", journals, body: NetSuiteSamples.journal()).answer)
      #expect(answer.status == status)
      #expect(answer.text.contains(text))
      #expect(await server.books.count(of: "DE01") == 1)
    }
  }
}
