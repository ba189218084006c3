internal import HTTPServing
package import Hummingbird
package import Intake
internal import Ledger
package import Logging
internal import NIOCore
package import PostingEngine
package import ServiceLifecycle

/// The HTTP service: what it is made of, and the application that runs it.
package struct PosternServer: Sendable {
  package struct Settings: Sendable {
    package var host: String
    /// 0 picks a free port.
    package var port: Int

    package init(host: String, port: Int) {
      self.host = host
      self.port = port
    }

    /// Whether only this machine can reach the service.
    package var isLoopback: Bool {
      host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
  }

  private let settings: Settings
  private let makeRouter: @Sendable (_ hasEcho: Bool) -> Router<APIContext>
  private let logger: Logger

  /// - Parameter onChange: called after an action on exceptions may have made something due.
  /// - Throws: ``Problem`` `keys_required` when the service would listen to other machines without
  ///   any API key.
  package init(
    settings: Settings, desk: IntakeDesk, explainer: Explainer, exceptions: ExceptionDesk,
    onChange: @escaping @Sendable () -> Void = {}, clock: any EngineClock, limits: IntakeLimits,
    metrics: ServiceMetrics, readiness: Readiness,
    logger: Logger
  ) throws {
    self.settings = settings
    self.logger = logger
    let store = exceptions.store
    let keys = KeyRing(store: store, clock: clock)
    if try !keys.wereKeysEverMade() {
      guard settings.isLoopback else {
        throw Problem(
          code: "keys_required", pointer: settings.host,
          detail: "The service would be open to other machines: no API key is configured",
          fix: "Make one with 'postern keys create', or listen on 127.0.0.1")
      }
      logger.notice("no API key is configured: the service is open to this machine")
    }
    makeRouter = { hasEcho in
      let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
      router.add(middleware: RequestCounting(metrics: metrics))
      router.add(middleware: ProblemAnswers())
      OperationsAPI(store: store, metrics: metrics, readiness: readiness).addRoutes(to: router)
      let api = router.group().add(
        middleware: Authentication(keys: keys, mayBeOpen: settings.isLoopback))
      DocumentsAPI(desk: desk, explainer: explainer, limits: limits).addRoutes(to: api)
      ListsAPI(store: store, policy: exceptions.policy, clock: clock).addRoutes(to: api)
      SubledgerAPI(store: store, ruleBook: desk.acceptance.ruleBook, clock: clock)
        .addRoutes(to: api)
      EventsAPI(store: store).addRoutes(to: api)
      ExceptionsAPI(desk: exceptions, onChange: onChange).addRoutes(to: api)
      ReversalAPI(store: store, desk: desk).addRoutes(to: api)
      if hasEcho {
        api.post("/echo") { request, context in
          try context.require(.submit)
          let bytes = try await request.bytes(upTo: limits.bodyBytes)
          return Response(
            status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
      }
      return router
    }
  }

  /// The OpenAPI 3.1 document, as JSON.
  package static var openAPI: [UInt8] { PackageResources.openapi_json }

  /// Every route, as `METHOD /path`.
  package var routes: [String] {
    makeRouter(false).routes.map { "\($0.method.rawValue) \($0.path)" }.sorted()
  }

  /// The application; it runs `services` beside itself and ends them with SIGTERM and SIGINT.
  ///
  /// - Parameters:
  ///   - hasEcho: adds `POST /echo` to the API, which returns the body as it came: the yardstick of the
  ///     benchmark.
  ///   - onListening: gets the address as `http://HOST:PORT`.
  package func application(
    services: [any Service] = [], hasEcho: Bool = false,
    onListening: @escaping @Sendable (String) -> Void
  ) -> some ApplicationProtocol {
    let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    let router = makeRouter(hasEcho)
    router.refuseOtherMethods()
    var application = Application(
      router: router, server: .connections,
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port), serverName: "postern"),
      onServerRunning: { channel in
        onListening("http://\(host):\(channel.localAddress?.port ?? 0)")
      }, logger: logger)
    for service in services { application.addServices(service) }
    return application
  }
}
