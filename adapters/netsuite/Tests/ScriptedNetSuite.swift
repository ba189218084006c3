import AdapterConformance
import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import NetSuiteAdapter

/// Answers as NetSuite does where a test says nothing else, and keeps what was asked.
actor ScriptedNetSuite: HTTPClient {
  typealias Answer = @Sendable (HTTPRequest) -> HTTPResponse?

  private let script: Answer
  private(set) var requests: [HTTPRequest] = []

  /// - Parameter script: nil leaves the answer to the usual one.
  init(_ script: @escaping Answer = { _ in nil }) { self.script = script }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    requests.append(request)
    let response = script(request) ?? Self.usual(request)
    guard response.status > 0 else {
      throw HTTPFailure(progress: .outcomeUnknown, code: .timeout, detail: "60 seconds passed")
    }
    return response
  }

  /// What was asked of records, without queries and tokens.
  var posts: [HTTPRequest] {
    requests.filter { $0.method == .post && $0.url.contains("/record/v1/") }
  }

  static let timeout = HTTPResponse(status: 0)
  static let account = "https://123456-sb1.erp.example"

  private static func usual(_ request: HTTPRequest) -> HTTPResponse {
    if request.url.contains("/suiteql") { return rows(request) }
    if request.url.hasSuffix("/oauth2/v1/token") {
      return .json(200, #"{"access_token":"t0ken-1","expires_in":"3600","token_type":"bearer"}"#)
    }
    if request.method == .post { return created("journalentry", "64701") }
    return .json(
      200, #"{"id":"64701","externalId":"x","tranId":"JE1207","approvalStatus":{"id":"2"}}"#)
  }

  static func created(_ record: String, _ id: String) -> HTTPResponse {
    HTTPResponse(
      status: 204, headers: ["Location": "\(account)/services/rest/record/v1/\(record)/\(id)"])
  }

  static func error(_ status: Int, _ code: String, _ detail: String, path: String? = nil)
    -> HTTPResponse
  {
    let place = path.map { #","o:errorPath":"\#($0)""# } ?? ""
    return .json(
      status,
      #"{"title":"Bad Request","status":\#(status),"o:errorDetails":[{"detail":"\#(detail)","o:errorCode":"\#(code)"\#(place)}]}"#
    )
  }

  /// One row for whatever is asked: the period of October 2026, or the currency of a code.
  private static func rows(_ request: HTTPRequest) -> HTTPResponse {
    let text = String(decoding: request.body, as: UTF8.self)
    if text.contains("accountingperiod") {
      return .json(
        200,
        #"{"items":[{"id":"214","startdate":"2026-10-01","enddate":"2026-10-31","closed":"F","alllocked":"F"}]}"#
      )
    }
    let id = text.contains("'EUR'") ? "4" : "1"
    return .json(200, #"{"items":[{"id":"\#(id)","symbol":"EUR"}]}"#)
  }
}

extension HTTPResponse {
  static func json(_ status: Int, _ body: String) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: ["Content-Type": "application/json"], body: [UInt8](body.utf8))
  }
}

extension NetSuiteAdapter {
  static let start = Moment(milliseconds: 1_793_491_200_000)
  static let secrets = [
    "env:CK": "ck-7f3a9c", "env:CS": "cs-7f3a9c", "env:TK": "tk-7f3a9c", "env:TS": "ts-7f3a9c",
  ]
  static let oauth1: TestValue = [
    "type": "oauth1", "account": "123456_SB1", "consumerKey": "env:CK", "consumerSecret": "env:CS",
    "token": "env:TK", "tokenSecret": "env:TS",
  ]

  /// An adapter of subsidiary 4; every sample's dimensions have a field.
  static func test(
    _ http: any HTTPClient, url: String = ScriptedNetSuite.account,
    _ values: [String: TestValue] = [:], secrets: [String: String] = secrets
  ) throws -> NetSuiteAdapter {
    let base: [String: TestValue] = [
      "adapter": "netsuite", "url": .text(url), "company": "4", "auth": oauth1,
      "dimensions": [
        "costCenter": "department", "project": "custcol_project", "region": "custcol_region.id",
        "-minus": "custcol_minus",
      ],
    ]
    return try NetSuiteAdapter(
      settings: .test(base.merging(values) { $1 }, secrets: secrets), http: http,
      now: { start })
  }
}
