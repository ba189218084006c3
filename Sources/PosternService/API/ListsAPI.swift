internal import Hummingbird
internal import Ledger
internal import PostingEngine
internal import StrictJSON

/// Pages of documents, entries, postings, exceptions, and the state of one document.
struct ListsAPI: Sendable {
  let store: any PostingStore
  let policy: ExceptionPolicy
  let clock: any EngineClock

  func addRoutes(to router: RouterGroup<APIContext>) {
    router.get("/v1/documents") { request, context in
      try page(request, context, named: "documents", states: ListedStates.documents) {
        queries, filter, writer in
        let rows = try queries.documents(filter)
        for row in rows { writer.write(row) }
        return rows.map(\.number.value)
      }
    }
    router.get("/v1/entries") { request, context in
      try page(request, context, named: "entries", states: ListedStates.postings) {
        queries, filter, writer in
        let rows = try queries.entries(filter)
        for row in rows { writer.write(row.record) }
        return rows.map(\.number)
      }
    }
    router.get("/v1/postings") { request, context in
      try page(request, context, named: "postings", states: ListedStates.postings) {
        queries, filter, writer in
        let rows = try queries.postings(filter)
        let outlook = try DeliveryOutlook(at: clock.now, in: queries)
        for row in rows {
          writer.write(
            row, attempts: try queries.attempts(of: row.number), hold: outlook.hold(of: row))
        }
        return rows.map(\.number.value)
      }
    }
    router.get("/v1/exceptions") { request, context in
      try page(request, context, named: "exceptions", states: ListedStates.exceptions) {
        queries, filter, writer in
        let rows = try queries.exceptions(filter)
        for row in rows {
          writer.write(
            row, document: try row.document.flatMap { try queries.document($0)?.identity },
            terms: policy.terms(of: row))
        }
        return rows.compactMap(\.id)
      }
    }
    router.get("/v1/documents/{source}/{type}/{id}") { request, context in
      try context.require(.read)
      let identity = try request.identity(after: "/v1/documents/")
      let report = try store.read { try DocumentReport(identity, at: clock.now, in: $0) }
      guard let report, context.principal.maySee(report.document.entity) else {
        throw ProblemResponse.notFound("Document \(identity)")
      }
      var writer = JSONWriter()
      writer.write(report)
      return Response.json(writer.bytes)
    }
  }

  /// `{ "<name>": [ … ], "next": "<cursor>" }`, without `next` on the last page.
  private func page(
    _ request: Request, _ context: APIContext, named name: String, states: [String],
    rows: (any PostingQueries, ListFilter, inout JSONWriter) throws -> [Int64]
  ) throws -> Response {
    try context.require(.read)
    let filter = try request.listFilter(for: context.principal, states: states)
    var writer = JSONWriter()
    try store.read { queries in
      writer.beginObject()
      writer.key(name)
      writer.beginArray()
      let numbers = try rows(queries, filter, &writer)
      writer.endArray()
      if numbers.count == filter.limit, let last = numbers.last {
        writer.key("next")
        writer.string(String(last))
      }
      writer.endObject()
    }
    return .json(writer.bytes)
  }
}
