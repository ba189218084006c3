import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import NetSuiteAdapter
import Testing

/// One folder per case: what is sent, and what answers mean.
@Suite struct NetSuiteFixtureTests {
  static let fixtures = GoldenFile.fixtures(besides: #filePath)
  static let answers =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: fixtures + "/answers")) ?? []).sorted()

  @Test func `there are fixtures of answers`() {
    #expect(Self.answers.count >= 20)
  }

  @Test func `sends each kind of entry as its fixture says`() async throws {
    let euro = try #require(Currency("EUR"))
    for (name, submission) in SampleEntry.cases(euro) {
      let http = ScriptedNetSuite()
      let adapter = try NetSuiteAdapter.test(http)
      guard adapter.descriptor.refusal(of: submission.entry) == nil else { continue }
      _ = await adapter.submit([submission])
      let request = try #require(await http.posts.first)
      #expect(request.url == ScriptedNetSuite.account + "/services/rest/record/v1/journalEntry")
      #expect(request.headers["X-NetSuite-PropertyNameValidation"] == "Error")
      let golden = GoldenFile("\(Self.fixtures)/\(name)/request.json")
      #expect(try golden.difference(from: request.body) == nil)
    }
  }

  @Test(arguments: DocumentSample.all)
  func `sends each kind of document as its fixture says`(sample: DocumentSample) async throws {
    let http = ScriptedNetSuite()
    let adapter = try NetSuiteAdapter.test(http, DocumentSample.settings)
    _ = await adapter.submit([try sample.submission])
    let request = try #require(await http.posts.first)
    #expect(request.url.hasSuffix("/record/v1/\(sample.record)"))
    let golden = GoldenFile("\(Self.fixtures)/\(sample.rawValue)/request.json")
    #expect(try golden.difference(from: request.body) == nil)
  }

  @Test(arguments: answers)
  func `reads an answer as its fixture says`(name: String) async throws {
    let submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    let response = try HTTPResponse(
      recordedAt: "\(Self.fixtures)/answers/\(name)/answer.http", key: submission.key)
    let http = ScriptedNetSuite { request in
      request.method == .post && request.url.contains("/record/v1/") ? response : nil
    }
    let outcomes = try await NetSuiteAdapter.test(http, ["readNumbers": false])
      .submit([submission])
    let outcome = try #require(outcomes[submission.key])
    let golden = GoldenFile("\(Self.fixtures)/answers/\(name)/outcome.txt")
    let text = outcome.fixtureText.replacingOccurrences(of: submission.key.text, with: "{key}")
    #expect(try golden.difference(from: [UInt8](text.utf8)) == nil)
  }

}
