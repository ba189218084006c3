import Foundation

/// The dialect `generic-rest`: JSON over HTTP, described in the README.
struct GenericREST: Dialect {
  let name = "generic-rest"
  let root = ["generic", "rest"]
  /// nil lets everybody in.
  let bearerToken: String?
  let batchLimit: Int

  static let usualPage = 100
  static let largestPage = 1000

  func read(_ request: WireRequest) -> DialectCall {
    let path = Array(request.path.dropFirst(root.count))
    if let trouble = objection(to: request) {
      return refusing("Authenticate", company: nil, trouble)
    }
    guard path.count >= 2, path[0] == "companies", path.count <= 4 else {
      return refusing("Unknown", company: nil, Self.notFound)
    }
    let company = path[1]
    switch (path.count, path.count > 2 ? path[2] : "", path.count > 3 ? path[3] : nil) {
    case (2, _, _):
      return get(request, "GetCompany", company) { await card(of: company, in: $0) }
    case (3, "accounts", _):
      return get(request, "ListAccounts", company) { await Self.accounts(of: company, in: $0) }
    case (3, "periods", _):
      return get(request, "ListPeriods", company) { await Self.periods(of: company, in: $0) }
    case (3, "journal-entries", _) where request.method == "POST":
      return post(request, company: company)
    case (3, "journal-entries", _):
      return list(request, company: company)
    case (4, "journal-entries", "batch") where request.method == "POST":
      return postBatch(request, company: company)
    case (4, "journal-entries", let id?) where id != "batch":
      return get(request, "GetJournalEntry", company) { books in
        guard let entry = await books.entry(id: id, company: company) else {
          return Self.word(Self.notFound)
        }
        return .json(entry.json)
      }
    case (4, "journal-entries", "batch"):
      return refusing("PostJournalEntries", company: company, Self.methodNotAllowed)
    default:
      return refusing("Unknown", company: company, Self.notFound)
    }
  }

  // MARK: Posting

  private func post(_ request: WireRequest, company: String) -> DialectCall {
    let operation = "PostJournalEntry"
    let draft: EntryDraft
    do throws(Trouble) {
      draft = try EntryMessage.read(request.body).draft
    } catch {
      return refusing(operation, company: company, error)
    }
    if let key = request.header("Idempotency-Key"), key != draft.externalKey {
      return refusing(
        operation, company: company,
        Trouble(
          status: 400, code: "idempotency_key_mismatch",
          message: "The header Idempotency-Key differs from externalKey", field: "/externalKey"))
    }
    return DialectCall(
      operation: operation, company: company,
      work: .post([draft]) { verdicts in
        guard let verdict = verdicts.first else { return Self.word(Self.notFound) }
        switch verdict {
        case .posted(let booking): return .json(.object(booking.members), status: 201)
        case .repeated(let booking):
          return .json(.object(booking.members + [("duplicate", .boolean(true))]))
        case .refused(let refusal):
          return Self.word(
            Trouble(
              status: refusal.code == "duplicate_key" ? 409 : 422, code: refusal.code,
              message: refusal.message, field: refusal.field))
        }
      }, trouble: Self.word)
  }

  private func postBatch(_ request: WireRequest, company: String) -> DialectCall {
    let operation = "PostJournalEntries"
    let drafts: [EntryDraft]
    do throws(Trouble) {
      drafts = try BatchMessage.read(request.body).entries.map(\.draft)
    } catch {
      return refusing(operation, company: company, error)
    }
    guard !drafts.isEmpty else {
      return refusing(
        operation, company: company,
        Trouble(
          status: 400, code: "malformed", message: "The batch has no entries", field: "/entries"))
    }
    guard drafts.count <= batchLimit else {
      return refusing(
        operation, company: company,
        Trouble(
          status: 413, code: "batch_too_large",
          message: "A batch has at most \(batchLimit) entries, not \(drafts.count)"))
    }
    return DialectCall(
      operation: operation, company: company,
      work: .post(drafts) { verdicts in
        let results = zip(drafts, verdicts).map { draft, verdict in
          verdict.json(key: draft.externalKey)
        }
        return .json(.object([("results", .array(results))]))
      }, trouble: Self.word)
  }

  // MARK: Reading

