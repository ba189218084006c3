import AdapterKit
import Digest
import HTTPAdapterKit
import HTTPTransport
import Ledger
import StrictJSON

/// Requests to one account.
struct NetSuiteSession: Sendable {
  let settings: NetSuiteSettings
  private let http: any HTTPClient
  private let now: @Sendable () -> Moment

  static let records = "/services/rest/record/v1/"
  static let suiteQL = "/services/rest/query/v1/suiteql"
  static let jobs = "/services/rest/async/v1/job/"
  /// The most rows that a page of SuiteQL has.
  static let pageSize = 1_000

  init(
    settings: NetSuiteSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment
  ) {
    self.settings = settings
    self.now = now
    switch settings.authorization {
    case .assertion(let assertion):
      self.http = AuthorizedHTTPClient(
        http, tokenRequest: { assertion.request(at: now(), within: $0) })
    case .token(let signature):
      self.http = NetSuiteSigningClient(
        client: http, signature: signature, now: now,
        nonce: { Hex.encode(SecureRandom().bytes(16)) })
    }
  }

  /// A response, whatever its status. One 401 is tried again, with another token or signature: the
  /// ERP refuses it before it looks at the request.
  func send(
    _ method: HTTPMethod, _ path: String, headers: HTTPHeaders = [:], body: [UInt8] = []
  ) async throws(NetSuiteFailure) -> HTTPResponse {
    var request = HTTPRequest(
      method, settings.url + path, headers: headers, body: body, timeout: settings.limits.timeout)
    request.headers["Accept"] = "application/json"
    if !body.isEmpty { request.headers["Content-Type"] = "application/json" }
    do throws(HTTPFailure) {
      let response = try await http.send(request)
      return response.status == 401 ? try await http.send(request) : response
    } catch {
      throw .transport(error)
    }
  }

  /// The JSON of a successful reading; nil when the ERP says that there is no such record.
  func read(_ path: String) async throws(NetSuiteFailure) -> JSONView? {
    let response = try await send(.get, path)
    if response.status == 404, refusal(response).code == "NONEXISTENT_ID" { return nil }
    return try json(response)
  }

  /// A stored record by its internal id or `eid:` and its external id; nil when there is none.
  func record(
    _ record: NetSuiteRecord, _ id: String, lines: Bool
  ) async throws(NetSuiteFailure) -> NetSuiteStored? {
    let path = Self.records + record.rawValue + "/" + id + (lines ? "?expandSubResources=true" : "")
    guard let view = try await read(path) else { return nil }
    guard let stored = NetSuiteStored(view, record) else {
      throw .unreadable("a \(record.rawValue) without an id")
    }
    return stored
  }

  /// A page of rows of SuiteQL.
  func rows(_ query: String) async throws(NetSuiteFailure) -> [JSONView] {
    let body = NetSuiteValue.object(["q": .text(query)]).json([:])
    let response = try await send(
      .post, Self.suiteQL + "?limit=\(Self.pageSize)", headers: ["Prefer": "transient"],
      body: body)
    guard let items = try json(response)["items"]?.array else {
      throw .unreadable("rows of a query")
    }
    return Array(items)
  }

  func json(_ response: HTTPResponse) throws(NetSuiteFailure) -> JSONView {
    guard response.status == 200 else { throw .refused(refusal(response)) }
    guard let text = try? JSONText(response.body), text.root.object != nil,
      text.root["o:errorDetails"] == nil
    else {
      throw .unreadable(settings.redaction(String(response.text.prefix(120))))
    }
    return text.root
  }

  /// The words of a response that is no success.
  func refusal(_ response: HTTPResponse) -> ERPAnswer {
    let view = (try? JSONText(response.body))?.root
    let details = view?["o:errorDetails"]?.array.map { Array($0) } ?? []
    let texts = details.compactMap { $0["detail"]?.string }
    let redact = settings.redaction
    return ERPAnswer(
      status: response.status, code: details.first?["o:errorCode"]?.string.map { redact($0) },
      text: texts.isEmpty
        ? view?["title"]?.string.map { redact($0) } : redact(texts.joined(separator: " ")),
      field: details.first?["o:errorPath"]?.string.map { redact(Self.pointer($0)) },
      retryAfter: response.retryAfter(now: now().milliseconds / 1_000))
  }

  /// `line.items[0].account` as `/line/items/0/account`.
  private static func pointer(_ path: String) -> String {
    "/"
      + path.replacing("[", with: ".").replacing("]", with: "").split(separator: ".")
      .joined(separator: "/")
  }
}

extension JSONView {
  /// A text or a number as it is written; SuiteQL writes most values as texts.
  var plain: String? { string ?? numberText }
}
