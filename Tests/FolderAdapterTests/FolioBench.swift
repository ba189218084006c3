import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import PosternConfiguration
import ProcessAdapter
import TestSupport
import Testing

/// The Python example in front of its Python ERP.
struct FolioBench: ConformanceBench {
  static let token = "folio-token"
  static let path = "/usr/local/bin:/usr/bin:/bin"

  let adapter: any ERPAdapter
  let unreachable: any ERPAdapter
  let secrets = [FolioBench.token]
  let functionalCurrency: Currency
  private let server: ChildProcess
  private let url: String
  private let folder: TemporaryFolder

  init(_ currency: Currency) async throws {
    folder = try TemporaryFolder("folio")
    let adapters = folder.url.appendingPathComponent("adapters")
    try FileManager.default.createDirectory(at: adapters, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Examples.folder.appendingPathComponent("folio"),
      to: adapters.appendingPathComponent("folio"))
    functionalCurrency = currency
    let program = adapters.appendingPathComponent("folio/folio_server.py").path
    server = try ChildProcess("/usr/bin/env", ["python3", "-u", program])
    url = "http://127.0.0.1:" + (try await server.line(after: "listening on "))
    let loaded = try Examples.load("folio", in: folder.url)
    let definition = try ProcessDefinition(
      "folio", settings: loaded.settings, folder: loaded.path, path: FolioBench.path)
    func adapter(_ url: String) throws -> ProcessAdapter {
      try ProcessAdapter(
        definition,
        settings: .test(
          ["url": .text(url), "token": "env:TOKEN", "timeouts": ["request": 300]],
          secrets: ["env:TOKEN": FolioBench.token]))
    }
    self.adapter = try adapter(url)
    // Nothing listens on the discard port of a test machine.
    unreachable = try adapter("http://127.0.0.1:9")
  }

  func stop() { server.stop() }

  /// From the ERP itself: not through the adapter, which is under test.
  func booked(_ key: PostingKey) async throws -> [BookedPosting] {
    let answer = try await CurlHTTPClient().send(
      HTTPRequest(.get, url + "/journal?period=2026-10"))
    return try JSONDecoder().decode(Journal.self, from: Data(answer.body)).entries
      .filter { $0.externalKey == key.text }.map { try $0.posting() }
  }

  private struct Journal: Decodable {
    struct Entry: Decodable {
      struct Line: Decodable {
        let account: String
        let side: String
        let amount: String
      }
      let number: String
      let externalKey: String
      let date: String
      let currency: String
      let lines: [Line]

      func posting() throws -> BookedPosting {
        let currency = try #require(Currency(currency))
        return BookedPosting(
          number: number, externalKey: externalKey, date: try #require(CalendarDate(date)),
          lines: try lines.map { line in
            BookedPosting.Line(
              account: AccountCode(line.account), side: try #require(Side(rawValue: line.side)),
              amount: try Money(line.amount, currency))
          })
      }
    }
    let entries: [Entry]
  }

  func arrange(_ fault: ConformanceFault) async throws -> Bool {
    let body: String
    switch fault {
    case .loseAnswer: body = #"{"kind": "lose"}"#
    case .dropRequest: body = #"{"kind": "drop"}"#
    case .garbleAnswer: body = #"{"kind": "garble"}"#
    case .throttle: body = #"{"kind": "busy"}"#
    case .refuse(let text):
      body = #"{"kind": "refuse", "code": "PERIOD_CLOSED", "text": "\#(text)"}"#
    default: return false
    }
    var request = HTTPRequest(.post, url + "/faults")
    request.body = Array(body.utf8)
    return try await CurlHTTPClient().send(request).isSuccess
  }

  func settle() {}
}
