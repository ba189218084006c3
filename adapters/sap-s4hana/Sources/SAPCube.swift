import AdapterKit
import Foundation
import HTTPAdapterKit
import HTTPTransport
import Ledger

/// Reads line items of accounting documents by OData V2 (`A_OperationalAcctgDocItemCube`).
struct SAPCube: Sendable {
  let settings: SAPS4HANASettings
  let http: any HTTPClient

  /// Rows that are asked for at once; SAP may give fewer and say that there are more.
  static let pageSize = 5_000
  static let entitySet = "A_OperationalAcctgDocItemCube"

  /// A condition: field, operator, literal.
  typealias Condition = (field: String, sign: String, literal: String)

  /// A page of rows, and whether there are more.
  struct Page {
    let rows: [SAPCubeRow]
    let hasMore: Bool
  }

  /// - Parameter inAllLedgers: whatever the connection's `ledger` says.
  /// - Throws: ``Problem`` when the answer is anything but rows.
  func rows(
    where conditions: [Condition], select: [String] = SAPCubeRow.look, from skip: Int = 0,
    limit: Int = pageSize, inAllLedgers: Bool = false
  ) async throws(Problem) -> Page {
    guard let path = settings.lookUpPath else {
      throw .lookUpUnclear("The connection has 'lookUp: false': the ERP is not asked")
    }
    var all = [(field: "CompanyCode", sign: "eq", literal: Self.text(settings.company))]
    if let ledger = settings.ledger, !inAllLedgers {
      all.append(("Ledger", "eq", Self.text(ledger)))
    }
    all += conditions
    var query = [
      (
        name: "$filter",
        value: all.map { "\($0.field) \($0.sign) \($0.literal)" }
          .joined(separator: " and ")
      ),
      (name: "$select", value: select.joined(separator: ",")),
      (name: "$orderby", value: "FiscalYear,AccountingDocument,AccountingDocumentItem"),
      (name: "$top", value: String(limit)),
    ]
    if skip > 0 { query.append((name: "$skip", value: String(skip))) }
    query.append((name: "$format", value: "json"))
    let url = settings.address("\(path)/\(Self.entitySet)", query)
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await http.send(
        HTTPRequest(
          .get, url, headers: ["Accept": "application/json"], timeout: settings.limits.timeout))
    } catch {
      throw Problem(
        code: "erp_not_reached",
        detail: "The ERP gave no answer: \(settings.redaction(error.detail))",
        fix: "Check 'url' of the connection, and the network")
    }
    let content = try read(response)
    return Page(
      rows: content.results, hasMore: content.next != nil || content.results.count >= limit)
  }

  /// A text as OData writes it.
  static func text(_ value: String) -> String {
    "'" + value.replacing("'", with: "''") + "'"
  }

  static func day(_ date: CalendarDate) -> String { "datetime'\(date.text)T00:00:00'" }

  private func read(_ response: HTTPResponse) throws(Problem) -> Answer.Content {
    guard response.status == 200 else { throw refusal(response) }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
      throw .lookUpUnclear(
        "The ERP's answer to a look-up is not readable: "
          + settings.redaction(String(response.text.prefix(120))))
    }
    return answer.d
  }

  private struct Answer: Decodable {
    struct Content: Decodable {
      let results: [SAPCubeRow]
      /// Where the next page is; nil on the last.
      let next: String?

      enum CodingKeys: String, CodingKey {
        case results
        case next = "__next"
      }
    }
    let d: Content
  }

  /// `{"error":{"code","message":{"value"}}}`
  private struct Refusal: Decodable {
    struct Content: Decodable {
      struct Message: Decodable { let value: String? }
      let code: String?
      let message: Message?
    }
    let error: Content
  }

  private func refusal(_ response: HTTPResponse) -> Problem {
    let body = try? JSONDecoder().decode(Refusal.self, from: Data(response.body))
    let words = ERPAnswer(
      status: response.status, code: body?.error.code.map { settings.redaction($0) },
      text: settings.redaction(body?.error.message?.value ?? String(response.text.prefix(120))))
    let detail = "A look-up was refused by the ERP: \(words.words)"
    if case .retryLater(let postponement) = settings.requestTable.outcome(
      ofRequest: words, about: "")
    {
      return Problem(
        code: postponement.problem.code, detail: detail, fix: postponement.problem.fix)
    }
    return Problem(code: "erp_refused", detail: detail, fix: "Check the connection and the ERP")
  }
}
