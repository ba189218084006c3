import Foundation
import Testing

@testable import MockERP

@Suite struct AdminTests {
  @Test func `seeds companies, which then refuse what they do not know`() async throws {
    try await Samples.withServer {
      $0.strict = true
    } _: { server, http in
      let seed = """
        {"companies":[{"code":"DE01","functionalCurrency":"EUR","accounts":[{"number":"1200"}],
        "periods":[{"period":"2026-10","state":"open"}],"otherPeriods":"closed"}]}
        """
      let seeded = await http.send("POST", "/_admin/seed", body: seed)
      #expect(seeded.answer?.text == #"{"companies":["DE01"]}"#)
      let unknown = await http.send("POST", Samples.restEntries, body: Samples.json())
      #expect(unknown.answer?.json["code"] as? String == "unknown_account")
      let known = await http.send(
        "POST", Samples.restEntries, body: Samples.json(account: "1200"))
      #expect(known.answer?.status == 201)
      let closed = await http.send(
        "POST", Samples.restEntries,
        body: Samples.json("K2", date: "2026-11-01", account: "1200"))
      #expect(closed.answer?.json["code"] as? String == "closed_period")
    }
  }

  @Test(arguments: [
    (#"{"companies":[{"name":"x"}]}"#, "/companies/0/code"),
    (
      #"{"companies":[{"code":"A","functionalCurrency":"XXX"}]}"#, "/companies/0/functionalCurrency"
    ),
    (
      #"{"companies":[{"code":"A","periods":[{"period":"2026-13","state":"open"}]}]}"#,
      "/companies/0/periods/0/period"
    ),
  ])
  func `says where a seed is wrong`(body: String, field: String) async throws {
    try await Samples.withServer { _, http in
      let answer = await http.send("POST", "/_admin/seed", body: body)
      #expect(answer.answer?.status == 400)
      #expect(answer.answer?.json["field"] as? String == field)
    }
  }

  @Test func `closes and opens periods`() async throws {
    try await Samples.withServer { _, http in
      let closed = await http.send("POST", "/_admin/periods/DE01/2026-10/close")
      #expect(
        closed.answer?.text == #"{"company":"DE01","period":"2026-10","state":"closed"}"#)
      #expect(
        await http.send("POST", Samples.restEntries, body: Samples.json()).answer?.status == 422)
      _ = await http.send("POST", "/_admin/periods/DE01/2026-10/open")
      #expect(
        await http.send("POST", Samples.restEntries, body: Samples.json()).answer?.status == 201)
      #expect(
        await http.send("POST", "/_admin/periods/DE01/october/close").answer?.status == 400)
    }
  }

  @Test func `shows the journal and a trial balance that agree`() async throws {
    try await Samples.withServer { server, http in
      for index in 0..<1200 {
        let date = index < 200 ? "2026-09-30" : "2026-10-31"
        _ = await server.books.post(
          Samples.draft("K\(index)", date: date, amount: "0.01"), to: "DE01")
      }
      let all = try #require(await http.send("GET", "/_admin/journal?company=DE01").answer)
      #expect((all.json["entries"] as? [Any])?.count == 1200)
      let october = try #require(
        await http.send("GET", "/_admin/journal?company=DE01&period=2026-10").answer)
      let entries = try #require(october.json["entries"] as? [[String: Any]])
      #expect(entries.count == 1000)
      #expect(entries.first?["number"] as? String == "2026-000201")
      #expect(entries.first?["date"] as? String == "2026-10-31")
      let line = (entries.first?["lines"] as? [[String: Any]])?.first
      #expect(line?["account"] as? String == "1200")
      #expect(line?["side"] as? String == "debit")
      #expect(line?["amount"] as? String == "0.01")
      let balance = try #require(
        await http.send("GET", "/_admin/trial-balance?company=DE01&period=2026-10").answer)
      let accounts = try #require(balance.json["accounts"] as? [[String: Any]])
      #expect(accounts.map { $0["account"] as? String } == ["1200", "4400"])
      #expect(accounts.map { $0["balance"] as? String } == ["10.00", "-10.00"])
      let total = balance.json["total"] as? [String: Any]
      #expect(total?["debit"] as? String == "10.00")
      #expect(total?["balance"] as? String == "0.00")
      let empty = await http.send("GET", "/_admin/journal?company=XX&period=")
      #expect(empty.answer?.text == #"{"company":"XX","entries":[]}"#)
      #expect(await http.send("GET", "/_admin/journal").answer?.status == 400)
    }
  }

  @Test func `counts keys that hold any character`() async throws {
    try await Samples.withServer { server, http in
      _ = await server.books.post(Samples.draft("a/b c"), to: "DE01")
      let answer = await http.send("GET", "/_admin/keys/a%2Fb%20c")
      #expect(answer.answer?.text == #"{"externalKey":"a/b c","booked":1,"received":0}"#)
    }
  }

  @Test func `remembers the latest requests and shows those asked for`() async throws {
    try await Samples.withServer {
      $0.requestJournalLimit = 3
      $0.faults = [FaultRule(match: .init(externalKey: "C"), act: .bookThenDrop)]
    } _: { _, http in
      for key in ["A", "B", "C", "D"] {
        _ = await http.send("POST", Samples.restEntries, body: Samples.json(key))
      }
      let all = try #require(await http.send("GET", "/_admin/requests").answer)
      let requests = try #require(all.json["requests"] as? [[String: Any]])
      #expect(requests.map { $0["key"] as? String } == ["B", "C", "D"])
      #expect(requests.map { $0["status"] as? Int } == [201, nil, 201])
      #expect(requests.map { $0["fault"] as? String } == [nil, "bookThenDrop", nil])
      #expect(requests[0]["path"] as? String == Samples.restEntries)
      #expect(requests[0]["method"] as? String == "POST")
      #expect(requests[0]["time"] as? String == "2026-11-01T08:00:00.000Z")
      let one = try #require(await http.send("GET", "/_admin/requests?key=D&status=201").answer)
      #expect((one.json["requests"] as? [Any])?.count == 1)
      let none = try #require(await http.send("GET", "/_admin/requests?fault=reset").answer)
      #expect((none.json["requests"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func `sets, shows with their counts, and clears faults`() async throws {
    try await Samples.withServer { _, http in
      let yaml = "- name: down\n  match: {externalKey: K1}\n  act: {status: 500}\n  times: 1\n"
      let set = await http.send("PUT", "/_admin/faults", body: yaml)
      #expect(set.answer?.status == 200)
      #expect(
        await http.send("POST", Samples.restEntries, body: Samples.json()).answer?.status == 500)
      let shown = try #require(await http.send("GET", "/_admin/faults").answer)
      #expect(shown.list.first?["acted"] as? Int == 1)
      let again = await http.send("PUT", "/_admin/faults", body: shown.text)
      #expect(again.answer?.status == 200)
      #expect(
        await http.send("POST", Samples.restEntries, body: Samples.json()).answer?.status == 500)
      let cleared = await http.send("DELETE", "/_admin/faults")
      #expect(cleared.answer?.text == "[]")
      let wrong = await http.send("PUT", "/_admin/faults", body: #"[{"act":"explode"}]"#)
      #expect(wrong.answer?.status == 400)
      #expect(wrong.answer?.json["code"] as? String == "invalid_faults")
    }
  }

  @Test func `a reset empties books and request journal`() async throws {
    try await Samples.withServer { server, http in
      _ = await http.send("POST", Samples.restEntries, body: Samples.json())
      #expect(await http.send("POST", "/_admin/reset").answer?.status == 200)
      #expect(await server.books.companyCodes == [])
      let requests = await http.send("GET", "/_admin/requests")
      #expect(requests.answer?.text == #"{"requests":[]}"#)
      #expect(await http.send("GET", "/_admin/nothing").answer?.status == 404)
    }
  }
}
