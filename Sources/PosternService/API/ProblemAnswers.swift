internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Logging

/// Answers every error as problem details: a problem of the store, an unknown address, anything.
struct ProblemAnswers: RouterMiddleware {
  typealias Context = APIContext

  /// Problems that the caller can put right; all others are the service's own.
  private static let statuses: [String: HTTPResponse.Status] = [
    "not_found": .notFound, "one_exception_only": .unprocessableContent,
    "second_person_needed": .conflict,
  ]

  func handle(
    _ request: Request, context: APIContext,
    next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let problem as ProblemResponse {
      throw problem
    } catch let problem as Problem {
      if let status = ProblemAnswers.statuses[problem.code] {
        throw ProblemResponse(status: status, problem: problem, errors: [problem])
      }
      context.logger.error("request failed", metadata: ["code": "\(problem.code)"])
      throw ProblemResponse(status: .serviceUnavailable, problem: problem, errors: [problem])
    } catch let error as HTTPError where error.status == .notFound {
      throw ProblemResponse.notFound("The address \(request.uri.path)")
    } catch let error as HTTPError {
      throw ProblemResponse(
        status: error.status,
        problem: Problem(
          code: "bad_request", detail: error.body ?? error.status.reasonPhrase,
          fix: "See /openapi.json"), headers: error.headers)
    } catch let error where !(error is CancellationError) {
      context.logger.error("request failed", metadata: ["error": "\(error)"])
      throw ProblemResponse(
        status: .internalServerError,
        problem: Problem(
          code: "failed", detail: "The request could not be served",
          fix: "Look at the service's log; hand documents over again: a repeat is harmless"))
    }
  }
}
