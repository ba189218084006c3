import Foundation
import Testing

@testable import MockERP

@Suite struct GenericRESTTests {
  @Test func `posts, answers a repeat with the first result, and finds by key`() async throws {
    try await Samples.withServer { server, http in
      let first = try #require(
        await http.send(
          "POST", Samples.restEntries, headers: ["Idempotency-Key": "K1"], body: Samples.json()
        ).answer)
      #expect(first.status == 201)
      #expect(first.json["number"] as? String == "2026-000001")
      #expect(first.json["id"] as? String == "DE01-1")
      #expect(first.json["status"] as? String == "posted")
      #expect(first.json["postedAt"] as? String == "2026-11-01T08:00:00.000Z")
      #expect(first.json["duplicate"] == nil)
      let again = try #require(
        await http.send("POST", Samples.restEntries, body: Samples.json()).answer)
      #expect(again.status == 200)
      #expect(again.json["duplicate"] as? Bool == true)
      #expect(again.json["number"] as? String == "2026-000001")
      let found = try #require(
        await http.send("GET", Samples.restEntries + "?externalKey=K1").answer)
      let entries = found.json["entries"] as? [[String: Any]]
      #expect(entries?.count == 1)
      #expect(
        (entries?.first?["lines"] as? [[String: Any]])?.first?["amount"] as? String == "119.00")
      let absent = try #require(
        await http.send("GET", Samples.restEntries + "?externalKey=K2").answer)
      #expect(absent.text == #"{"entries":[]}"#)
      #expect(await server.books.count(ofKey: "K1") == .init(booked: 1, received: 2))
    }
  }

  @Test func `refusals carry code, text and place`() async throws {
    try await Samples.withServer { server, http in
      #expect(await server.books.set(period: "2026-09", of: "DE01", to: .closed))
      let closed = try #require(
        await http.send("POST", Samples.restEntries, body: Samples.json(date: "2026-09-30")).answer)
      #expect(closed.status == 422)
      #expect(closed.headers["content-type"] == "application/problem+json")
      #expect(closed.json["code"] as? String == "closed_period")
      #expect(closed.json["field"] as? String == "/postingDate")
      _ = await http.send("POST", Samples.restEntries, body: Samples.json())
      let other = try #require(
        await http.send("POST", Samples.restEntries, body: Samples.json(amount: "5.00")).answer)
      #expect(other.status == 409)
      #expect(other.json["code"] as? String == "duplicate_key")
    }
  }

  @Test(
    arguments: [
      ("{", "malformed", nil), ("[]", "malformed", nil), ("{}", "malformed", "/externalKey"),
      (
        #"{"externalKey":"K","postingDate":"2026-10-31","currency":"EUR","functionalCurrency":"EUR","lines":[{"account":"1","side":"debit","amount":5,"functionalAmount":"5"}]}"#,
        "malformed", "/lines/0/amount"
      ),
      (
        #"{"externalKey":"K","postingdate":"2026-10-31","currency":"EUR","functionalCurrency":"EUR","lines":[]}"#,
        "malformed", "/postingdate"
      ),
    ] as [(String, String, String?)])
  func `a body that is not an entry is a bad request`(
    body: String, code: String, field: String?
  ) async throws {
    try await Samples.withServer { _, http in
      let answer = try #require(await http.send("POST", Samples.restEntries, body: body).answer)
      #expect(answer.status == 400)
      #expect(answer.json["code"] as? String == code)
      #expect(answer.json["field"] as? String == field)
    }
  }

  @Test func `an idempotency key that is not the external key is refused`() async throws {
    try await Samples.withServer { server, http in
      let answer = try #require(
        await http.send(
          "POST", Samples.restEntries, headers: ["idempotency-key": "K2"], body: Samples.json()
        ).answer)
      #expect(answer.status == 400)
      #expect(answer.json["code"] as? String == "idempotency_key_mismatch")
      #expect(await server.books.count(of: "DE01") == 0)
    }
  }

  @Test func `a batch gets a verdict per entry, in order`() async throws {
    try await Samples.withServer { server, http in
      _ = await http.send("POST", Samples.restEntries, body: Samples.json("B"))
      let body =
        "{\"entries\":[\(Samples.json("A")),\(Samples.json("B")),"
        + "\(Samples.json("C", date: "2026-02-30")),\(Samples.json("D"))]}"
      let answer = try #require(
        await http.send("POST", Samples.restEntries + "/batch", body: body).answer)
      #expect(answer.status == 200)
      let results = try #require(answer.json["results"] as? [[String: Any]])
      #expect(results.map { $0["externalKey"] as? String } == ["A", "B", "C", "D"])
      #expect(
        results.map { $0["status"] as? String } == ["posted", "posted", "rejected", "posted"])
      #expect(results[1]["duplicate"] as? Bool == true)
      #expect(results[2]["code"] as? String == "invalid_date")
      #expect(await server.books.count(of: "DE01") == 3)
    }
  }

  @Test func `a batch has one entry or more, up to its limit`() async throws {
    try await Samples.withServer {
      $0.batchLimit = 2
    } _: { _, http in
      let path = Samples.restEntries + "/batch"
      let empty = await http.send("POST", path, body: #"{"entries":[]}"#)
      #expect(empty.answer?.status == 400)
      let large = await http.send("POST", path, body: Samples.batch(["A", "B", "C"]))
      #expect(large.answer?.status == 413)
      #expect(large.answer?.json["code"] as? String == "batch_too_large")
    }
  }

  @Test func `reads back page by page, an entry, the company, its chart and periods`()
    async throws
  {
    var seed = CompanySeed(code: "DE 01/a", name: "Nord", accounts: [.init(number: "1200")])
    seed.acceptAnyAccount = true
    seed.periods = [.init(period: "2026-09", state: .closed)]
    try await Samples.withServer {
      $0.companies = [seed]
    } _: { server, http in
      let company = "/generic/rest/companies/DE%2001%2Fa"
      for index in 1...5 { _ = await server.books.post(Samples.draft("K\(index)"), to: "DE 01/a") }
      var keys: [String] = []
      var cursor: String? = ""
      while let next = cursor {
        let query = "?period=2026-10&limit=2" + (next.isEmpty ? "" : "&cursor=\(next)")
        let page = try #require(
          await http.send("GET", company + "/journal-entries" + query).answer)
        let entries = try #require(page.json["entries"] as? [[String: Any]])
        keys += entries.compactMap { $0["externalKey"] as? String }
        cursor = page.json["nextCursor"] as? String
      }
      #expect(keys == ["K1", "K2", "K3", "K4", "K5"])
      let entry = await http.send("GET", company + "/journal-entries/DE%2001%2Fa-3")
      #expect(entry.answer?.json["externalKey"] as? String == "K3")
      #expect(await http.send("GET", company + "/journal-entries/x-3").answer?.status == 404)
      let card = await http.send("GET", company)
      #expect(card.answer?.json["name"] as? String == "Nord")
      #expect(card.answer?.json["functionalCurrency"] as? String == "EUR")
      let accounts = await http.send("GET", company + "/accounts")
      #expect(accounts.answer?.json["acceptsAnyAccount"] as? Bool == true)
      let periods = await http.send("GET", company + "/periods")
      #expect(
        periods.answer?.text
          == #"{"otherPeriods":"open","periods":[{"period":"2026-09","state":"closed"}]}"#)
    }
  }

  @Test func `unknown companies, paths, methods and parameters have their codes`() async throws {
    try await Samples.withServer {
      $0.strict = true
    } _: { _, http in
      let expected: [(String, String, Int, String)] = [
        ("POST", Samples.restEntries, 404, "unknown_company"),
        ("GET", "/generic/rest/companies/DE01", 404, "unknown_company"),
        ("GET", "/generic/rest/nothing", 404, "not_found"), ("GET", "/nothing", 404, "not_found"),
        ("DELETE", Samples.restEntries, 405, "method_not_allowed"),
        ("GET", Samples.restEntries + "?limit=0", 400, "invalid_parameter"),
        ("GET", Samples.restEntries + "?cursor=x", 400, "invalid_parameter"),
      ]
      for (method, path, status, code) in expected {
        let answer = await http.send(
          method, path, body: method == "POST" ? Samples.json() : "")
        #expect(answer.answer?.status == status, "\(method) \(path)")
        #expect(answer.answer?.json["code"] as? String == code, "\(method) \(path)")
      }
    }
  }

  @Test func `asks for its token and takes no other`() async throws {
    try await Samples.withServer {
      $0.bearerToken = "right"
    } _: { _, http in
      let path = "/generic/rest/companies/DE01"
      let without = await http.send("GET", path)
      #expect(without.answer?.status == 401)
      #expect(without.answer?.headers["www-authenticate"] == "Bearer")
      let wrong = await http.send("GET", path, headers: ["Authorization": "Bearer wrong"])
      #expect(wrong.answer?.status == 403)
      let right = await http.send("GET", path, headers: ["Authorization": "Bearer right"])
      #expect(right.answer?.status == 200)
    }
  }

  @Test func `a body above the limit is refused`() async throws {
    try await Samples.withServer {
      $0.bodyLimit = 1000
    } _: { server, http in
      let body = Samples.json() + String(repeating: " ", count: 1000)
      let answer = await http.send("POST", Samples.restEntries, body: body)
      #expect(answer.answer?.status == 413)
      #expect(answer.answer?.json["code"] as? String == "body_too_large")
      #expect(await server.books.count(of: "DE01") == 0)
    }
  }

  @Test func `texts of any kind come back as they were sent`() async throws {
    let text = "=1+1;\"quoted\" \\ \u{1F4B6} \u{7F} \t\r\n\u{1}end "
    try await Samples.withServer { server, http in
      var draft = Samples.draft()
      draft.description = text
      _ = await server.books.post(draft, to: "DE01")
      let found = try #require(
        await http.send("GET", Samples.restEntries + "?externalKey=K1").answer)
      let entries = found.json["entries"] as? [[String: Any]]
      #expect(entries?.first?["description"] as? String == text)
    }
  }
}
