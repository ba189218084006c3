internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import PostingEngine
internal import ServiceLifecycle
internal import StrictJSON

/// `GET /v1/events`: what happens to documents, as server-sent events.
///
/// At least once and in order: a reader that was cut off says the last id it has, and gets what
/// follows. Source: WHATWG HTML, section 9.2 (Server-sent events).
struct EventsAPI: Sendable {
  let store: any PostingStore

  /// Events in one write.
  private static let page = 200
  /// How soon a new event is seen.
  private static let interval: Duration = .milliseconds(500)
  /// Silence after which a comment keeps the connection open.
  private static let heartbeat: Duration = .seconds(15)

  func addRoutes(to router: RouterGroup<APIContext>) {
    router.get("/v1/events") { request, context in
      try context.require(.read)
      let filter = try request.eventFilter(for: context.principal, last: lastEvent)
      return Response(
        status: .ok,
        headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: ResponseBody { [store] writer in
          try await EventsAPI.stream(filter, store, to: &writer)
          try await writer.finish(nil)
        })
    }
  }

  private func lastEvent() throws -> Int64 { try store.read { try $0.lastEvent() } }

  private static func stream(
    _ filter: ListFilter, _ store: any PostingStore, to writer: inout any ResponseBodyWriter
  ) async throws {
    var filter = filter
    var silentFor = Duration.zero
    // Sends the head at once, so that the reader knows that it is listening.
    try await writer.write(ByteBuffer(string: ": listening\n\n"))
    // Ends with the service, not with the last event.
    while !Task.isCancelled, !Task.isShuttingDownGracefully {
      let (bytes, last) = try store.read { try next(filter, in: $0) }
      if let last {
        filter.cursor = last
        silentFor = .zero
        try await writer.write(ByteBuffer(bytes: bytes))
        continue
      }
      silentFor += interval
      if silentFor >= heartbeat {
        silentFor = .zero
        try await writer.write(ByteBuffer(string: ": nothing new\n\n"))
      }
      do { try await Task.sleep(for: interval) } catch { return }
    }
  }

  private static func next(
    _ filter: ListFilter, in queries: any PostingQueries
  ) throws -> (bytes: [UInt8], last: Int64?) {
    let events = try queries.events(filter)
    var bytes: [UInt8] = []
    for event in events {
      var json = JSONWriter()
      try json.write(event, in: queries)
      bytes += Array("id: \(event.number)\nevent: \(event.kind.rawValue)\ndata: ".utf8)
      bytes += json.bytes
      bytes += Array("\n\n".utf8)
    }
    return (bytes, events.last?.number)
  }

  fileprivate static var pageSize: Int { page }
}

extension Request {
  /// After the header `Last-Event-ID`, else after the parameter `after`, else from now on.
  fileprivate func eventFilter(
    for principal: Principal, last: () throws -> Int64
  ) throws -> ListFilter {
    var filter = ListFilter()
    filter.entities = principal.entities.map { $0.sorted() } ?? []
    filter.limit = EventsAPI.pageSize
    for (name, _) in uri.queryParameters where name != "after" {
      throw ProblemResponse.badRequest(
        String(name), "'\(name)' is no parameter of the stream",
        fix: "See the parameters in /openapi.json")
    }
    let header = HTTPField.Name("Last-Event-ID").flatMap { headers[$0] }
    guard let text = header ?? uri.queryParameters["after"].map({ String($0) }) else {
      filter.cursor = try last()
      return filter
    }
    guard let cursor = Int64(text), cursor >= 0 else {
      throw ProblemResponse.badRequest(
        "after", "'\(text)' is no event's id", fix: "Send the id of the last event that you have")
    }
    filter.cursor = cursor
    return filter
  }
}
