import Foundation
import Testing

@testable import MockERP

@Suite struct SuiteQLTests {
  private func rows(
    _ query: String, _ http: RawHTTP
  ) async throws -> [[String: Any]] {
    let body = try JSONEncoder().encode(["q": query])
    let answer = try #require(
      await http.send(
        "POST", "/services/rest/query/v1/suiteql", headers: ["Prefer": "transient"],
        body: String(decoding: body, as: UTF8.self)
      ).answer)
    #expect(answer.status == 200, "\(answer.text)")
    return answer.json["items"] as? [[String: Any]] ?? []
  }

  @Test func `finds transactions, their lines, and sums of accounts`() async throws {
    try await Samples.withServer { _, http in
      for key in ["A", "B"] {
        _ = await http.send(
          "POST", NetSuiteSamples.records + "/journalEntry", body: NetSuiteSamples.journal(key))
      }
      let found = try await rows(
        "SELECT id, tranid, externalid FROM transaction WHERE externalid = 'B'", http)
      #expect(found.map { $0["id"] as? String } == ["64002"])
      #expect(found.first?["tranid"] as? String == "2026-000002")
      let lines = try await rows(
        """
        SELECT t.externalid AS key, a.acctnumber, l.debit, tl.memo FROM transaction t
        JOIN transactionaccountingline l ON l.transaction = t.id
        INNER JOIN transactionline tl ON tl.transaction = t.id AND tl.id = l.transactionline
        JOIN account a ON a.id = l.account
        WHERE t.externalid IN ('A', 'none') ORDER BY a.acctnumber DESC
        """, http)
      #expect(lines.map { $0["acctnumber"] as? String } == ["4400", "1200"])
      #expect(lines.map { $0["memo"] as? String } == ["Services", nil])
      #expect(lines.last?["debit"] as? String == "1000.00")
      #expect(lines.first?["debit"] == nil)
      let sums = try await rows(
        """
        SELECT a.acctnumber, SUM(l.amount) AS total, COUNT(*) AS lines
        FROM transactionaccountingline l JOIN account a ON a.id = l.account
        GROUP BY a.acctnumber ORDER BY a.acctnumber
        """, http)
      #expect(sums.map { $0["total"] as? String } == ["2000", "-2000"])
      #expect(sums.map { $0["lines"] as? String } == ["2", "2"])
    }
  }

  @Test func `codes of master data become ids, which stand for them from then on`() async throws {
    let seed = CompanySeed(code: "DE01", name: "Nord", accounts: [.init(number: "1200")])
    try await Samples.withServer {
      $0.companies = [seed]
    } _: { server, http in
      let account = try await rows("SELECT id FROM account WHERE acctnumber = '1200'", http)
      let id = try #require(account.first?["id"] as? String)
      #expect(id != "1200")
      #expect(try await rows("SELECT id FROM account WHERE acctnumber = '9'", http).isEmpty)
      let subsidiary = try await rows(
        "SELECT id, name FROM subsidiary WHERE externalid = 'DE01'", http)
      #expect(subsidiary.first?["name"] as? String == "Nord")
      let company = try #require(subsidiary.first?["id"] as? String)
      let body = """
        {"externalId":"K","subsidiary":{"id":"\(company)"},"currency":{"externalId":"EUR"},
         "tranDate":"2026-10-31","line":{"items":[{"account":{"id":"\(id)"},"debit":1.5},
         {"account":{"externalId":"1200"},"credit":1.5}]}}
        """
      let posted = await http.send("POST", NetSuiteSamples.records + "/journalEntry", body: body)
      #expect(posted.answer?.status == 204)
      #expect(await server.books.trialBalance(of: "DE01").functional["1200"]?.debit == 150)
      let wrong = body.replacing(#"{"id":"\#(id)"}"#, with: #"{"id":"1200"}"#)
        .replacing(#""K""#, with: #""K2""#)
      let taken = await http.send("POST", NetSuiteSamples.records + "/journalEntry", body: wrong)
      #expect(taken.answer?.status == 400, "a number is not an id")
    }
  }

  @Test func `periods say which are closed`() async throws {
    try await Samples.withServer {
      $0.companies = [
        CompanySeed(code: "DE01", periods: [.init(period: "2026-09", state: .closed)])
      ]
    } _: { _, http in
      let periods = try await rows(
        """
        SELECT id, periodname, closed FROM accountingperiod
        WHERE startdate >= '2026-09-01' AND enddate <= '2026-10-31' AND isyear = 'F'
        ORDER BY startdate
        """, http)
      #expect(periods.map { $0["periodname"] as? String } == ["Sep 2026", "Oct 2026"])
      #expect(periods.map { $0["closed"] as? String } == ["T", "F"])
    }
  }

  @Test(arguments: [
    "SELECT", "SELECT id FROM nowhere", "SELECT nothing FROM account WHERE nothing = '1'",
    "DELETE FROM account", "SELECT id FROM account WHERE acctnumber = 'x",
    "SELECT id FROM account x y",
  ])
  func `a query that cannot be read says so`(query: String) async throws {
    try await Samples.withServer { _, http in
      _ = await http.send(
        "POST", NetSuiteSamples.records + "/journalEntry", body: NetSuiteSamples.journal())
      let body = try JSONEncoder().encode(["q": query])
      let answer = await http.send(
        "POST", "/services/rest/query/v1/suiteql", headers: ["Prefer": "transient"],
        body: String(decoding: body, as: UTF8.self))
      #expect(answer.answer?.status == 400)
      #expect(answer.answer?.errorDetail("detail")?.contains("Invalid search query") == true)
    }
  }
}
