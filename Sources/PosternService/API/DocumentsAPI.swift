internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Intake
internal import Ledger
internal import NIOCore
internal import PostingEngine
internal import StrictJSON

/// Takes documents in: canonical JSON of one or many, and the formats of sources.
struct DocumentsAPI: Sendable {
  let desk: IntakeDesk
  let explainer: Explainer
  let limits: IntakeLimits

  func addRoutes(to router: RouterGroup<APIContext>) {
    router.post("/v1/documents") { request, context in
      try context.require(.submit)
      let isNDJSON = request.isNDJSON
      let bytes = try await request.bytes(upTo: limits.bodyBytes)
      if isNDJSON { return lines(bytes, context.principal) }
      return try await answer(
        to: bytes, format: .json, from: nil, context.principal)
    }
    router.post("/v1/intake/{source}") { request, context in
      try context.require(.submit)
      let source = try context.parameters.require("source")
      let bytes = try await request.bytes(upTo: limits.bodyBytes)
      return try await answer(to: bytes, format: .auto, from: source, context.principal)
    }
    router.post("/v1/explain") { request, context in
      try context.require(.read)
      let bytes = try await request.bytes(upTo: limits.bodyBytes)
      let source = request.uri.queryParameters["source"].map { String($0) }
      let explained = explainer.explain(
        DocumentPieces.all(in: bytes, limits: limits), from: source)
      let visible = explained.filter { explanation in
        explanation.entity.map { context.principal.maySee($0) } ?? true
      }
      var writer = JSONWriter()
      writer.write(visible)
      return Response.json(writer.bytes)
    }
  }

  /// One document is answered by a status of its own; several always by 202.
  private func answer(
    to bytes: [UInt8], format: IntakeFormat, from source: String?, _ principal: Principal
  ) async throws -> Response {
    let pieces = DocumentPieces.all(in: bytes, limits: limits)
    let verdicts = try await desk.take(
      desk.prepare(pieces, format: format, from: source, mayHandOver: principal.maySee))
    var totals = VerdictTotals()
    for verdict in verdicts { totals.count(verdict) }
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("documents")
      writer.array { writer in
        for verdict in verdicts { writer.write(verdict) }
      }
      writer.key("totals")
      writer.write(totals)
    }
    let isSingle = pieces.count == 1 && !DocumentPieces.isArray(bytes)
    let status: HTTPResponse.Status =
      switch isSingle ? verdicts.first?.kind : nil {
      case .invalid: .unprocessableContent
      case .conflict: .conflict
      default: .accepted
      }
    guard status != .accepted, let verdict = verdicts.first else {
      return .json(writer.bytes, status: status)
    }
    return problem(verdict, status: status)
  }

  private func problem(_ verdict: Verdict, status: HTTPResponse.Status) -> Response {
    let first = verdict.errors.first
    let count = verdict.errors.count
    let problem = Problem(
      code: count == 1 ? first?.code ?? "invalid" : "invalid",
      detail: count == 1
        ? first?.detail ?? "" : "The document has \(count) faults, listed under 'errors'",
      fix: count == 1 ? first?.fix ?? "" : "Correct them and hand the document over again")
    return ProblemResponse(
      status: status, problem: problem, errors: verdict.errors, verdict: verdict
    ).response
  }

  /// NDJSON in, NDJSON out: a verdict a line, each after its commit.
  private func lines(_ bytes: [UInt8], _ principal: Principal) -> Response {
    let body = ResponseBody { [desk, limits] writer in
      var pieces = DocumentPieces(ofLines: bytes, limits: limits)
      try await desk.take(
        { pieces.next() }, format: .json, mayHandOver: principal.maySee,
        onVerdicts: { verdicts in
          var lines: [UInt8] = []
          for verdict in verdicts {
            var json = JSONWriter()
            json.write(verdict)
            lines += json.bytes
            lines.append(UInt8(ascii: "\n"))
          }
          try await writer.write(ByteBuffer(bytes: lines))
        })
      try await writer.finish(nil)
    }
    return Response(
      status: .accepted, headers: [.contentType: "application/x-ndjson"], body: body)
  }
}

extension Request {
  fileprivate var isNDJSON: Bool {
    guard let type = headers[.contentType], type != "application/json" else { return false }
    let name = type.split(separator: ";").first ?? ""
    return name.trimmingPrefix(" ").lowercased() == "application/x-ndjson"
  }
}
