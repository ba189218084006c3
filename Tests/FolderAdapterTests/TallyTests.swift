import AdapterConformance
import AdapterKit
import DeclarativeAdapter
import Foundation
import HTTPTransport
import Ledger
import MockBench
import MockERP
import TestSupport
import Testing

/// The example in YAML, against the mock ERP over real connections.
@Suite struct TallyTests {
  let euro: Currency
  let folder: TemporaryFolder

  init() throws {
    euro = try #require(Currency("EUR"))
    folder = try TemporaryFolder("tally")
    let adapters = folder.url.appendingPathComponent("adapters")
    try FileManager.default.createDirectory(at: adapters, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Examples.folder.appendingPathComponent("tally"),
      to: adapters.appendingPathComponent("tally"))
  }

  @Test(arguments: ConformanceCheck.all)
  func `does what every adapter must`(check: ConformanceCheck) async throws {
    let definition = try Examples.declaration(Examples.load("tally", in: folder.url))
    let result = try await TallyBench.use(definition, euro) { try await check.run(on: $0) }
    #expect(result.faults.isEmpty)
  }

  /// Each change to the example's files, and what is said about it.
  @Test(arguments: [
    ("entry.json.mustache", "{{account}}", "{{acount}}", "entry.json.mustache:12", "'acount'"),
    ("entry.json.mustache", "{{reference}}", "{{{reference}}}", "mustache:7", "not allowed"),
    ("entry.json.mustache", "{{^last()}},{{/last()}}", ",", "entry.json.mustache", "well formed"),
    ("entry.json.mustache", "{{/lines}}", "{{/line}}", "entry.json.mustache:", "section"),
    ("entry.json.mustache", "{{amount}}", "{{dotted(amount)}}", "mustache", "no filter 'dotted'"),
    ("adapter.yaml", "number: /number", "numbr: /number", "adapter.yaml:", "'numbr' is no key"),
    ("adapter.yaml", "idempotency: native", "idempotency: magic", "adapter.yaml", "idempotency"),
    (
      "adapter.yaml", "body: entry.json.mustache", "body: no.mustache", "adapter.yaml",
      "no.mustache"
    ),
    ("adapter.yaml", "items: /entries", "items: entries", "adapter.yaml:", "no path"),
    ("adapter.yaml", "status: [200, 201]", "status: [20]", "adapter.yaml:", "HTTP status"),
  ])
  func `a mistake is told with its file and what is wrong`(
    file: String, old: String, new: String, place: String, words: String
  ) throws {
    let url = folder.url.appendingPathComponent("adapters/tally/\(file)")
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
    let fault = #expect(throws: SettingsFault.self) {
      try Examples.declaration(Examples.load("tally", in: folder.url))
    }
    let told = fault?.problems.contains {
      $0.pointer.contains(place) && $0.detail.contains(words)
    }
    #expect(told == true, "\(fault?.problems ?? [])")
  }
}

/// A declared adapter in front of a mock ERP of its own.
struct TallyBench: MockBench {
  static let token = "t0ken-7f3a9c"

  let server: MockERPServer
  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = [TallyBench.token]
  let functionalCurrency: Currency
  let dialect = "generic-rest"
  let operation = "PostJournalEntr*"
  let http: FaultyHTTPClient

  /// Takes every account but one, and two parties.
  static let seed = CompanySeed(
    code: "DE01", accounts: [CompanySeed.Account(number: "9998", blocked: true)],
    acceptAnyAccount: true,
    parties: [CompanySeed.Party(code: "C-1007"), CompanySeed.Party(code: "C;1'007")],
    periods: [CompanySeed.Period(period: "2026-08", state: .closed)])

  static func use<Value>(
    _ definition: DeclarativeDefinition, _ currency: Currency,
    _ use: (TallyBench) async throws -> Value
  ) async throws -> Value {
    var configuration = MockERPConfiguration()
    configuration.bearerToken = token
    configuration.companies = [seed]
    return try await MockERPServer.use(configuration) { server, gone in
      let http = FaultyHTTPClient(CurlHTTPClient()) { $0.method == .post }
      func adapter(_ server: MockERPServer) throws -> DeclarativeAdapter {
        try DeclarativeAdapter(
          definition,
          settings: .test(
            [
              "url": .text("http://127.0.0.1:\(server.port)/generic/rest"), "company": "DE01",
              "auth": ["type": "bearer", "token": "env:TOKEN"], "timeouts": ["request": 300],
            ], secrets: ["env:TOKEN": token]),
          http: http, now: { Moment(milliseconds: 1_790_000_000_000) })
      }
      return try await use(
        TallyBench(
          server: server, adapter: try adapter(server), unreachable: try adapter(gone),
          functionalCurrency: currency, http: http))
    }
  }

  func refused(_ reason: Rejection.Class) -> Submission? {
    SampleEntry.refused(
      reason, functionalCurrency,
      SampleEntry.Refusals(account: "9998", party: "C-9", period: FiscalPeriod("2026-08")))
  }
}
