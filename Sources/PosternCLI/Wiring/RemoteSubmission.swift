internal import Foundation
internal import HTTPTransport
internal import Intake
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// Hands documents to a running service instead of the local store.
struct RemoteSubmission {
  private let submission: Submit
  private let client = CurlHTTPClient(HTTPClientSettings())

  private static let timeout: Duration = .seconds(300)

  init(_ submission: Submit) { self.submission = submission }

  func run() async throws {
    let streams = try submission.files.map { try DocumentFile($0, limits: .standard) }
    var listing = VerdictListing(submission.options)
    do {
      for (file, stream) in zip(submission.files, streams) {
        while let piece = try stream.next() {
          listing.add([try await verdict(on: piece)], from: file)
        }
      }
    } catch {
      listing.finish()
      throw error
    }
    listing.finish()
    if listing.totals.hasTrouble { throw ExitStatus.doneWithTrouble.code }
  }

  private func verdict(on piece: DocumentPiece) async throws -> Verdict {
    let bytes: [UInt8]
    switch piece.content {
    case .success(let content): bytes = content
    case .failure(let problem):
      return Verdict(
        source: submission.source, type: nil, id: nil, kind: .invalid, errors: [problem])
    }
    let isXML = DocumentSyntax(of: bytes.prefix(1_024)) == .xml
    if isXML, submission.source == nil {
      throw Problem(
        code: "usage", pointer: "--source", detail: "A service is told the source of XML documents",
        fix: "Add --source CODE")
    }
    var base = submission.to ?? ""
    while base.hasSuffix("/") { base.removeLast() }
    let path =
      submission.source.map { "/v1/intake/" + RemoteSubmission.encoded($0) } ?? "/v1/documents"
    var headers: HTTPHeaders = [
      "Content-Type": isXML ? "application/xml" : "application/json"
    ]
    if let key = ProcessInfo.processInfo.environment["POSTERN_API_KEY"] {
      headers["Authorization"] = "Bearer \(key)"
    }
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await client.send(
        HTTPRequest(
          .post, base + path, headers: headers, body: bytes, timeout: RemoteSubmission.timeout))
    } catch {
      throw Problem(
        code: "service_unreachable", pointer: base,
        detail: "The service did not answer: \(error.detail)",
        fix: "Hand the document over again: what was taken is answered as a repeat")
    }
    guard let verdict = RemoteSubmission.verdict(in: response.body) else {
      throw Problem(
        code: "service_refused", pointer: base,
        detail: "The service answered \(response.status): "
          + String(decoding: response.body.prefix(500), as: UTF8.self),
        fix: "Check the address and POSTERN_API_KEY")
    }
    return verdict
  }

  private static func encoded(_ part: String) -> String {
    part.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? part
  }

  /// The first verdict of an answer, be it a success or problem details.
  private static func verdict(in body: [UInt8]) -> Verdict? {
    guard let json = try? JSONText(body), let view = json.root["documents"]?[0],
      let kind = view["verdict"]?.string.flatMap(Verdict.Kind.init(rawValue:))
    else { return nil }
    func problem(_ view: JSONView, code: String, detail: String) -> Problem {
      Problem(
        code: view[code]?.string ?? "", pointer: view["pointer"]?.string ?? "",
        detail: view[detail]?.string ?? "", fix: view["fix"]?.string ?? "")
    }
    var errors = view["errors"]?.array?.map { problem($0, code: "code", detail: "detail") } ?? []
    errors += view["exceptions"]?.array?.map { problem($0, code: "class", detail: "cause") } ?? []
    return Verdict(
      source: view["source"]?.string, type: view["type"]?.string.flatMap(DocumentType.init),
      id: view["id"]?.string, kind: kind, errors: errors,
      waiting: view["waiting"]?.string,
      first: view["first"]?.string.flatMap(Verdict.Kind.init(rawValue:)),
      state: view["state"]?.string.flatMap(DocumentState.init(rawValue:)))
  }
}