  private func list(_ request: WireRequest, company: String) -> DialectCall {
    if let key = request.parameter("externalKey") {
      return get(request, "FindJournalEntry", company, keys: [key]) { books in
        let entries = await books.entries(forKey: key, company: company)
        return .json(.object([("entries", .array(entries.map(\.json)))]))
      }
    }
    let operation = "ListJournalEntries"
    let limit = request.parameter("limit").map { Int($0) ?? 0 } ?? Self.usualPage
    guard (1...Self.largestPage).contains(limit) else {
      return refusing(operation, company: company, Self.invalidParameter("limit"))
    }
    let position = request.parameter("cursor").map { Int($0) ?? -1 } ?? 0
    guard position >= 0 else {
      return refusing(operation, company: company, Self.invalidParameter("cursor"))
    }
    let period = request.parameter("period")
    return get(request, operation, company) { books in
      let page = await books.page(of: company, period: period, from: position, limit: limit)
      return .json(
        .object([
          ("entries", .array(page.entries.map(\.json))),
          ("nextCursor", .optional(page.next.map(String.init))),
        ]))
    }
  }

  private func card(of code: String, in books: MockBooks) async -> WireResponse {
    guard let card = await books.company(code) else { return Self.word(.unknownCompany(code)) }
    return .json(
      .object([
        ("code", .string(card.code)), ("name", .string(card.name ?? card.code)),
        ("functionalCurrency", .optional(card.functionalCurrency)),
        ("acceptsAnyAccount", .boolean(card.acceptsAnyAccount)),
        ("acceptsAnyParty", .boolean(card.acceptsAnyParty)), ("batchLimit", .integer(batchLimit)),
      ]))
  }

  private static func accounts(of code: String, in books: MockBooks) async -> WireResponse {
    guard let card = await books.company(code) else { return word(.unknownCompany(code)) }
    let accounts = card.accounts.map { account in
      JSONText.object([
        ("number", .string(account.number)), ("name", .string(account.name ?? account.number)),
        ("blocked", .boolean(account.blocked ?? false)),
        ("requiresParty", .boolean(account.requiresParty ?? false)),
      ])
    }
    return .json(
      .object([
        ("acceptsAnyAccount", .boolean(card.acceptsAnyAccount)), ("accounts", .array(accounts)),
      ]))
  }

  private static func periods(of code: String, in books: MockBooks) async -> WireResponse {
    guard let card = await books.company(code) else { return word(.unknownCompany(code)) }
    let periods = card.periods.map { period in
      JSONText.object([
        ("period", .string(period.period)), ("state", .string(period.state.rawValue)),
      ])
    }
    return .json(
      .object([
        ("otherPeriods", .string(card.otherPeriods.rawValue)), ("periods", .array(periods)),
      ]))
  }

  // MARK: Troubles

  private func get(
    _ request: WireRequest, _ operation: String, _ company: String, keys: [String] = [],
    _ read: @escaping @Sendable (MockBooks) async -> WireResponse
  ) -> DialectCall {
    guard request.method == "GET" else {
      return refusing(operation, company: company, Self.methodNotAllowed)
    }
    return DialectCall(
      operation: operation, company: company, keys: keys, work: .read(read), trouble: Self.word)
  }

  private func refusing(_ operation: String, company: String?, _ trouble: Trouble) -> DialectCall {
    DialectCall(
      operation: operation, company: company, work: .answer(Self.word(trouble)),
      trouble: Self.word)
  }

  private func objection(to request: WireRequest) -> Trouble? {
    guard let bearerToken else { return nil }
    guard let given = request.header("Authorization"), given.lowercased().hasPrefix("bearer ")
    else {
      return Trouble(status: 401, code: "unauthorized", message: "A bearer token is needed")
    }
    guard given.dropFirst("bearer ".count) == bearerToken else {
      return Trouble(status: 403, code: "forbidden", message: "This token has no right here")
    }
    return nil
  }

  private static let notFound = Trouble(
    status: 404, code: "not_found", message: "There is nothing here")
  private static let methodNotAllowed = Trouble(
    status: 405, code: "method_not_allowed", message: "This method is not allowed here")

  private static func invalidParameter(_ name: String) -> Trouble {
    Trouble(
      status: 400, code: "invalid_parameter", message: "The parameter \(name) is not valid")
  }

  static let word: @Sendable (Trouble) -> WireResponse = { trouble in
    var response = WireResponse.json(
      .object([
        ("status", .integer(trouble.status)), ("code", .string(trouble.code)),
        ("message", .string(trouble.message)), ("field", .optional(trouble.field)),
      ]), status: trouble.status, contentType: "application/problem+json")
    if let seconds = trouble.retryAfter {
      response.headers.append(("Retry-After", String(seconds)))
    }
    if trouble.status == 401 { response.headers.append(("WWW-Authenticate", "Bearer")) }
    return response
  }
}
