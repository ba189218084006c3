import AdapterConformance
import AdapterKit
import FileTransport
import Foundation
import GenericFileAdapter
import Ledger
import Testing

/// One folder per case: what is handed over, and what acknowledgements mean.
@Suite struct GenericFileFixtureTests {
  static let fixtures = GoldenFile.fixtures(besides: #filePath)
  static let acknowledgements =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: fixtures + "/acknowledgements")) ?? []).sorted()

  static func adapter(
    _ files: any FileExchange, _ values: [String: TestValue] = [:]
  ) throws -> GenericFileAdapter {
    let base: [String: TestValue] = [
      "adapter": "generic-file", "url": "file:///exchange", "company": "DE01",
    ]
    return try GenericFileAdapter(settings: .test(base.merging(values) { $1 }), files: files)
  }

  @Test func `there are fixtures of acknowledgements`() {
    #expect(Self.acknowledgements.count >= 10)
  }

  @Test(arguments: ["csv", "fixedWidth"])
  func `hands each kind of entry over as its fixture says`(format: String) async throws {
    let currency = try #require(Currency("EUR"))
    for (name, submission) in SampleEntry.cases(currency) {
      let files = MemoryExchange()
      _ = try await Self.adapter(files, ["format": .text(format)]).submit([submission])
      let written = await files.names(in: "DE01/in")
      #expect(written.count == 2)
      let file = try #require(written.first)
      #expect(written.last == file + ".manifest.json")
      let bytes = try #require(await files.folders["DE01/in"]?[file])
      let ending = format == "csv" ? "csv" : "txt"
      let golden = GoldenFile("\(Self.fixtures)/\(name)/journal.\(ending)")
      #expect(try golden.difference(from: bytes) == nil)
      if name == "invoice-with-tax" {
        let manifest = try #require(await files.folders["DE01/in"]?[file + ".manifest.json"])
        let list = try #require(await files.folders["DE01/sent"]?[file + ".keys.json"])
        let goldens = [
          (GoldenFile("\(Self.fixtures)/\(name)/\(format)-manifest.json"), manifest),
          (GoldenFile("\(Self.fixtures)/\(name)/\(format)-keys.json"), list),
        ]
        for (golden, bytes) in goldens { #expect(try golden.difference(from: bytes) == nil) }
      }
    }
  }

  @Test(arguments: acknowledgements)
  func `reads an acknowledgement as its fixture says`(name: String) async throws {
    let submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    let files = MemoryExchange()
    let adapter = try Self.adapter(files)
    guard case .submitted(let ticket)? = await adapter.submit([submission])[submission.key] else {
      Issue.record("not submitted")
      return
    }
    let file = try #require(await files.names(in: "DE01/in").first)
    let hash = try #require(ticket.text.split(separator: " ").last)
    let acknowledgement = try String(
      contentsOfFile: "\(Self.fixtures)/acknowledgements/\(name)/ack.json", encoding: .utf8
    )
    .replacingOccurrences(of: "{key}", with: submission.key.text)
    .replacingOccurrences(of: "{file}", with: file)
    .replacingOccurrences(of: "{sha256}", with: hash)
    await files.put(acknowledgement, as: file + ".ack.json", in: "DE01/out")
    let outcome = await adapter.poll([submission.key: ticket])[submission.key]
    let text = (outcome?.fixtureText ?? "still submitted\n")
      .replacingOccurrences(of: submission.key.text, with: "{key}")
      .replacingOccurrences(of: file, with: "{file}")
    let golden = GoldenFile("\(Self.fixtures)/acknowledgements/\(name)/outcome.txt")
    #expect(try golden.difference(from: [UInt8](text.utf8)) == nil)
  }
}
