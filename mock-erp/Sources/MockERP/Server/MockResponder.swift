import Foundation
import Hummingbird
import Logging
import NIOCore

/// A request's context that keeps hold of the connection, so that it can be dropped or reset.
struct MockRequestContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}

/// Hands requests to the dialect or the admin API they are for.
struct MockResponder: HTTPResponder {
  private let desk: FrontDesk
  private let admin: AdminFace
  private let dialects: [any Dialect]
  private let bodyLimit: Int
  private let connections: OpenConnections

  init(
    configuration: MockERPConfiguration, books: MockBooks, faults: FaultPlan,
    journal: RequestJournal, exchange: FileExchange?, connections: OpenConnections
  ) {
    let load = LoadMonitor()
    desk = FrontDesk(
      books: books, faults: faults, journal: journal, load: load, latency: configuration.latency,
      now: configuration.now, sleep: configuration.sleep)
    admin = AdminFace(
      books: books, faults: faults, journal: journal, load: load, exchange: exchange)
    dialects = [
      GenericREST(bearerToken: configuration.bearerToken, batchLimit: configuration.batchLimit),
      GenericSOAP(
        user: configuration.soapUser, batchLimit: configuration.batchLimit,
        bodyLimit: configuration.bodyLimit),
      SAPS4HANA(
        settings: configuration.sap, bodyLimit: configuration.bodyLimit, now: configuration.now),
      NetSuite(configuration),
    ]
    bodyLimit = configuration.bodyLimit
    self.connections = connections
  }

  func respond(to request: Request, context: MockRequestContext) async throws -> Response {
    connections.note(context.channel)
    var request = request
    let body: ByteBuffer
    do {
      body = try await request.collectBody(upTo: bodyLimit)
    } catch is NIOTooManyBytesError {
      var response = GenericREST.word(
        Trouble(
          status: 413, code: "body_too_large",
          message: "A body has at most \(bodyLimit) bytes"))
      response.headers.append(("Connection", "close"))
      return Self.response(response)
    }
    var headers = request.headers.map { (name: $0.name.rawName, value: $0.value) }
    if let authority = request.head.authority { headers.append(("Host", authority)) }
    let wire = WireRequest(
      method: request.method.rawValue, target: request.uri.string, headers: headers,
      body: Array(body.readableBytesView))
    switch await outcome(of: wire) {
    case .answer(let response): return Self.response(response)
    case .close: try await context.channel.close()
    case .reset:
      // A connection that does not linger is ended by a reset.
      if let options = context.channel as? any SocketOptionProvider {
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
      }
      try await context.channel.close()
    }
    return Response(status: .internalServerError)
  }

  private func outcome(of request: WireRequest) async -> WireOutcome {
    if request.path.first == AdminFace.root { return .answer(await admin.answer(request)) }
    for dialect in dialects where request.path.starts(with: dialect.root) {
      return await desk.outcome(of: request, in: dialect)
    }
    guard request.path.isEmpty else {
      return .answer(
        GenericREST.word(
          Trouble(status: 404, code: "not_found", message: "No dialect is served here")))
    }
    let served = dialects.map { dialect in
      JSONText.object([
        ("name", .string(dialect.name)),
        ("path", .string("/" + dialect.root.joined(separator: "/"))),
      ])
    }
    return .answer(.json(.object([("service", "mock-erp"), ("dialects", .array(served))])))
  }

  private static func response(_ wire: WireResponse) -> Response {
    var fields = HTTPFields()
    for (name, value) in wire.headers {
      guard let name = HTTPFields.Element.Name(name) else { continue }
      fields.append(HTTPFields.Element(name: name, value: value))
    }
    let body: ResponseBody
    switch wire.body {
    case .whole(let bytes): body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    case .pieces(let start):
      body = ResponseBody { writer in
        let next = start()
        while let piece = await next() { try await writer.write(ByteBuffer(bytes: piece)) }
        try await writer.finish(nil)
      }
    }
    return Response(
      status: HTTPResponse.Status(code: wire.status), headers: fields, body: body)
  }
}
