import Foundation
import MockERP

/// Entries and servers that tests begin with.
enum Samples {
  /// A fixed moment, so that nothing depends on the day of the run.
  static let moment = Date(timeIntervalSince1970: 1_793_520_000)

  static func draft(
    _ key: String = "K1", date: String = "2026-10-31", amount: String = "119.00",
    currency: String = "EUR"
  ) -> EntryDraft {
    EntryDraft(
      externalKey: key, postingDate: date, currency: currency, functionalCurrency: currency,
      reference: "INV-1042",
      lines: [
        LineDraft(
          account: "1200", side: "debit", amount: amount, functionalAmount: amount,
          party: "C-1007"),
        LineDraft(
          account: "4400", side: "credit", amount: amount, functionalAmount: amount,
          tax: TaxDraft(code: "DE-19", rate: "19", base: "100.00"),
          dimensions: ["costCenter": "CC-10"], description: "Services"),
      ])
  }

  /// The JSON of an entry with two lines.
  static func json(
    _ key: String = "K1", date: String = "2026-10-31", amount: String = "119.00",
    account: String = "4400"
  ) -> String {
    """
    {"externalKey":"\(key)","postingDate":"\(date)","currency":"EUR","functionalCurrency":"EUR",
     "lines":[{"account":"1200","side":"debit","amount":"\(amount)","functionalAmount":"\(amount)"},
              {"account":"\(account)","side":"credit","amount":"\(amount)","functionalAmount":"\(amount)"}]}
    """
  }

  static func batch(_ keys: [String]) -> String {
    "{\"entries\":[\(keys.map { json($0) }.joined(separator: ","))]}"
  }

  static let restEntries = "/generic/rest/companies/DE01/journal-entries"

  /// Runs a test against a server on a free port and stops it.
  static func withServer<Result>(
    _ configure: (inout MockERPConfiguration) -> Void = { _ in },
    _ test: (MockERPServer, RawHTTP) async throws -> Result
  ) async throws -> Result {
    var configuration = MockERPConfiguration()
    configuration.now = { moment }
    configure(&configuration)
    let server = try await MockERPServer.start(configuration)
    do {
      let result = try await test(server, RawHTTP(port: server.port))
      await server.stop()
      return result
    } catch {
      await server.stop()
      throw error
    }
  }
}
