import AdapterConformance
import AdapterKit
import Foundation
import GenericRESTAdapter
import HTTPTransport
import Ledger
import Testing

/// One folder per case: what is sent, and what answers mean.
@Suite struct GenericRESTFixtureTests {
  static let fixtures = GoldenFile.fixtures(besides: #filePath)
  static let answers =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: fixtures + "/answers")) ?? []).sorted()
  static let start = Moment(milliseconds: 1_793_491_200_000)

  static func adapter(
    _ http: any HTTPClient, _ values: [String: TestValue] = [:], secrets: [String: String] = [:]
  ) throws -> GenericRESTAdapter {
    let base: [String: TestValue] = [
      "adapter": "generic-rest", "url": "https://erp.example/api/", "company": "DE/01",
    ]
    return try GenericRESTAdapter(
      settings: .test(base.merging(values) { $1 }, secrets: secrets), http: http,
      now: { Self.start })
  }

  @Test func `there are fixtures of answers`() {
    #expect(Self.answers.count >= 20)
  }

  @Test func `sends each kind of entry as its fixture says`() async throws {
    let currency = try #require(Currency("EUR"))
    for (name, submission) in SampleEntry.cases(currency) {
      let http = ScriptedHTTPClient(always: { _ in .json(500, "") })
      _ = try await Self.adapter(http).submit([submission])
      let request = try #require(await http.requests.first)
      let golden = GoldenFile("\(Self.fixtures)/\(name)/request.json")
      #expect(try golden.difference(from: request.body) == nil)
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

}
