import Foundation
import XMLTree

/// The dialect `sap-s4hana`: Journal Entry – Post by SOAP and the operational document cube by
/// OData, described in the README.
struct SAPS4HANA: Dialect {
  let name = "sap-s4hana"
  let root = ["sap"]

  let settings: SAPSettings
  let bodyLimit: Int
  let now: @Sendable () -> Date
  private let tokens: SAPTokens
  private let rights = SAPRights()
  private let messages = SAPMessages()

  static let cubeService = "API_OPLACCTGDOCITEMCUBE_SRV"
  private static let sessionCookie = "SAP_SESSIONID_0M4"

  init(settings: SAPSettings, bodyLimit: Int, now: @escaping @Sendable () -> Date) {
    self.settings = settings
    self.bodyLimit = bodyLimit
    self.now = now
    tokens = SAPTokens(now: now)
  }

  func reset() {
    rights.seesDocuments = true
    messages.reset()
  }

  func hideDocuments(_ isHidden: Bool) -> Bool {
    rights.seesDocuments = !isHidden
    return true
  }

  func read(_ request: WireRequest) -> DialectCall {
    let path = Array(request.path.dropFirst(root.count))
    if path == ["bc", "sec", "oauth2", "token"] { return token(request) }
    guard isLetIn(request) else {
      return DialectCall(
        operation: "Authenticate", company: nil, work: .answer(SAPWords.logon),
        trouble: SAPWords.page)
    }
    // On premise the client, the service's and the binding's name follow.
    if path.count > 4, Array(path[..<2]) == ["bc", "srt"],
      let operation = SAPOperation.all.first(where: { $0.service == path[4] }),
      path[2...3] == ["scs_ext", "sap"] && path.count == 5
        || path[2...3] == ["xip", "sap"] && path.count == 8
    {
      return journal(request, operation)
    }
    if path.starts(with: ["opu", "odata", "sap", Self.cubeService]) {
      return odata(request, Array(path.dropFirst(4)))
    }
    return DialectCall(
      operation: "Unknown", company: nil,
      work: .answer(
        SAPWords.page(
          Trouble(status: 404, code: "not_found", message: "Service cannot be reached"))),
      trouble: SAPWords.page)
  }

  // MARK: Journal Entry – Post

  private func journal(_ request: WireRequest, _ operation: SAPOperation) -> DialectCall {
    if request.method == "GET", request.query.contains(where: { $0.name.lowercased() == "wsdl" }) {
      let path = request.target.prefix { $0 != "?" }
      let address = "http://\(request.header("Host") ?? "127.0.0.1")\(path)"
      return DialectCall(
        operation: "GetDescription", company: nil,
        work: .answer(
          WireResponse(
            status: 200, headers: [("Content-Type", "text/xml; charset=utf-8")],
            body: Array(SAPSchema.wsdl(operation, address: address).utf8))), trouble: SAPWords.page)
    }
    var version = SOAPVersion.v11
    do {
      guard request.method == "POST" else {
        throw Trouble(status: 405, code: "method_not_allowed", message: "POST an envelope")
      }
      let envelope = try SOAPEnvelope.read(request.body, limit: bodyLimit)
      version = envelope.version
      if let trouble = envelope.objection(user: nil) { throw trouble }
      return try post(envelope, operation)
    } catch {
      var trouble = error as? Trouble
      if let fault = error as? SOAPEnvelope.Fault {
        trouble = fault.trouble
        version = fault.version
      }
      let known = trouble ?? Trouble(status: 500, code: "malformed", message: "\(error)")
      return DialectCall(
        operation: operation.name, company: nil,
        work: .answer(SAPWords.fault(known, in: version)), trouble: SAPWords.soap(version))
    }
  }

