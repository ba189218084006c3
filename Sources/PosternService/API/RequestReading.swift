internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Ledger
internal import NIOCore
internal import PostingEngine

extension Request {
  /// The whole body.
  ///
  /// - Throws: ``ProblemResponse`` 413 past `limit`, 415 where it is compressed.
  func bytes(upTo limit: Int) async throws -> [UInt8] {
    if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw ProblemResponse(
        status: .unsupportedMediaType,
        problem: Problem(
          code: "unsupported_encoding", detail: "The body is encoded as \(encoding)",
          fix: "Send it as it is, without Content-Encoding"))
    }
    let tooLarge = ProblemResponse(
      status: .contentTooLarge,
      problem: Problem(
        code: "too_large", detail: "The body has more than \(limit) bytes",
        fix: "Hand the documents over in several requests"))
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
    var bytes: [UInt8] = []
    for try await buffer in body {
      guard bytes.count + buffer.readableBytes <= limit else { throw tooLarge }
      bytes.append(contentsOf: buffer.readableBytesView)
    }
    return bytes
  }

  /// The identity in `…/{source}/{type}/{id}…`, each part percent-decoded on its own, so that an
  /// encoded slash stays part of the id.
  func identity(after prefix: String, dropping suffix: Int = 0) throws -> DocumentIdentity {
    let parts = uri.path.dropFirst(prefix.count).split(
      separator: "/", omittingEmptySubsequences: false
    ).dropLast(suffix).map { String($0).removingPercentEncoding ?? "" }
    guard parts.count == 3, let type = DocumentType(rawValue: parts[1]), !parts[0].isEmpty,
      !parts[2].isEmpty
    else { throw ProblemResponse.notFound("A document of this address") }
    return DocumentIdentity(source: parts[0], type: type, id: parts[2])
  }

  /// `entity`, `state`, `customer`, `connection`, `source`, `since`, `until`, `period`, `class`,
  /// `fingerprint`, `named`, `cursor`, `limit`, each at most once but `entity`.
  ///
  /// - Parameter states: what `state` may say.
  func listFilter(for principal: Principal, states: [String]) throws -> ListFilter {
    var filter = ListFilter()
    for (name, value) in uri.queryParameters {
      let value = String(value)
      switch String(name) {
      case "entity": filter.entities.append(LegalEntityID(value))
      case "state":
        guard states.contains(value) else {
          throw ProblemResponse.badRequest(
            "state", "'\(value)' is no state of this list",
            fix: "Use one of: " + states.joined(separator: ", "))
        }
        filter.state = value
      case "customer": filter.customer = value
      case "connection": filter.connection = ConnectionID(value)
      case "source": filter.source = value
      case "class": filter.exceptionClass = value
      case "named": filter.name = value
      case "fingerprint": filter.fingerprint = value
      case "since": filter.since = try moment(value, "since")
      case "until": filter.until = try moment(value, "until")
      case "period":
        guard let period = FiscalPeriod(value) else {
          throw ProblemResponse.badRequest(
            "period", "'\(value)' is no period", fix: "Write YYYY-MM")
        }
        filter.period = period
      case "cursor":
        guard let cursor = Int64(value), cursor >= 0 else {
          throw ProblemResponse.badRequest(
            "cursor", "'\(value)' is no cursor", fix: "Use 'next' of the page before")
        }
        filter.cursor = cursor
      case "limit":
        guard let limit = Int(value), (1...ListFilter.maximumLimit).contains(limit) else {
          throw ProblemResponse.badRequest(
            "limit", "'\(value)' is no limit", fix: "Write 1 to \(ListFilter.maximumLimit)")
        }
        filter.limit = limit
      default:
        throw ProblemResponse.badRequest(
          String(name), "'\(name)' is no filter of this list",
          fix: "See the parameters in /openapi.json")
      }
    }
    guard let allowed = principal.entities else { return filter }
    let asked = filter.entities.isEmpty ? Array(allowed).sorted() : filter.entities
    guard asked.allSatisfy(allowed.contains) else {
      throw ProblemResponse(
        status: .forbidden,
        problem: Problem(
          code: "forbidden", pointer: "entity", detail: "This key does not see that entity",
          fix: "Use a key for it"))
    }
    filter.entities = asked
    return filter
  }

  private func moment(_ text: String, _ name: String) throws -> Moment {
    if let moment = Moment(text) { return moment }
    if let date = CalendarDate(text), let moment = Moment("\(date)T00:00:00Z") {
      return name == "until" ? moment + .milliseconds(86_399_999) : moment
    }
    throw ProblemResponse.badRequest(
      name, "'\(text)' is no date or moment", fix: "Write 2026-10-31 or 2026-10-31T18:00:00Z")
  }
}
