internal import Hummingbird
internal import Ledger
internal import LedgerJSON
internal import PostingEngine
internal import StrictJSON

/// Liveness, readiness, metrics and the description of the API; open to everybody.
struct OperationsAPI: Sendable {
  let store: any PostingStore
  let metrics: ServiceMetrics
  let readiness: Readiness

  func addRoutes(to router: Router<APIContext>) {
    router.get("/healthz") { _, _ in Response.text("ok\n") }
    router.get("/readyz") { _, _ in
      if let trouble = readiness.trouble {
        throw ProblemResponse(status: .serviceUnavailable, problem: trouble)
      }
      do {
        _ = try store.read { try $0.pausedConnections() }
      } catch {
        throw ProblemResponse(
          status: .serviceUnavailable,
          problem: error as? Problem
            ?? Problem(
              code: "store_unavailable", detail: "The store cannot be read: \(error)",
              fix: "Look at the service's log"))
      }
      return Response.text("ready\n")
    }
    router.get("/metrics") { _, _ in
      let counts = try store.read { try $0.counts() }
      return Response.text(
        metrics.text(counts: counts), type: "text/plain; version=0.0.4; charset=utf-8")
    }
    router.get("/openapi.json") { _, _ in
      Response.json(PackageResources.openapi_json)
    }
    router.get("/schemas/document.json") { _, _ in Response.json(DocumentSchema.bytes) }
  }
}
