import Foundation
import Testing

@testable import MockERP

@Suite struct TrytonTests {
  /// A user who is logged in.
  private struct Client {
    let http: RawHTTP
    var session: String?

    func call(_ method: String, _ params: String, keys: String = #""id":7,"#) async -> RawHTTP
      .Answer?
    {
      var headers = ["Content-Type": "application/json"]
      headers["Authorization"] = session
      return await http.send(
        "POST", "/tryton/erp/rpc/", headers: headers,
        body: #"{\#(keys)"method":"\#(method)","params":\#(params)}"#
      ).answer
    }

    mutating func logIn(_ password: String = "admin-secret") async throws {
      let answer = try #require(
        await call("common.db.login", #"["admin",{"password":"\#(password)"},"en"]"#))
      let parts = try #require(answer.json["result"] as? [Any])
      let token = try #require(parts[1] as? String)
      session = "Session " + Data("admin:1:\(token)".utf8).base64EncodedString()
    }

    func ids(_ method: String, _ domain: String) async throws -> [Int] {
      let answer = try #require(await call(method, #"[\#(domain),0,9,null,["id"],{}]"#))
      let rows = try #require(answer.json["result"] as? [[String: Any]])
      return rows.compactMap { $0["id"] as? Int }
    }

    /// A move of two lines between accounts of the first company.
    func move(
      _ key: String, debit: String = "119.00", credit: String = "119.00", month: String = "2026-10"
    ) async throws -> String {
      let company = try #require(
        try await ids("model.company.company.search_read", #"[["party.name","=","DE01"]]"#).first)
      var accounts: [Int] = []
      for code in ["1200", "4400"] {
        accounts += try await ids(
          "model.account.account.search_read",
          #"[["code","=","\#(code)"],["company","=",\#(company)]]"#)
      }
      let period = try #require(
        try await ids(
          "model.account.period.search_read",
          #"[["company","=",\#(company)],["start_date","<=","\#(month)-15"],["end_date",">=","\#(month)-15"]]"#
        ).first)
      let journal = try #require(
        try await ids("model.account.journal.search_read", #"[["code","=","REV"]]"#).first)
      return #"""
        [[{"company":\#(company),"period":\#(period),"journal":\#(journal),"date":"\#(month)-15",
        "description":"\#(key)","lines":[["create",[
        {"account":\#(accounts[0]),"debit":\#(debit),"credit":"0"},
        {"account":\#(accounts[1]),"debit":"0","credit":\#(credit)}]]]}],{"company":\#(company)}]
        """#.replacing("\n", with: "")
    }

    static func decimal(_ text: String) -> String {
      #"{"__class__":"Decimal","decimal":"\#(text)"}"#
    }

    func create(_ params: String) async throws -> Int {
      let answer = try #require(await call("model.account.move.create", params))
      let ids = try #require(answer.json["result"] as? [Int], "\(answer.text)")
      return try #require(ids.first)
    }

    func fault(_ answer: RawHTTP.Answer?) -> String {
      let parts = answer?.json["error"] as? [Any]
      return (parts?.last as? [Any])?.first as? String ?? parts?.first as? String ?? ""
    }
  }

  private func with(
    _ configure: (inout MockERPConfiguration) -> Void = { _ in },
    _ test: (MockERPServer, Client) async throws -> Void
  ) async throws {
    try await Samples.withServer(configure) { server, http in
      var client = Client(http: http)
      try await client.logIn()
      try await test(server, client)
    }
  }

  @Test func `a move is created, posted, and found by its description`() async throws {
    try await with { server, client in
      let value = Client.decimal("119.00")
      let id = try await client.create(client.move("K1", debit: value, credit: value))
      #expect(await server.books.count(ofKey: "K1") == .init(booked: 0, received: 1))
      let read = try #require(
        await client.call(
          "model.account.move.read", #"[[\#(id)],["state","number","lines.state"],{}]"#))
      let draft = try #require((read.json["result"] as? [[String: Any]])?.first)
      #expect(draft["state"] as? String == "draft")
      #expect(draft["number"] is NSNull)
      let lines = try #require(draft["lines."] as? [[String: Any]])
      #expect(lines.compactMap { $0["state"] as? String } == ["valid", "valid"])
      let posted = try #require(await client.call("model.account.move.post", "[[\(id)],{}]"))
      #expect(posted.text == #"{"id":7,"result":null}"#)
      let found = try #require(
        await client.call(
          "model.account.move.search_read",
          #"[[["description","=","K1"]],0,3,null,["number","state"],{}]"#))
      let row = try #require((found.json["result"] as? [[String: Any]])?.first)
      #expect(row["number"] as? String == "2026-000001")
      #expect(row["state"] as? String == "posted")
      #expect(await server.books.count(ofKey: "K1").booked == 1)
      let again = await client.call("model.account.move.post", "[[\(id)],{}]")
      #expect(again?.status == 200)
      #expect(client.fault(again).contains("You can not call \"post\""))
    }
  }

  @Test func `the same description is taken twice, and a draft that does not balance`() async throws
  {
    try await with { server, client in
      let (large, small) = (Client.decimal("119.00"), Client.decimal("5.10"))
      for _ in 1...2 {
        let id = try await client.create(client.move("K1", debit: large, credit: large))
        _ = await client.call("model.account.move.post", "[[\(id)],{}]")
      }
      #expect(await server.books.count(ofKey: "K1").booked == 2)
      let odd = try await client.create(client.move("K2", debit: large, credit: small))
      #expect(server.tryton.drafts == 1)
      let refused = await client.call("model.account.move.post", "[[\(odd)],{}]")
      #expect(client.fault(refused).contains("you must balance all its lines"))
      _ = await client.call("model.account.move.delete", "[[\(odd)],{}]")
      #expect(server.tryton.drafts == 0)
    }
  }

  @Test func `what must not be is refused inside 200`() async throws {
    try await with { server, client in
      let value = Client.decimal("5.10")
      let float = await client.call(
        "model.account.move.create", try await client.move("K1", debit: "5.1", credit: value))
      #expect(client.fault(float).contains("exceeds the limit"))
      #expect(await server.books.set(period: "2026-09", of: "DE01", to: .closed))
      let closed = await client.call(
        "model.account.move.create",
        try await client.move("K1", debit: value, credit: value, month: "2026-09"))
      #expect(closed?.status == 200)
      #expect(client.fault(closed).contains("closed period \"2026-09\""))
      let unknown = await client.call(
        "model.account.move.search_read", #"[[],0,1,null,["nope"],{}]"#)
      // No move is there yet, so nothing was read.
      #expect(unknown?.text == #"{"id":7,"result":[]}"#)
      let noContext = await client.call("model.account.move.post", "[[1]]")
      #expect(noContext?.status == 422)
      #expect(await client.call("model.account.move.nope", "[{}]")?.status == 403)
    }
  }

  @Test func `sessions are checked, and end`() async throws {
    try await with { server, client in
      var stranger = client
      stranger.session = "Session " + Data("admin:1:guess".utf8).base64EncodedString()
      #expect(await stranger.call("model.account.move.post", "[[1],{}]")?.status == 401)
      stranger.session = nil
      #expect(await stranger.call("model.account.move.post", "[[1],{}]")?.status == 401)
      let wrong = await stranger.call("common.db.login", #"["admin",{"password":"no"},"en"]"#)
      #expect(wrong?.status == 401)
      let none = await stranger.call("common.db.login", #"["admin",{},"en"]"#)
      #expect((none?.json["error"] as? [Any])?.first as? String == "LoginException")
      server.tryton.endSessions()
      #expect(await client.call("model.account.move.post", "[[1],{}]")?.status == 401)
    }
  }

  @Test func `another set of keys gets another style of errors`() async throws {
    try await with { _, client in
      let bare = await client.call("model.account.move.post", "[[99],{}]", keys: "")
      #expect(bare?.status == 400)
      #expect(bare?.text.contains("<!doctype html>") == true)
      let wrapped = await client.call("model.account.move.post", "[[99],{}]")
      #expect(wrapped?.status == 200)
    }
  }

  @Test func `a user of one company sees nothing of another, and no error`() async throws {
    try await with { server, client in
      let value = Client.decimal("119.00")
      _ = try await client.create(client.move("K1", debit: value, credit: value))
      server.tryton.change {
        $0.companyFilter = .one
        $0.currentCompany = "SE01"
      }
      let found = await client.call(
        "model.account.move.search_read",
        #"[[["description","=","K1"]],0,3,null,["state"],{}]"#)
      #expect(found?.text == #"{"id":7,"result":[]}"#)
    }
  }

  @Test func `a cancellation is posted at once, refers to the first, and may come twice`()
    async throws
  {
    try await with { server, client in
      let value = Client.decimal("119.00")
      let id = try await client.create(client.move("K1", debit: value, credit: value))
      _ = await client.call("model.account.move.post", "[[\(id)],{}]")
      for number in 1...2 {
        let answer = await client.call(
          "wizard.account.move.cancel.execute",
          #"[1,{"default":{"description":"R\#(number)","reversal":true}},"cancel",{"active_ids":[\#(id)]}]"#
        )
        #expect(answer?.json["error"] == nil, "\(answer?.text ?? "")")
      }
      let origin = try await client.ids(
        "model.account.move.search_read", #"[["origin","=","account.move,\#(id)"]]"#)
      #expect(origin.count == 2)
      let entry = try #require(await server.books.entries(forKey: "R1", company: "DE01").first)
      #expect(entry.content.lines.map(\.side) == [.credit, .debit])
    }
  }

  @Test func `series 7 has its own addresses`() async throws {
    let series7: (inout MockERPConfiguration) -> Void = { $0.tryton.version = .v7 }
    try await Samples.withServer(series7) { _, http in
      let body = #"{"id":1,"method":"common.server.version","params":[]}"#
      #expect(await http.send("POST", "/tryton/rpc/", body: body).answer?.status == 405)
      #expect(
        await http.send("POST", "/tryton/", body: body).answer?.text
          == #"{"id":1,"result":"7.0"}"#)
    }
  }
}
