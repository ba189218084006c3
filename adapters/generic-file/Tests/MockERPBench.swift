import AdapterConformance
import AdapterKit
import Foundation
import GenericFileAdapter
import Ledger
import MockBench
import MockERP
import TestSupport

/// The adapter before a folder that a mock ERP of its own looks through.
struct MockERPBench: ConformanceBench {
  let server: MockERPServer
  let folder: TemporaryFolder
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets: [String] = []
  let functionalCurrency: Currency
  /// Between the adapter and its folders.
  let files: FaultyFileExchange

  /// - Parameter use: gets the bench; the server is stopped when it returns.
  static func use<Value>(
    _ values: [String: TestValue] = [:], in currency: Currency,
    _ use: (MockERPBench, GenericFileAdapter) async throws -> Value
  ) async throws -> Value {
    let folder = try TemporaryFolder("exchange")
    var configuration = MockERPConfiguration()
    configuration.exchange = folder.url
    let server = try await MockERPServer.start(configuration)
    do {
      let settings = Self.settings(folder.path, values)
      let release = try GenericFileAdapter.releasingEnding(by: settings)
      let files = FaultyFileExchange(try GenericFileAdapter.exchange(for: settings)) { name in
        if name.hasSuffix(GenericFileAdapter.acknowledgementEnding) { return .answer }
        return name.hasSuffix(release) ? .release : name.hasSuffix(".json") ? .other : .content
      }
      let adapter = try GenericFileAdapter(settings: settings, files: files)
      let gone = try Self.adapter(folder.path + "/not-there", values)
      try FileManager.default.removeItem(atPath: folder.path + "/not-there")
      let bench = MockERPBench(
        server: server, folder: folder, adapter: adapter, unreachable: gone,
        functionalCurrency: currency, files: files)
      let value = try await use(bench, adapter)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
    }
  }

  static func adapter(_ path: String, _ values: [String: TestValue]) throws -> GenericFileAdapter {
    try GenericFileAdapter(settings: settings(path, values))
  }

  private static func settings(
    _ path: String, _ values: [String: TestValue]
  ) -> AdapterSettings {
    let base: [String: TestValue] = ["url": .text("file://" + path), "company": "DE01"]
    return .test(base.merging(values) { $1 })
  }

  func booked(_ key: PostingKey) async -> [BookedPosting] {
    await server.books.entries(forKey: key.text, company: "DE01").map { BookedPosting($0) }
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    let act: FaultRule.Act
    switch fault {
    case .refuse(let text): act = .refuse(Refusal(code: "closed_period", message: text))
    case .loseVerdict: act = .bookThenDrop
    default: return files.arrange(fault)
    }
    await server.faults.set([
      FaultRule(match: FaultRule.Match(dialect: "generic-file"), act: act, times: 1)
    ])
    return true
  }

  func spoil(_ answer: BadAnswer) -> Bool {
    files.spoil(answer)
    return true
  }

  func holdBack() -> Bool {
    files.holdBack()
    return true
  }

  func deliverLate() async { await files.deliverLate() }

  func settle() async {
    await server.exchange?.pickUp()
  }
}
