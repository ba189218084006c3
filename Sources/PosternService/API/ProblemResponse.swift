internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import PostingEngine
internal import StrictJSON

/// An error as RFC 9457 problem details, with every fault below `errors`.
struct ProblemResponse: Error, Sendable {
  let status: HTTPResponse.Status
  let problem: Problem
  var errors: [Problem] = []
  var headers: HTTPFields = [:]
  /// The document's verdict, where the error concerns one document.
  var verdict: Verdict?

  var response: Response {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("type")
      writer.string("urn:postern:problem:\(problem.code)")
      writer.key("title")
      writer.string(status.reasonPhrase)
      writer.key("status")
      writer.number(status.code)
      writer.key("code")
      writer.string(problem.code)
      writer.key("detail")
      writer.string(problem.detail)
      writer.key("fix")
      writer.string(problem.fix)
      writer.key("errors")
      writer.array { writer in
        for error in errors { writer.write(error) }
      }
      if let verdict {
        writer.key("documents")
        writer.array { $0.write(verdict) }
      }
    }
    var headers = headers
    headers[.contentType] = "application/problem+json"
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
  }

  static func notFound(_ what: String) -> ProblemResponse {
    ProblemResponse(
      status: .notFound,
      problem: Problem(
        code: "not_found", detail: "\(what) is not here", fix: "Check the address"))
  }

  static func badRequest(_ pointer: String, _ detail: String, fix: String) -> ProblemResponse {
    let problem = Problem(code: "bad_request", pointer: pointer, detail: detail, fix: fix)
    return ProblemResponse(status: .badRequest, problem: problem, errors: [problem])
  }
}

extension ProblemResponse: HTTPResponseError {
  /// Without the body where only the head was asked for: it would be taken for the next answer.
  func response(from request: Request, context: some RequestContext) -> Response {
    request.method == .head ? response.createHeadResponse() : response
  }
}

extension Response {
  static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
    Response(
      status: .ok, headers: [.contentType: type],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