  private func post(
    _ envelope: SOAPEnvelope, _ operation: SAPOperation
  ) throws(Trouble) -> DialectCall {
    let body = envelope.body
    guard body.name == XMLName(operation.request.name, in: SAPSchema.namespace) else {
      throw Trouble(
        status: 400, code: "unknown_operation",
        message: "Web service processing error; no operation takes \(body.name)")
    }
    try SAPSchema.check(body, operation.request)
    let header = body.first(XMLName("MessageHeader"))
    let entries = body.all(XMLName("JournalEntryCreateRequest")).map(SAPJournalEntry.init)
    let isTest = header?.flag("TestDataIndicator") ?? false
    guard entries.allSatisfy({ $0.isTest == isTest || !$0.isTest }) else {
      throw Trouble(
        status: 400, code: "malformed",
        message: "An entry is a test and the message it is in is none")
    }
    guard operation.confirmation != nil else {
      return postByLedger(entries, message: header?.value("ID") ?? "", in: envelope.version)
    }
    let confirmation = SAPConfirmation(
      messageID: header?.value("ID") ?? "", moment: now(),
      numberOfRefusal: settings.numberOfRefusal)
    let version = envelope.version
    return DialectCall(
      operation: isTest ? "CheckJournalEntry" : operation.name,
      company: entries.first?.company,
      keys: entries.map(\.key),
      work: .prepare { books in
        var prepared: [Prepared] = []
        for entry in entries { prepared.append(await prepare(entry, books)) }
        if isTest { return .answer(await check(prepared, confirmation, version, books)) }
        let worded = prepared
        return .post(worded.compactMap { try? $0.draft.get() }) { verdicts in
          var rest = verdicts[...]
          return SAPWords.answer(
            confirmation.element(
              worded.map { part in
                switch part.draft {
                case .failure(let refusal): part.refused(refusal)
                case .success: part.worded(rest.popFirst())
                }
              }), in: version)
        }
      }, trouble: SAPWords.soap(version))
  }

  /// What is wrong with an entry is seen in SAP's monitor alone: the sender hears that the message was
  /// taken.
  private func postByLedger(
    _ entries: [SAPJournalEntry], message id: String, in version: SOAPVersion
  ) -> DialectCall {
    DialectCall(
      operation: SAPOperation.postByLedger.name, company: entries.first?.company,
      keys: entries.map(\.key),
      work: .prepare { books in
        var drafts: [EntryDraft] = []
        if !id.isEmpty, messages.take(id) {
          for entry in entries where settings.ledgerGroups.contains(entry.ledgerGroup) {
            if let draft = try? await prepare(entry, books).draft.get() { drafts.append(draft) }
          }
        }
        return .post(drafts) { _ in WireResponse(status: 202) }
      }, trouble: SAPWords.soap(version))
  }

  /// An entry, what is known of its company, and the draft that it comes to.
  private struct Prepared: Sendable {
    let entry: SAPJournalEntry
    let card: MockBooks.CompanyCard?
    let draft: Result<EntryDraft, Refusal>

    func refused(_ refusal: Refusal) -> SAPConfirmation.Part {
      SAPConfirmation.Part(
        entry: entry, verdict: .refused(refusal),
        items: SAPLogItem.refused(
          refusal, try? draft.get(), company: entry.company, card: card))
    }

    func worded(_ verdict: Verdict?) -> SAPConfirmation.Part {
      switch verdict {
      case .posted(let booking), .repeated(let booking):
        SAPConfirmation.Part(
          entry: entry, verdict: .posted(booking),
          items: [
            .posted(
              SAPDocument(
                company: entry.company, sequence: booking.sequence, fiscalYear: entry.fiscalYear))
          ])
      case .refused(let refusal): refused(refusal)
      case nil: refused(Refusal(code: "not_processed", message: "The entry was not processed"))
      }
    }
  }

  private func prepare(_ entry: SAPJournalEntry, _ books: MockBooks) async -> Prepared {
    let card = await books.company(entry.company)
    var original: BookedEntry?
    if let document = entry.reversed {
      original = await books.entry(id: document.id, company: document.company)
    }
    do throws(Refusal) {
      return Prepared(
        entry: entry, card: card,
        draft: .success(try entry.draft(for: card, reversing: original)))
    } catch {
      return Prepared(entry: entry, card: card, draft: .failure(error))
    }
  }

  private func check(
    _ prepared: [Prepared], _ confirmation: SAPConfirmation, _ version: SOAPVersion,
    _ books: MockBooks
  ) async -> WireResponse {
    var parts: [SAPConfirmation.Part] = []
    for part in prepared {
      switch part.draft {
      case .failure(let refusal): parts.append(part.refused(refusal))
      case .success(let draft):
        if let refusal = await books.objection(to: draft, in: part.entry.company) {
          parts.append(part.refused(refusal))
        } else {
          parts.append(
            SAPConfirmation.Part(entry: part.entry, verdict: nil, items: [.checked]))
        }
      }
    }
    return SAPWords.answer(confirmation.element(parts), in: version)
  }

  // MARK: OData

