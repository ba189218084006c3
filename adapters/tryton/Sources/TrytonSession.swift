import AdapterKit
import Foundation
import HTTPTransport
import Ledger
import WireTranscript

/// Calls of one user to one database: logs in when the first is made, and again when the server
/// has forgotten the session.
actor TrytonSession {
  private let settings: TrytonSettings
  private let http: any HTTPClient
  private var current: Login?
  /// Seconds since 1970.
  private let now: @Sendable () -> Int64
  private var calls = 0

  /// What a login gives.
  private struct Login: Sendable {
    var address: String
    var authorization: String
    var user: Int64 = 0
    var company = Company(id: 0, currency: "", postedNumber: "number")
  }

  /// The company that calls act in.
  struct Company: Hashable, Sendable {
    var id: Int64
    /// The code of the currency of its books.
    var currency: String
    /// The field with the number of a posted move: before series 8 drafts have a number too.
    var postedNumber: String
  }

  init(
    settings: TrytonSettings, http: any HTTPClient, now: @escaping @Sendable () -> Int64
  ) {
    self.settings = settings
    self.http = http
    self.now = now
  }

  /// The company, after a login where none is in force.
  func company() async throws(TrytonFailure) -> Company {
    try await login().company
  }

  /// Whether an empty answer means that nothing is there: what the user sees may have been changed
  /// since the login.
  func checkVisibility() async throws(TrytonFailure) {
    let login = try await login()
    try await checkVisibility(of: login.user, with: login)
  }

  /// Makes a call that reads or changes; its context is added.
  ///
  /// A session that the server no longer knows is renewed once: the server refuses it before it looks
  /// at the call, so nothing happens twice.
  func call(
    _ method: String, _ params: [TrytonValue]
  ) async throws(TrytonFailure) -> TrytonValue {
    let login = try await login()
    do throws(TrytonFailure) {
      return try await send(method, params, with: login)
    } catch {
      guard case .status(let answer) = error, answer.status == 401 else { throw error }
      if current?.authorization == login.authorization { current = nil }
    }
    return try await send(method, params, with: try await self.login())
  }

  private func send(
    _ method: String, _ params: [TrytonValue], with login: Login
  ) async throws(TrytonFailure) -> TrytonValue {
    let context: TrytonValue = [
      "company": .integer(login.company.id), "language": .text(TrytonSession.language),
    ]
    return try await send(
      method, params + [context], to: login.address, authorization: login.authorization)
  }

  /// Texts of errors are classified in English.
  private static let language = "en"

  private func login() async throws(TrytonFailure) -> Login {
    if let current { return current }
    let (address, postedNumber) = try await database()
    let answer = try await send(
      "common.db.login",
      [
        .text(settings.user), ["password": .text(settings.password.reveal())],
        .text(TrytonSession.language),
      ], to: address, authorization: nil)
    // 8.0 adds a third value.
    guard let values = answer.list, values.count >= 2, let user = values[0].integer,
      let token = values[1].text
    else {
      throw .status(ERPAnswer(status: 401, text: "The login gave no session"))
    }
    Transcript.current?.hide(token)
    let credentials = Data("\(settings.user):\(user):\(token)".utf8).base64EncodedString()
    var login = Login(address: address, authorization: "Session \(credentials)")
    login.user = user
    login.company = try await chosenCompany(postedNumber: postedNumber, with: login)
    try await checkVisibility(of: user, with: login)
    current = login
    return login
  }

  /// The address of the database: from series 8 on `/<database>/rpc/`, before `/<database>/`; and
  /// the field with the number of a posted move.
  private func database() async throws(TrytonFailure) -> (String, postedNumber: String) {
    do throws(TrytonFailure) {
      _ = try await send(
        "common.server.version", [], to: "\(settings.url)/rpc/", authorization: nil)
      return ("\(settings.url)/\(settings.database)/rpc/", "number")
    } catch {
      guard case .status(let answer) = error, [404, 405].contains(answer.status) else {
        throw error
      }
      return ("\(settings.url)/\(settings.database)/", "post_number")
    }
  }

  private func chosenCompany(
    postedNumber: String, with login: Login
  ) async throws(TrytonFailure) -> Company {
    let found = try await send(
      "model.company.company.search_read",
      [
        [["party.name", "=", .text(settings.company)]], 0, 2, .null, ["id", "currency.code"], [:],
      ], to: login.address, authorization: login.authorization)
    guard let companies = found.list else { throw .unreadable("the list of companies") }
    guard companies.count == 1, let id = companies[0]["id"]?.integer,
      let currency = companies[0]["currency."]?["code"]?.text
    else {
      throw .unfit(
        Problem(
          code: "connection_misconfigured",
          detail: companies.isEmpty
            ? "The ERP shows user \(settings.user) no company named '\(settings.company)'"
            : "The ERP has several companies named '\(settings.company)'",
          fix: "Write the name of the company's party under 'company', and let the user see it"))
    }
    return Company(id: id, currency: currency, postedNumber: postedNumber)
  }

  /// An empty answer to a search must mean that nothing is there, not that it is hidden: what a user
  /// sees is decided by the settings of the user, not by the context of the call.
  private func checkVisibility(of user: Int64, with login: Login) async throws(TrytonFailure) {
    let found = try await send(
      "model.res.user.read",
      [[.integer(user)], ["company", "companies", "company_filter"], [:]], to: login.address,
      authorization: login.authorization)
    guard let user = found.list?.first else { throw .unreadable("the user") }
    let companies = user["companies"]?.list?.compactMap(\.integer) ?? []
    let seesAll =
      user["company_filter"]?.text == "all" && companies.contains(login.company.id)
    let seesOne = user["company"]?.integer == login.company.id
    guard seesAll || seesOne else {
      throw .unfit(
        Problem(
          code: "connection_misconfigured",
          detail: "User \(settings.user) of the ERP does not see all postings of company "
            + "'\(settings.company)': a look-up would call absent what is only hidden",
          fix: "Make it the user's company, or add it to the user's companies and let the user see "
            + "all of them"))
    }
  }

  private func send(
    _ method: String, _ params: [TrytonValue], to address: String, authorization: String?
  ) async throws(TrytonFailure) -> TrytonValue {
    calls += 1
    var request = HTTPRequest(
      .post, address, headers: ["Content-Type": "application/json"],
      body: TrytonCall(id: calls, method: method, params: params).body,
      timeout: settings.limits.timeout)
    if let authorization { request.headers["Authorization"] = authorization }
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await http.send(request)
    } catch {
      throw .transport(error)
    }
    guard response.status == 200 else {
      throw .status(
        ERPAnswer(
          status: response.status,
          text: settings.redaction(String(response.text.prefix(TrytonReply.maximumText))),
          retryAfter: response.retryAfter(now: now())))
    }
    guard let reply = TrytonReply(response.body) else {
      throw .unreadable(settings.redaction(String(response.text.prefix(120))))
    }
    if let refusal = reply.refusal {
      throw .refused(
        ERPAnswer(status: 200, code: refusal.code, text: settings.redaction(refusal.text)))
    }
    guard reply.error == nil, let result = reply.result else {
      throw .unreadable("an error of an unknown shape")
    }
    return result
  }
}
