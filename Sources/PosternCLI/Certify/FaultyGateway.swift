internal import AdapterConformance
internal import Foundation
internal import HTTPTransport
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Logging
internal import NIOCore

/// Listens on this machine, passes requests on to an ERP, and breaks submissions as a network does:
/// for adapters that send their requests themselves.
final class FaultyGateway: Sendable {
  /// With the path of the ERP's own address.
  let address: String
  let http: FaultyHTTPClient
  private let serving: Task<Void, Never>

  private static let largestBody = 64 << 20

  private init(address: String, http: FaultyHTTPClient, serving: Task<Void, Never>) {
    self.address = address
    self.http = http
    self.serving = serving
  }

  /// - Parameters:
  ///   - url: the ERP's address.
  ///   - client: how it is reached.
  /// - Throws: where no port can be had.
  static func start(
    before url: String, _ client: any HTTPClient
  ) async throws -> FaultyGateway {
    let http = FaultyHTTPClient(client, isSubmission: AdapterCatalog.changesSomething)
    let (host, path) = parts(of: url)
    let (ports, listening) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "gateway")
    logger.logLevel = .critical
    let application = Application(
      responder: Responder(host: host, http: http),
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in listening.yield(channel.localAddress?.port ?? 0) },
      logger: logger)
    let serving = Task {
      try? await application.run()
      listening.finish()
    }
    for await port in ports {
      return FaultyGateway(
        address: "http://127.0.0.1:\(port)" + path, http: http, serving: serving)
    }
    throw Problem(
      code: "gateway_missing", pointer: url, detail: "No port of this machine can be listened on",
      fix: "Let the program listen on 127.0.0.1")
  }

  /// `https://erp.example` and `/api` of `https://erp.example/api`.
  private static func parts(of url: String) -> (host: String, path: String) {
    let start = url.range(of: "://")?.upperBound ?? url.startIndex
    let slash = url[start...].firstIndex(of: "/") ?? url.endIndex
    return (String(url[..<slash]), String(url[slash...]))
  }

  private struct Context: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
      coreContext = CoreRequestContextStorage(source: source)
      channel = source.channel
    }
  }

  private struct Responder: HTTPResponder {
    let host: String
    let http: FaultyHTTPClient

    /// Between two neighbours, never passed on.
    private static let ofOneConnection: Set<String> = [
      "host", "connection", "content-length", "transfer-encoding", "accept-encoding",
      "content-encoding", "keep-alive", "date", "server",
    ]

    func respond(to request: Request, context: Context) async throws -> Response {
      var request = request
      let body = try await request.collectBody(upTo: FaultyGateway.largestBody)
      var passed = HTTPTransport.HTTPRequest(
        HTTPMethod(rawValue: request.method.rawValue), host + request.uri.string,
        body: Array(body.readableBytesView))
      for field in request.headers
      where !Responder.ofOneConnection.contains(field.name.canonicalName) {
        passed.headers.add(field.name.rawName, field.value)
      }
      let answer: HTTPTransport.HTTPResponse
      do throws(HTTPFailure) {
        answer = try await http.send(passed)
      } catch {
        try await context.channel.close()
        return Response(status: .badGateway)
      }
      var headers = HTTPFields()
      for field in answer.headers {
        guard let name = HTTPField.Name(field.name),
          !Responder.ofOneConnection.contains(name.canonicalName)
        else { continue }
        headers.append(HTTPField(name: name, value: field.value))
      }
      return Response(
        status: HTTPTypes.HTTPResponse.Status(code: answer.status), headers: headers,
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
  }
}
