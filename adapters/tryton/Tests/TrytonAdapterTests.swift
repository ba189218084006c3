import AdapterConformance
import AdapterKit
import Foundation
import Ledger
import Testing
import TrytonAdapter

@Suite struct TrytonAdapterTests {
  let server = ScriptedTryton()
  let entry: Submission

  init() throws { entry = SampleEntry.plain(1, try #require(Currency("EUR"))) }

  private func adapter() throws -> TrytonAdapter {
    try TrytonAdapter(
      settings: .test(
        [
          "adapter": "tryton", "url": "https://erp.example", "database": "erp",
          "company": "Nordwind GmbH", "auth": ["user": "us", "password": "env:PASSWORD"],
        ], secrets: ["env:PASSWORD": "hidden-word"]), http: server,
      now: { Moment(milliseconds: 1_790_000_000_000) })
  }

  private func outcome(_ adapter: TrytonAdapter) async -> PostingOutcome? {
    await adapter.submit([entry])[entry.key]
  }

  @Test func `an entry is created, posted and answered with its number`() async throws {
    #expect(await outcome(try adapter()) == .posted(Receipt(id: "1", number: "2026/1")))
    #expect(await server.moves.map(\.isPosted) == [true])
  }

  @Test(arguments: ["model.account.move.create", "model.account.move.post"])
  func `a lost answer is unknown, and the entry is booked once when it is sent again`(
    method: String
  ) async throws {
    let adapter = try adapter()
    await server.lose(method)
    guard case .unknown? = await outcome(adapter) else {
      Issue.record("a lost answer is no verdict")
      return
    }
    let finding = await adapter.find(entry.key)
    if method.hasSuffix("create") {
      #expect(finding == .absent)
      #expect(await outcome(adapter) == .posted(Receipt(id: "1", number: "2026/1")))
    } else {
      #expect(finding == .found(Receipt(id: "1", number: "2026/1")))
      #expect(await outcome(adapter) == .alreadyPosted(Receipt(id: "1", number: "2026/1")))
    }
    #expect(await server.moves.count == 1)
    #expect(await server.createBodies.count == 1)
  }

  @Test func `what the ERP refuses to post leaves no draft behind`() async throws {
    await server.refuse(
      "model.account.move.post", "You cannot add lines on closed journal-period \"Revenue\".")
    guard case .rejected(let rejection)? = await outcome(try adapter()) else {
      Issue.record("it was not rejected")
      return
    }
    #expect(rejection.rejectionClass == .periodClosed)
    #expect(await server.moves.isEmpty)
  }

  @Test func `an empty answer means nothing to a user who does not see the company`() async throws {
    await server.hide()
    let adapter = try adapter()
    guard case .cannotTell(let problem) = await adapter.find(entry.key) else {
      Issue.record("it called absent what is hidden")
      return
    }
    #expect(problem.code == "connection_misconfigured")
    #expect(await adapter.check().map(\.code) == ["connection_misconfigured"])
  }

  @Test func `a session that the server forgot is renewed, once`() async throws {
    let adapter = try adapter()
    #expect(await adapter.find(entry.key) == .absent)
    await server.forgetSession()
    #expect(await outcome(adapter) == .posted(Receipt(id: "1", number: "2026/1")))
    #expect(await server.logins == 2)
  }

  @Test func `an exchange difference moves functional amounts alone, as decimals in texts`()
    async throws
  {
    let euro = try #require(Currency("EUR"))
    let sample = try #require(
      SampleEntry.cases(euro).first { $0.name == "exchange-difference" }
    ).1
    _ = try await adapter().submit([sample])
    let body = try #require(await server.createBodies.first)
    let golden = GoldenFile(
      GoldenFile.fixtures(besides: #filePath) + "/exchange-difference/request.json")
    #expect(try golden.difference(from: body) == nil)
  }
}
