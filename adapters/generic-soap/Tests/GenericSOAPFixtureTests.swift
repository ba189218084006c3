import AdapterConformance
import AdapterKit
import Foundation
import GenericSOAPAdapter
import HTTPTransport
import Ledger
import Testing

/// One folder per case: what is sent, and what answers mean.
@Suite struct GenericSOAPFixtureTests {
  static let fixtures = GoldenFile.fixtures(besides: #filePath)
  static let answers =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: fixtures + "/answers")) ?? []).sorted()
  static let start = Moment(milliseconds: 1_793_491_200_000)

  static func adapter(
    _ http: any HTTPClient, _ values: [String: TestValue] = [:], secrets: [String: String] = [:]
  ) throws -> GenericSOAPAdapter {
    let base: [String: TestValue] = [
      "adapter": "generic-soap", "url": "https://erp.example/soap", "company": "DE01",
    ]
    return try GenericSOAPAdapter(
      settings: .test(base.merging(values) { $1 }, secrets: secrets), http: http,
      now: { Self.start }, nonce: { [UInt8](0..<16) })
  }

  @Test func `there are fixtures of answers`() {
    #expect(Self.answers.count >= 20)
  }

  @Test func `sends each kind of entry as its fixture says`() async throws {
    let currency = try #require(Currency("EUR"))
    for (name, submission) in SampleEntry.cases(currency) {
      let http = ScriptedHTTPClient(always: { _ in .soap(500, "") })
      _ = try await Self.adapter(http).submit([submission])
      let request = try #require(await http.requests.first)
      let golden = GoldenFile("\(Self.fixtures)/\(name)/request.xml")
      #expect(try golden.difference(from: request.body) == nil)
    }
  }

  @Test(arguments: [("1.1", "usernameToken"), ("1.2", "usernameTokenDigest")])
  func `identifies itself as its fixture says`(version: String, type: String) async throws {
    let submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    let http = ScriptedHTTPClient(always: { _ in .soap(500, "") })
    let adapter = try Self.adapter(
      http,
      [
        "version": .text(version),
        "auth": ["type": .text(type), "user": "postern", "password": "env:PASSWORD"],
      ], secrets: ["env:PASSWORD": "correct horse"])
    _ = await adapter.submit([submission])
    let request = try #require(await http.requests.first)
    let golden = GoldenFile("\(Self.fixtures)/auth-\(type)/request.xml")
    #expect(try golden.difference(from: request.body) == nil)
    let action = "urn:generic-erp:journal:1:PostJournalEntries"
    if version == "1.1" {
      #expect(request.headers["SOAPAction"] == "\"\(action)\"")
    } else {
      #expect(
        request.headers["Content-Type"]
          == "application/soap+xml; charset=utf-8; action=\"\(action)\"")
    }
  }

  @Test(arguments: answers)
  func `reads an answer as its fixture says`(name: String) async throws {
    let submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    let response = try HTTPResponse(
      recordedAt: "\(Self.fixtures)/answers/\(name)/answer.http", key: submission.key)
    let outcomes = try await Self.adapter(ScriptedHTTPClient([.answer(response)]))
      .submit([submission])
    let outcome = try #require(outcomes[submission.key])
    let golden = GoldenFile("\(Self.fixtures)/answers/\(name)/outcome.txt")
    let text = outcome.fixtureText.replacingOccurrences(of: submission.key.text, with: "{key}")
    #expect(try golden.difference(from: [UInt8](text.utf8)) == nil)
  }

  @Test func `every element that is sent is declared in the WSDL`() throws {
    let wsdl = try String(
      contentsOfFile: URL(fileURLWithPath: Self.fixtures).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("generic-journal.wsdl").path,
      encoding: .utf8)
    let request = try String(
      contentsOfFile: Self.fixtures + "/invoice-with-tax/request.xml", encoding: .utf8)
    let names = Set(
      request.components(separatedBy: "<j:").dropFirst().map { part in
        String(part.prefix { $0 != ">" && $0 != "/" })
      })
    #expect(names.count > 12)
    for name in names { #expect(wsdl.contains("name=\"\(name)\"")) }
  }
}