  private func odata(_ request: WireRequest, _ path: [String]) -> DialectCall {
    guard request.method == "GET" || request.method == "HEAD" else {
      return answering("WriteOData", objection(toWriting: request))
    }
    var fetched: [(name: String, value: String)] = []
    if request.header("X-CSRF-Token")?.lowercased() == "fetch" {
      let (cookie, token) = tokens.openSession()
      fetched = [
        ("X-CSRF-Token", token),
        ("Set-Cookie", "\(Self.sessionCookie)=\(cookie); path=/; HttpOnly"),
      ]
    }
    let headers = fetched
    if path.isEmpty {
      var document = SAPCube.document
      document.headers += headers
      return answering("GetService", document)
    }
    do throws(Trouble) {
      let query = try SAPCubeQuery(request, path)
      return DialectCall(
        operation: "QueryCube", company: query.value(of: "CompanyCode"),
        keys: query.value(of: "Reference1InDocumentHeader").map { [$0] } ?? [],
        work: .read { books in
          var response =
            rights.seesDocuments
            ? await SAPCube(books: books, ledgers: settings.ledgers).answer(query)
            : SAPCube.nothing
          response.headers += headers
          return response
        },
        trouble: { trouble in
          trouble.code == "unknown_company" ? SAPCube.nothing : SAPWords.odata(trouble)
        })
    } catch {
      return answering("QueryCube", SAPWords.odata(error))
    }
  }

  /// The cube is for reading: a write fails for the want of a token, or else for what it is.
  private func objection(toWriting request: WireRequest) -> WireResponse {
    let cookies = (request.header("Cookie") ?? "").split(separator: ";")
    let prefix = Self.sessionCookie + "="
    let session = cookies.map { $0.drop { $0 == " " } }.first { $0.hasPrefix(prefix) }
    guard let session, let token = request.header("X-CSRF-Token"),
      tokens.isValid(csrf: token, session: String(session.dropFirst(prefix.count)))
    else {
      return WireResponse(
        status: 403, headers: [("Content-Type", "text/plain"), ("x-csrf-token", "Required")],
        body: Array("CSRF token validation failed".utf8))
    }
    return SAPWords.odata(
      Trouble(status: 405, code: "method_not_allowed", message: "The entity set is read-only"))
  }

  private func answering(_ operation: String, _ response: WireResponse) -> DialectCall {
    DialectCall(
      operation: operation, company: nil, work: .answer(response), trouble: SAPWords.odata)
  }

  // MARK: Who is there

  private func isLetIn(_ request: WireRequest) -> Bool {
    if settings.user == nil, settings.client == nil { return true }
    guard let given = request.header("Authorization") else { return false }
    if given.lowercased().hasPrefix("bearer ") {
      return tokens.isValid(String(given.dropFirst("bearer ".count)))
    }
    return settings.user.map { $0 == Self.basic(given) } ?? false
  }

  private func token(_ request: WireRequest) -> DialectCall {
    func refusing(_ status: Int, _ error: String) -> WireResponse {
      .json(.object([("error", .string(error))]), status: status)
    }
    let form = WireRequest(
      method: "GET", target: "?" + String(decoding: request.body, as: UTF8.self), headers: [],
      body: [])
    let given =
      request.header("Authorization").flatMap(Self.basic)
      ?? form.parameter("client_id").map {
        SAPSettings.Account(name: $0, secret: form.parameter("client_secret") ?? "")
      }
    let response: WireResponse =
      if request.method != "POST" {
        refusing(405, "invalid_request")
      } else if settings.client == nil || given != settings.client {
        refusing(401, "invalid_client")
      } else if form.parameter("grant_type") != "client_credentials" {
        refusing(400, "unsupported_grant_type")
      } else {
        .json(
          .object([
            ("access_token", .string(tokens.issue(lifetime: settings.tokenLifetime))),
            ("token_type", "Bearer"), ("expires_in", .integer(settings.tokenLifetime)),
          ]))
      }
    return DialectCall(
      operation: "IssueToken", company: nil, work: .answer(response), trouble: SAPWords.page)
  }

  private static func basic(_ header: String) -> SAPSettings.Account? {
    guard header.lowercased().hasPrefix("basic "),
      let bytes = Data(base64Encoded: String(header.dropFirst("basic ".count)))
    else { return nil }
    return SAPSettings.Account(String(decoding: bytes, as: UTF8.self))
  }
}
