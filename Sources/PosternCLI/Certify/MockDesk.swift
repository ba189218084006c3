internal import AdapterConformance
internal import AdapterKit
internal import Foundation
internal import HTTPTransport
internal import Ledger
internal import StrictJSON

/// The bundled mock ERP with one company in it, which can be looked into and broken on purpose.
struct MockDesk: Sendable {
  let address: String
  let dialect: MockDialect
  /// The folder for file exchange.
  let exchange: String
  private let http = CurlHTTPClient()

  /// What its company lacks.
  static let refusals = SampleEntry.Refusals(
    account: "7777", party: "C-9", period: FiscalPeriod("2026-08"), controlAccount: "1300")

  /// Empties the books but for master data, and plants no fault.
  ///
  /// - Throws: where the program does not answer.
  func prepare(currency: Currency) async throws {
    try await admin(.delete, "faults")
    try await admin(.post, "seed", MockDesk.seed(currency))
    try await admin(.post, "reset")
    // Dialects that hide nothing do not know the word.
    try await send(.post, "/_admin/documents/\(dialect.name ?? "-")/show")
    guard dialect.needsDocument else { return }
    try await send(
      .post, "/generic/rest/companies/\(MockDialect.company)/journal-entries",
      MockDesk.foreignEntry(currency))
  }

  /// Plants a fault of the ERP itself for the next submission.
  func plant(_ fault: ConformanceFault) async throws -> Bool {
    let act: String
    switch fault {
    case .refuse(let text):
      act =
        #"{ "refuse": { "code": "\#(dialect.refusalCode)", "message": \#(MockDesk.json(text)) } }"#
    case .loseVerdict where dialect.path == nil: act = #""bookThenDrop""#
    case .hide:
      return try await send(.post, "/_admin/documents/\(dialect.name ?? "-")/hide").isSuccess
    default: return false
    }
    let match = [("dialect", dialect.name), ("operation", dialect.operation)].compactMap {
      key, value in
      value.map { #""\#(key)": "\#($0)""# }
    }.joined(separator: ", ")
    try await admin(
      .put, "faults", #"[{ "match": { \#(match) }, "act": \#(act), "times": 1 }]"#)
    return true
  }

  /// Has it look through the exchange folder, where it is served there.
  func pickUp() async throws {
    if dialect.path == nil { try await admin(.post, "pick-up") }
  }

  /// A document of the books under the number that this dialect gives it.
  func asNumbered(_ posting: BookedPosting) -> BookedPosting {
    guard let first = dialect.firstNumber,
      let sequence = posting.number.split(separator: "-").last.flatMap({ Int($0) })
    else { return posting }
    return BookedPosting(
      number: String(first + sequence), externalKey: posting.externalKey, date: posting.date,
      lines: posting.lines)
  }

  @discardableResult
  private func admin(
    _ method: HTTPMethod, _ path: String, _ body: String = ""
  ) async throws -> HTTPResponse {
    let response = try await send(method, "/_admin/" + path, body)
    guard response.isSuccess else {
      throw Problem(
        code: "mock_erp_missing", pointer: path, detail: "The mock ERP answered \(response.status)",
        fix: "Build it with 'swift build --product mock-erp', from the same sources as Postern")
    }
    return response
  }

  @discardableResult
  private func send(
    _ method: HTTPMethod, _ path: String, _ body: String = ""
  ) async throws -> HTTPResponse {
    try await http.send(
      HTTPRequest(
        method, address + path,
        headers: [
          "Content-Type": "application/json", "Authorization": "Bearer " + MockDialect.secret,
        ], body: Array(body.utf8)))
  }

  private static func seed(_ currency: Currency) -> String {
    let accounts =
      (["1200", "1800", "2660", "3806"] + (4_000...4_999).map(String.init))
      .map { #"{ "number": "\#($0)" }"# }
      + [#"{ "number": "1300", "requiresParty": true }"#]
    return #"""
      { "companies": [ { "code": "\#(MockDialect.company)",
        "functionalCurrency": "\#(currency.code)",
        "accounts": [ \#(accounts.joined(separator: ", ")) ],
        "parties": [ { "code": "C-1007" }, { "code": "C;1'007" } ],
        "periods": [ { "period": "2026-08", "state": "closed" } ],
        "taxAccounts": { "A1": "3806" } } ] }
      """#
  }

  /// Somebody else's.
  private static func foreignEntry(_ currency: Currency) -> String {
    func line(_ account: String, _ side: String) -> String {
      #"{ "account": "\#(account)", "side": "\#(side)", "amount": "1", "functionalAmount": "1" }"#
    }
    return #"""
      { "externalKey": "NOT-OURS", "postingDate": "2026-10-01", "currency": "\#(currency.code)",
        "functionalCurrency": "\#(currency.code)",
        "lines": [ \#(line("4400", "debit")), \#(line("4401", "credit")) ] }
      """#
  }

  private static func json(_ text: String) -> String {
    var writer = JSONWriter()
    writer.string(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
