internal import HTTPTypes
internal import Hummingbird
internal import Ledger
package import PostingEngine
internal import Synchronization

/// Counts what the service does, as Prometheus text.
package final class ServiceMetrics: Sendable {
  private struct Counters {
    var verdicts: [Verdict.Kind: Int] = [:]
    /// By method, route and status.
    var requests: [[String]: Int] = [:]
  }

  private let counters = Mutex(Counters())

  package init() {}

  package func count(_ verdicts: [Verdict]) {
    counters.withLock { counters in
      for verdict in verdicts { counters.verdicts[verdict.kind, default: 0] += 1 }
    }
  }

  func countRequest(method: String, route: String, status: Int) {
    counters.withLock { $0.requests[[method, route, String(status)], default: 0] += 1 }
  }

  func text(counts: [StoreCount]) -> String {
    let counters = counters.withLock { $0 }
    var lines: [String] = []
    func family(_ name: String, _ type: String, _ help: String) {
      lines.append("# HELP \(name) \(help)")
      lines.append("# TYPE \(name) \(type)")
    }
    family(
      "postern_verdicts_total", "counter", "Documents handed over since the start, by verdict.")
    for kind in Verdict.Kind.allCases {
      lines.append(
        "postern_verdicts_total{verdict=\"\(kind.rawValue)\"} \(counters.verdicts[kind] ?? 0)")
    }
    family("postern_http_requests_total", "counter", "Requests answered since the start.")
    for (labels, count) in counters.requests.sorted(by: { $0.key.joined() < $1.key.joined() }) {
      lines.append(
        "postern_http_requests_total{method=\"\(labels[0])\",route=\"\(escaped(labels[1]))\","
          + "status=\"\(labels[2])\"} \(count)")
    }
    for kind in [StoreCount.Kind.document, .posting, .exception] {
      let name = "postern_\(kind.rawValue)s"
      family(name, "gauge", "Rows in the store, by entity and state.")
      for count in counts where count.kind == kind {
        let connection = count.connection.map { ",connection=\"\(escaped($0.code))\"" } ?? ""
        lines.append(
          "\(name){entity=\"\(escaped(count.entity.code))\"\(connection),"
            + "state=\"\(count.state)\"} \(count.count)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func escaped(_ label: String) -> String {
    label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}

/// Counts every request by its route, not by its address.
struct RequestCounting: RouterMiddleware {
  typealias Context = APIContext

  let metrics: ServiceMetrics

  func handle(
    _ request: Request, context: APIContext,
    next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    do {
      let response = try await next(request, context)
      count(request, context, response.status)
      return response
    } catch let error as any HTTPResponseError {
      count(request, context, error.status)
      throw error
    }
  }

  private func count(
    _ request: Request, _ context: APIContext, _ status: HTTPResponse.Status
  ) {
    metrics.countRequest(
      method: request.method.rawValue, route: context.endpointPath ?? "other",
      status: status.code)
  }
}
