import XMLTree

/// The dialect `generic-soap`: document/literal, SOAP 1.1 and 1.2, described in the README.
struct GenericSOAP: Dialect {
  let name = "generic-soap"
  let root = ["generic", "soap"]
  /// nil lets everybody in.
  let user: SOAPUser?
  let batchLimit: Int
  let bodyLimit: Int

  static let namespace = "urn:generic-erp:journal:1"

  func read(_ request: WireRequest) -> DialectCall {
    guard request.path.count == root.count else {
      return refusing("Unknown", Trouble(status: 404, code: "not_found", message: "Nothing here"))
    }
    if request.method == "GET", request.query.contains(where: { $0.name.lowercased() == "wsdl" }) {
      return description(for: request)
    }
    guard request.method == "POST" else {
      return refusing(
        "Unknown",
        Trouble(
          status: 405, code: "method_not_allowed",
          message: "POST an envelope, or GET the description with ?wsdl"))
    }
    let envelope: SOAPEnvelope
    do throws(SOAPEnvelope.Fault) {
      envelope = try SOAPEnvelope.read(request.body, limit: bodyLimit)
    } catch {
      return refusing("Unknown", error.trouble, version: error.version)
    }
    if let trouble = envelope.objection(user: user) {
      return refusing(envelope.body.name.local, trouble, version: envelope.version)
    }
    do throws(Trouble) {
      return try call(envelope)
    } catch {
      return refusing(envelope.body.name.local, error, version: envelope.version)
    }
  }

  // MARK: Operations

  private func call(_ envelope: SOAPEnvelope) throws(Trouble) -> DialectCall {
    let body = envelope.body
    guard body.name.namespace == Self.namespace else { throw unknownOperation(body.name) }
    switch body.name.local {
    case "PostJournalEntries": return try post(body, version: envelope.version)
    case "FindJournalEntry":
      let parts = try ElementSequence(body, [.one("Company"), .one("ExternalKey")])
      let company = parts.token("Company")
      let key = parts.text("ExternalKey")
      return reading("FindJournalEntry", company, keys: [key], version: envelope.version) { books in
        await books.entries(forKey: key, company: company).map(\.element)
      }
    case "GetCompany":
      let company = try ElementSequence(body, [.one("Company")]).token("Company")
      return reading("GetCompany", company, keys: [], version: envelope.version) { books in
        await books.company(company).map { $0.elements(batchLimit: batchLimit) } ?? []
      }
    default: throw unknownOperation(body.name)
    }
  }

  private func post(_ body: XMLElement, version: SOAPVersion) throws(Trouble) -> DialectCall {
    let parts = try ElementSequence(body, [.one("Company"), .many("JournalEntry")])
    let elements = parts.all("JournalEntry")
    guard elements.count <= batchLimit else {
      throw Trouble(
        status: 413, code: "batch_too_large",
        message: "A batch has at most \(batchLimit) entries, not \(elements.count)")
    }
    var drafts: [EntryDraft] = []
    for element in elements { drafts.append(try EntryDraft(element)) }
    let keys = drafts.map(\.externalKey)
    return DialectCall(
      operation: "PostJournalEntries", company: parts.token("Company"),
      work: .post(drafts) { verdicts in
        version.answer(
          "PostJournalEntries", zip(keys, verdicts).map { $1.element(key: $0) })
      }, trouble: version.word)
  }

  private func reading(
    _ operation: String, _ company: String, keys: [String], version: SOAPVersion,
    _ elements: @escaping @Sendable (MockBooks) async -> [XMLElement]
  ) -> DialectCall {
    DialectCall(
      operation: operation, company: company, keys: keys,
      work: .read { books in version.answer(operation, await elements(books)) },
      trouble: version.word)
  }

  private func description(for request: WireRequest) -> DialectCall {
    let host = request.header("Host") ?? "127.0.0.1"
    let address = "http://\(host)/\(root.joined(separator: "/"))"
    return DialectCall(
      operation: "GetDescription", company: nil,
      work: .answer(
        WireResponse(
          status: 200, headers: [("Content-Type", "text/xml; charset=utf-8")],
          body: Array(Self.wsdl(address: address).utf8))), trouble: SOAPVersion.v11.word)
  }

  // MARK: Troubles

  private func refusing(
    _ operation: String, _ trouble: Trouble, version: SOAPVersion = .v11
  ) -> DialectCall {
    DialectCall(
      operation: operation, company: nil, work: .answer(version.word(trouble)),
      trouble: version.word)
  }

  private func unknownOperation(_ name: XMLName) -> Trouble {
    Trouble(
      status: 400, code: "unknown_operation", message: "There is no operation \(name.local)")
  }
}
