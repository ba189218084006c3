internal import HTTPTypes
internal import Hummingbird
internal import Ledger

extension Router where Context == APIContext {
  /// Answers 405 with `Allow` where an address is known and a method is not; to be called when every
  /// route is there.
  func refuseOtherMethods() {
    let addresses = Dictionary(grouping: routes) { $0.path.description }
    for routes in addresses.values {
      var allowed = Set(routes.map { $0.method })
      if allowed.contains(.get) { allowed.insert(.head) }
      let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
      let refusal = ProblemResponse(
        status: .methodNotAllowed,
        problem: Problem(
          code: "method_not_allowed", detail: "This address takes \(names) alone",
          fix: "See /openapi.json"), headers: [.allow: names])
      for method in Self.methods where !allowed.contains(method) {
        on(routes[0].path, method: method) { _, _ -> Response in throw refusal }
      }
    }
  }

  private static var methods: [HTTPRequest.Method] {
    [.get, .head, .post, .put, .patch, .delete, .options]
  }
}
