import Foundation

/// The dialect `tryton`: JSON-RPC, described in the README.
struct Tryton: Dialect {
  let name = "tryton"
  let root = ["tryton"]
  let desk: TrytonDesk

  func reset() { desk.reset() }

  func hideDocuments(_ isHidden: Bool) -> Bool {
    desk.change { settings in
      settings.companyFilter = isHidden ? .one : .all
      settings.currentCompany = isHidden ? Tryton.elsewhere : nil
    }
    return true
  }

  /// A company that keeps no books.
  private static let elsewhere = "elsewhere"

  func read(_ request: WireRequest) -> DialectCall {
    let settings = desk.current
    let path = Array(request.path.dropFirst(root.count))
    let isServer = path == (settings.version == .v8 ? ["rpc"] : [])
    let isDatabase =
      settings.version == .v8
      ? path.count == 2 && path[1] == "rpc" : path.count == 1 && path[0] != "rpc"
    guard isServer || isDatabase else { return page(405) }
    guard request.method == "POST" else { return page(405) }
    guard let message = try? JSONDecoder().decode(TrytonValue.self, from: Data(request.body)),
      let table = message.object, let method = table["method"]?.text
    else { return page(400) }
    let params = table["params"]?.list ?? []
    // Any other set of keys switches to another style of answers.
    let style: TrytonStyle =
      Set(table.keys) == ["id", "method", "params"] ? .wrapped(table["id"] ?? .null) : .bare
    if isServer { return server(method, style) }
    guard path[0] == settings.database else { return page(404) }
    if method == "common.db.login" { return login(params, style, settings) }
    guard let user = user(request, settings) else { return page(401, operation: method) }
    return call(TrytonCall(method: method, params: params, user: user), style)
  }

  // MARK: Server and login

  private func server(_ method: String, _ style: TrytonStyle) -> DialectCall {
    let settings = desk.current
    switch method {
    case "common.server.version":
      return answer(method, style.answer(.text(settings.version.rawValue)))
    case "common.db.list":
      return answer(method, style.answer(.list([.text(settings.database)])))
    default: return page(403, operation: method)
    }
  }

  private func login(
    _ params: [TrytonValue], _ style: TrytonStyle, _ settings: TrytonSettings
  ) -> DialectCall {
    let operation = "common.db.login"
    let given = params.dropFirst().first?.object?["password"]?.text
    let moment = desk.now()
    do throws(TrytonFault) {
      let token = try desk.use { state throws(TrytonFault) in
        guard state.failedLogins < settings.mostAttempts else { throw .page(429) }
        guard let given else {
          throw .inside([
            .text("LoginException"),
            .list([
              .text("password"), .text("Password for \(params.first?.text ?? "")"),
              .text("password"),
            ]),
          ])
        }
        guard params.first?.text == settings.user, given == settings.password else {
          state.failedLogins += 1
          throw .page(401)
        }
        state.failedLogins = 0
        let token = Self.token()
        state.sessions[token] = TrytonSession(login: settings.user, lastUsed: moment)
        return token
      }
      let user = TrytonValue.integer(TrytonCall.userID)
      let parts = [user, .text(token)] + (settings.version == .v8 ? [.null] : [])
      return answer(operation, style.answer(.list(parts)))
    } catch {
      return answer(operation, style.word(error))
    }
  }

  private static func token() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in String(generator.next() as UInt64, radix: 16) }.joined()
  }

  /// The login behind a session or a password; nil where there is none, or no longer.
  private func user(_ request: WireRequest, _ settings: TrytonSettings) -> String? {
    guard let header = request.header("Authorization") else { return nil }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let data = Data(base64Encoded: String(parts[1])) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    if parts[0].lowercased() == "basic" {
      return text == "\(settings.user):\(settings.password)" ? settings.user : nil
    }
    let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts[0].lowercased() == "session", fields.count == 3, fields[0] == settings.user,
      fields[1] == String(TrytonCall.userID)
    else { return nil }
    let now = desk.now()
    let isOpen = try? desk.use { state throws(TrytonFault) in
      guard let session = state.sessions[fields[2]],
        now.timeIntervalSince(session.lastUsed) <= settings.sessionSeconds
      else {
        state.sessions[fields[2]] = nil
        return false
      }
      state.sessions[fields[2]]?.lastUsed = now
      return true
    }
    return isOpen == true ? fields[0] : nil
  }

  // MARK: Calls

  private func call(_ call: TrytonCall, _ style: TrytonStyle) -> DialectCall {
    let company = try? desk.use { state throws(TrytonFault) in call.company(state) }
    return DialectCall(
      operation: call.method, company: company ?? nil, keys: call.keys(desk),
      work: .read { books in
        do throws(TrytonFault) {
          return style.answer(try await call.run(desk, books))
        } catch {
          return style.word(error)
        }
      },
      trouble: { trouble in
        switch trouble.status {
        case 429:
          // The real one says nothing more.
          WireResponse(
            status: 429, headers: trouble.retryAfter.map { [("Retry-After", String($0))] } ?? [])
        case 404, 422: style.word(.user(trouble.message))
        default: style.word(.page(trouble.status))
        }
      })
  }

  private func answer(_ operation: String, _ response: WireResponse) -> DialectCall {
    DialectCall(
      operation: operation, company: nil, work: .answer(response),
      trouble: { TrytonStyle.bare.word(.page($0.status)) })
  }

  private func page(_ status: Int, operation: String = "Unknown") -> DialectCall {
    answer(operation, TrytonStyle.bare.word(.page(status)))
  }
}

/// How answers are written.
enum TrytonStyle: Sendable {
  /// With the request's id; faults inside HTTP 200.
  case wrapped(TrytonValue)
  /// The result alone; faults as pages.
  case bare

  func answer(_ result: TrytonValue) -> WireResponse {
    switch self {
    case .wrapped(let id): .json(.object([("id", id.json), ("result", result.json)]))
    case .bare: .json(result.json)
    }
  }

  func word(_ fault: TrytonFault) -> WireResponse {
    switch (self, fault) {
    case (.wrapped(let id), .inside(let error)):
      return .json(.object([("id", id.json), ("error", .array(error.map(\.json)))]))
    case (.bare, .inside(let error)):
      return TrytonStyle.page(400, error.first?.text ?? "")
    case (_, .page(let status)): return TrytonStyle.page(status, "")
    }
  }

  private static func page(_ status: Int, _ text: String) -> WireResponse {
    WireResponse(
      status: status, headers: [("Content-Type", "text/html; charset=utf-8")],
      body: Array(
        "<!doctype html>\n<html lang=en>\n<title>\(status)</title>\n<h1>\(status)</h1>\n<p>\(text)</p>\n"
          .utf8))
  }
}
