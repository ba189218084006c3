internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import PostingEngine
internal import StrictJSON

/// Actions on exceptions, and those of them that wait for a second person.
struct ExceptionsAPI: Sendable {
  let desk: ExceptionDesk
  /// After something became due.
  let onChange: @Sendable () -> Void

  private static let largestBody = 1 << 20

  func addRoutes(to router: RouterGroup<APIContext>) {
    router.post("/v1/exceptions/actions") { request, context in
      try context.require(.operate)
      let bytes = try await request.bytes(upTo: ExceptionsAPI.largestBody)
      let order = try ActionOrder(bytes, for: context.principal)
      let outcome = try await desk.run(as: context.principal.name).run(
        order.action, order.selection, isDryRun: order.isDryRun)
      switch outcome {
      case .rows(let rows):
        if !order.isDryRun { onChange() }
        return answer(rows)
      case .proposed(let proposal):
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("proposal")
          writer.write(proposal)
        }
        return .json(writer.bytes, status: .accepted)
      }
    }
    router.get("/v1/exceptions/proposals") { _, context in
      try context.require(.read)
      var writer = JSONWriter()
      try desk.store.read { queries in
        let proposals = try queries.openProposals().filter {
          try maySee($0, context.principal, in: queries)
        }
        writer.object { writer in
          writer.key("proposals")
          writer.array { writer in
            for proposal in proposals { writer.write(proposal) }
          }
        }
      }
      return Response.json(writer.bytes)
    }
    router.post("/v1/exceptions/proposals/{id}/approve") { _, context in
      let id = try proposal(context)
      let (_, rows) = try await desk.run(as: context.principal.name).approve(id)
      onChange()
      return answer(rows)
    }
    router.post("/v1/exceptions/proposals/{id}/reject") { _, context in
      let id = try proposal(context)
      var proposal = try await desk.run(as: context.principal.name).reject(id)
      proposal.state = .rejected
      var writer = JSONWriter()
      writer.write(proposal)
      return Response.json(writer.bytes)
    }
  }

  /// The proposal that a request decides on.
  private func proposal(_ context: APIContext) throws -> Int64 {
    try context.require(.operate)
    let text = try context.parameters.require("id")
    guard let id = Int64(text),
      try desk.store.read({ queries in
        try queries.proposal(id).map { try maySee($0, context.principal, in: queries) } ?? false
      })
    else { throw ProblemResponse.notFound("Proposal \(text)") }
    return id
  }

  private func maySee(
    _ proposal: ExceptionProposal, _ principal: Principal, in queries: any PostingQueries
  ) throws -> Bool {
    guard principal.entities != nil else { return true }
    return try proposal.exceptions.allSatisfy { id in
      try queries.exception(id).map { principal.maySee($0.entity) } ?? true
    }
  }

  private func answer(_ rows: [ExceptionActionRun.Row]) -> Response {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("exceptions")
      writer.array { writer in
        for row in rows { writer.write(row) }
      }
      writer.key("totals")
      writer.object { writer in
        let open = rows.count { $0.result.isOpen }
        writer.key("done")
        writer.number(rows.count - open)
        writer.key("open")
        writer.number(open)
      }
    }
    return .json(writer.bytes)
  }
}

/// `{ "action": "hold", "until": "…", "ids": […] | "group": "…" | "filter": { … }, "dryRun": true }`
private struct ActionOrder {
  let action: ExceptionAction
  let selection: ExceptionSelection
  let isDryRun: Bool

  private static let ownKeys: Set<String> = ["action", "ids", "group", "filter", "dryRun"]

  init(_ bytes: [UInt8], for principal: Principal) throws {
    let json: JSONText
    do throws(JSONFault) {
      json = try JSONText(bytes)
    } catch {
      throw ProblemResponse.badRequest("", error.detail, fix: "Send one JSON object")
    }
    guard let members = json.root.object, let name = json.root["action"]?.string else {
      throw ProblemResponse.badRequest(
        "/action", "The body names no action",
        fix: "Send { \"action\": …, \"ids\": […] or \"group\" or \"filter\" }")
    }
    var parameters: [String: String] = [:]
    for (key, value) in members where !ActionOrder.ownKeys.contains(key) {
      guard let text = value.string else {
        throw ProblemResponse.badRequest("/\(key)", "'\(key)' is no text", fix: "Send a text")
      }
      parameters[key] = text
    }
    guard let action = ExceptionAction(name: name, parameters: parameters),
      Set(parameters.keys) == Set(action.parameters.keys)
    else {
      throw ProblemResponse.badRequest(
        "/action", "'\(name)' is no action, or it lacks what it needs, or has more",
        fix: "See /openapi.json: hold has 'until', resolve 'erpNumber', discard 'reason'")
    }
    self.action = action
    let dryRun = json.root["dryRun"]
    guard dryRun == nil || dryRun?.bool != nil else {
      throw ProblemResponse.badRequest(
        "/dryRun", "'dryRun' is neither true nor false", fix: "Send true or false, not a text")
    }
    isDryRun = dryRun?.bool ?? false
    selection = try ActionOrder.selection(json.root, for: principal)
    guard action == .retry || selection.isNarrow else {
      throw ProblemResponse.badRequest(
        "/ids", "Nothing says which exceptions are meant",
        fix: "Send 'ids', 'group' or 'filter'")
    }
  }

  private static func selection(
    _ root: JSONView, for principal: Principal
  ) throws -> ExceptionSelection {
    var selection = ExceptionSelection()
    for element in root["ids"]?.array.map(Array.init) ?? [] {
      guard let id = element.string.flatMap({ Int64($0) }) ?? element.int.map({ Int64($0) })
      else {
        throw ProblemResponse.badRequest(element.pointer, "This is no id", fix: "Send the ids")
      }
      selection.ids.append(id)
    }
    selection.fingerprint = root["group"]?.string
    for (key, value) in root["filter"]?.object.map(Array.init) ?? [] {
      switch (key, value.string) {
      case ("class", let text?): selection.exceptionClass = text
      case ("entity", let text?): selection.entities.append(LegalEntityID(text))
      case ("connection", let text?): selection.connection = ConnectionID(text)
      case ("customer", let text?): selection.customer = text
      case ("source", let text?): selection.source = text
      default:
        throw ProblemResponse.badRequest(
          value.pointer, "'\(key)' is no filter of exceptions, or no text",
          fix: "Use class, entity, connection, customer, source")
      }
    }
    guard let allowed = principal.entities else { return selection }
    guard selection.entities.allSatisfy(allowed.contains) else {
      throw ProblemResponse(
        status: .forbidden,
        problem: Problem(
          code: "forbidden", pointer: "/filter/entity",
          detail: "This key does not see that entity", fix: "Use a key for it"))
    }
    if selection.entities.isEmpty { selection.entities = allowed.sorted() }
    return selection
  }
}
