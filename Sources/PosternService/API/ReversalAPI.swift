internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import PostingEngine
internal import StrictJSON

/// Compensates documents.
struct ReversalAPI: Sendable {
  let store: any PostingStore
  let desk: IntakeDesk

  func addRoutes(to router: RouterGroup<APIContext>) {
    router.post("/v1/documents/{source}/{type}/{id}/reverse") { request, context in
      try context.require(.operate)
      let identity = try request.identity(after: "/v1/documents/", dropping: 1)
      let order = try request.reversalOrder()
      let stored = try store.read { try $0.document(identity) }
      guard let stored, context.principal.maySee(stored.entity) else {
        throw ProblemResponse.notFound("Document \(identity)")
      }
      let actor = context.principal.name
      do {
        let result =
          order.isDryRun
          ? try store.read {
            try desk.reversal(by: actor).preview(identity, on: order.day, in: $0)
          } : try await desk.reverse(identity, on: order.day, reason: order.reason, by: actor)
        var writer = JSONWriter()
        writer.write(result, isDryRun: order.isDryRun)
        return Response.json(writer.bytes, status: order.isDryRun ? .ok : .accepted)
      } catch let problem as Problem
        where problem.code == "not_reversible" || problem.code == "settled_since"
      {
        throw ProblemResponse(status: .conflict, problem: problem)
      }
    }
  }
}

/// What a request for a reversal says beside the document.
private struct ReversalOrder {
  var day: CalendarDate?
  var reason = "no reason given"
  var isDryRun = false
}

extension Request {
  /// `on`, `reason` and `dryRun` of the query.
  fileprivate func reversalOrder() throws -> ReversalOrder {
    var order = ReversalOrder()
    for (name, value) in uri.queryParameters {
      let value = String(value)
      switch String(name) {
      case "reason": order.reason = value
      case "dryRun" where value == "true" || value == "false": order.isDryRun = value == "true"
      case "on":
        guard let day = CalendarDate(value) else {
          throw ProblemResponse.badRequest(
            "on", "'\(value)' is no date", fix: "Write YYYY-MM-DD")
        }
        order.day = day
      default:
        throw ProblemResponse.badRequest(
          String(name), "'\(name)=\(value)' is not understood",
          fix: "Use on=YYYY-MM-DD, reason=TEXT, dryRun=true")
      }
    }
    return order
  }
}
