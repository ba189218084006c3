internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore

/// Finds out who asks: a bearer key, or anybody while no key is configured.
struct Authentication: RouterMiddleware {
  typealias Context = APIContext

  let keys: KeyRing
  /// Whether the service may run open: it listens on loopback only.
  let mayBeOpen: Bool

  func handle(
    _ request: Request, context: APIContext,
    next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    guard try keys.wereKeysEverMade() || !mayBeOpen else { return try await next(request, context) }
    guard let header = request.headers[.authorization], header.hasPrefix("Bearer "),
      let key = try keys.key(header.dropFirst("Bearer ".count))
    else {
      throw ProblemResponse(
        status: .unauthorized,
        problem: Problem(
          code: "unauthorized", detail: "The request carries no valid API key",
          fix: "Send 'Authorization: Bearer KEY' with a key made by 'postern keys create'"),
        headers: [.wwwAuthenticate: "Bearer"])
    }
    context.principal = Principal(key)
    return try await next(request, context)
  }
}

extension APIContext {
  /// - Throws: ``ProblemResponse`` 403 when the key lacks the right.
  func require(_ right: Principal.Right) throws {
    guard principal.rights.contains(right) else {
      throw ProblemResponse(
        status: .forbidden,
        problem: Problem(
          code: "forbidden", detail: "This key has no right '\(right.rawValue)'",
          fix: "Use a key that has it: 'postern keys create --rights \(right.rawValue)'"))
    }
  }
}
