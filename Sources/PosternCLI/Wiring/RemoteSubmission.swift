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
        var parcel = Parcel()
        func handOver() async throws {
          guard !parcel.documents.isEmpty else { return }
          listing.add(try await verdicts(on: parcel), from: file)
          parcel = Parcel()
        }
        while let piece = try stream.next() {
          switch piece.content {
          case .failure(let problem):
            try await handOver()
            listing.add(
              [
                Verdict(
                  source: submission.source, type: nil, id: nil, kind: .invalid, errors: [problem])
              ], from: file)
          case .success(let bytes):
            if !parcel.hasRoom(for: bytes) { try await handOver() }
            parcel.add(bytes)
          }
        }
        try await handOver()
      }
    } catch {
      listing.finish()
      throw error
    }
    listing.finish()
    if listing.totals.hasTrouble { throw ExitStatus.doneWithTrouble.code }
  }

  /// Documents that travel in one request: several of JSON, or one of anything else.
  private struct Parcel {
    private(set) var documents: [[UInt8]] = []
    private var size = 0
    private var isClosed = false

    private static let maximumDocuments = 200
    private static let maximumBytes = 4 << 20

    func hasRoom(for document: [UInt8]) -> Bool {
      documents.isEmpty
        || !isClosed && documents.count < Parcel.maximumDocuments
          && size + document.count <= Parcel.maximumBytes && Parcel.isWhole(document)
    }

    mutating func add(_ document: [UInt8]) {
      documents.append(document)
      size += document.count
      isClosed = !Parcel.isWhole(document)
    }

    /// JSON that does not spoil what stands beside it in a list.
    private static func isWhole(_ document: [UInt8]) -> Bool {
      (try? JSONText(document)) != nil
    }

    var body: [UInt8] {
      guard documents.count > 1 else { return documents.first ?? [] }
      return [UInt8(ascii: "[")] + documents.joined(separator: [UInt8(ascii: ",")])
        + [UInt8(ascii: "]")]
    }

    var isXML: Bool {
      DocumentSyntax(of: (documents.first ?? []).prefix(1_024)) == .xml
    }
  }

  private func verdicts(on parcel: Parcel) async throws -> [Verdict] {
    if parcel.isXML, submission.source == nil {
      throw Problem(
        code: "usage", pointer: "--source", detail: "A service is told the source of XML documents",
        fix: "Add --source CODE")
    }
    var base = submission.to ?? ""
    while base.hasSuffix("/") { base.removeLast() }
    let path =
      submission.source.map { "/v1/intake/" + RemoteSubmission.encoded($0) } ?? "/v1/documents"
    var headers: HTTPHeaders = [
      "Content-Type": parcel.isXML ? "application/xml" : "application/json"
    ]
    if let key = ProcessInfo.processInfo.environment["POSTERN_API_KEY"] {
      headers["Authorization"] = "Bearer \(key)"
    }
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await client.send(
        HTTPRequest(
          .post, base + path, headers: headers, body: parcel.body,
          timeout: RemoteSubmission.timeout))
    } catch {
      throw Problem(
        code: "service_unreachable", pointer: base,
        detail: "The service did not answer: \(error.detail)",
        fix: "Hand the documents over again: what was taken is answered as a repeat")
    }
    let verdicts = RemoteSubmission.verdicts(in: response.body)
    guard verdicts.count == parcel.documents.count else {
      throw Problem(
        code: "service_refused", pointer: base,
        detail: "The service answered \(response.status): "
          + String(decoding: response.body.prefix(500), as: UTF8.self),
        fix: "Check the address and POSTERN_API_KEY")
    }
    return verdicts
  }

  private static func encoded(_ part: String) -> String {
    part.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? part
  }

  /// The verdicts of an answer, be it a success or problem details.
  private static func verdicts(in body: [UInt8]) -> [Verdict] {
    guard let json = try? JSONText(body) else { return [] }
    return json.root["documents"]?.array?.compactMap { verdict($0) } ?? []
  }

  private static func verdict(_ view: JSONView) -> Verdict? {
    guard let kind = view["verdict"]?.string.flatMap(Verdict.Kind.init(rawValue:)) else {
      return nil
    }
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
