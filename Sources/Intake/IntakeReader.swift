package import Ledger
import LedgerJSON
import StrictJSON

/// Turns what billing systems hand over into documents: the canonical JSON and EN 16931.
package struct IntakeReader: Sendable {
  /// A source with the reader that its settings make.
  private struct Prepared: Sendable {
    let source: IntakeSource
    let reader: DocumentReader
  }

  private let sources: [String: Prepared]
  private let defaultSource: String?
  private let limits: IntakeLimits
  private let jsonLimits: JSONLimits
  /// Reads documents whose source is not known, to report their other faults as well.
  private let stranger: DocumentReader
  /// The legal entities there are; nil leaves them unchecked.
  private let entities: Set<LegalEntityID>?

  /// - Parameters:
  ///   - defaultSource: the code of the source of documents that name none; one of `sources`.
  ///   - entities: those that documents may name; another one is told with the other faults.
  package init(
    sources: [IntakeSource], defaultSource: String? = nil,
    entities: Set<LegalEntityID>? = nil, limits: IntakeLimits = .standard
  ) {
    self.entities = entities
    self.defaultSource = defaultSource
    self.limits = limits
    jsonLimits = JSONLimits(depth: limits.jsonDepth, stringBytes: limits.stringBytes)
    self.sources = Dictionary(
      sources.map { ($0.code, Prepared(source: $0, reader: $0.reader(limits: limits))) },
      uniquingKeysWith: { _, last in last })
    stranger = DocumentReader(
      DocumentReader.Options(
        defaultSource: defaultSource, allowsNegativeGross: true, maximumLines: limits.lines))
  }

  /// Reads one document of a stream.
  package func read(
    _ piece: DocumentPiece, format: IntakeFormat = .auto, from code: String? = nil
  ) -> IntakeResult {
    switch piece.content {
    case .success(let bytes): read(bytes, format: format, from: code)
    case .failure(let problem):
      .refused(IntakeRefusal(identity: PartialIdentity(source: code), problems: [problem]))
    }
  }

  /// Reads one document, with every fault at once.
  ///
  /// - Parameters:
  ///   - format: `auto` leaves it to the source, and then to the bytes.
  ///   - code: the source it came through; nil leaves it to the document, and then to the default.
  package func read(
    _ bytes: [UInt8], format: IntakeFormat = .auto, from code: String? = nil
  ) -> IntakeResult {
    let named = (code ?? defaultSource).flatMap { sources[$0] }
    if let code, named == nil {
      return .refused(
        IntakeRefusal(identity: PartialIdentity(source: code), problems: [unknown(code)]))
    }
    guard bytes.count <= limits.bodyBytes else {
      return .refused(
        IntakeRefusal(identity: PartialIdentity(source: code), problems: [tooLarge(bytes.count)]))
    }
    var wanted = format
    if wanted == .auto, code != nil, let named { wanted = named.source.format }
    switch wanted {
    case .json, .ndjson: return readJSON(bytes, from: code)
    case .ubl, .cii: return readXML(bytes, as: wanted, source: named?.source)
    case .auto:
      if let kind = ForeignFile(bytes) {
        return .refused(
          IntakeRefusal(identity: PartialIdentity(source: code), problems: [kind.problem]))
      }
      switch DocumentSyntax(of: bytes.prefix(IntakeReader.bytesLookedAt)) {
      case .json: return readJSON(bytes, from: code)
      case .xml: return readXML(bytes, as: wanted, source: named?.source)
      }
    }
  }

  /// Blanks in front of a document, at most.
  private static let bytesLookedAt = 1_024

  // MARK: JSON

  private func readJSON(_ bytes: [UInt8], from code: String?) -> IntakeResult {
    JSONText.read(bytes, limits: jsonLimits) { result in
      switch result {
      case .success(let json): read(json, from: code)
      case .failure(let fault):
        .refused(
          IntakeRefusal(identity: PartialIdentity(source: code), problems: [Problem(fault)]))
      }
    }
  }

  private func read(_ json: BorrowedJSON, from code: String?) -> IntakeResult {
    let stated = statedSource(json)
    guard let name = stated ?? code ?? defaultSource else {
      return refusal(of: stranger.read(json), with: [])
    }
    guard let prepared = sources[name] else {
      return refusal(of: stranger.read(json), with: [unknown(name)])
    }
    if let code, let stated, stated != code {
      return refusal(of: prepared.reader.read(json), with: [mismatch(stated, code)])
    }
    switch prepared.reader.read(json) {
    case .failure(let faults): return refused(faults, with: unknownEntity(json))
    case .success(let document):
      do throws(Problem) {
        try document.boundSums()
        return .document(try document.mirroredWhereNegative())
      } catch {
        return refused(document, for: error)
      }
    }
  }

  private func refused(_ document: Document, for problem: Problem) -> IntakeResult {
    .refused(
      IntakeRefusal(identity: PartialIdentity(document.identity), problems: [problem]))
  }

  private func statedSource(_ json: BorrowedJSON) -> String? {
    guard json.kind(BorrowedJSON.root) == .object,
      let node = json.member("source", of: BorrowedJSON.root), json.kind(node) == .string
    else { return nil }
    return json.text(node)
  }

  /// A refusal for `problems`, and for what else is wrong.
  private func refusal(
    of result: Result<Document, DocumentFaults>, with problems: [Problem]
  ) -> IntakeResult {
    switch result {
    case .failure(let faults): refused(faults, with: problems)
    case .success(let document):
      .refused(
        IntakeRefusal(identity: PartialIdentity(document.identity), problems: problems))
    }
  }

  private func refused(_ faults: DocumentFaults, with problems: [Problem]) -> IntakeResult {
    .refused(
      IntakeRefusal(
        identity: PartialIdentity(source: faults.source, type: faults.type, id: faults.id),
        problems: problems + faults.problems))
  }

  // MARK: XML

  private func readXML(
    _ bytes: [UInt8], as format: IntakeFormat, source: IntakeSource?
  ) -> IntakeResult {
    guard var source else {
      return .refused(
        IntakeRefusal(problems: [
          Problem(
            code: "missing_field",
            detail: "An XML document does not say which source it comes from",
            fix: "Name the source with the request, or set defaultSource in the configuration")
        ]))
    }
    source.format = format
    let result = EN16931Reader(source: source, limits: limits).read(bytes)
    guard case .document(let document) = result else { return result }
    do throws(Problem) {
      try document.boundSums()
      return result
    } catch {
      return refused(document, for: error)
    }
  }

  // MARK: Problems

  /// The fault of a document that names an entity which is nowhere.
  private func unknownEntity(_ json: BorrowedJSON) -> [Problem] {
    guard let entities, json.kind(BorrowedJSON.root) == .object,
      let node = json.member("entity", of: BorrowedJSON.root), json.kind(node) == .string
    else { return [] }
    let code = json.text(node)
    guard !entities.contains(LegalEntityID(code)) else { return [] }
    return [
      Problem(
        code: "unknown_entity", pointer: "/entity",
        detail: "No legal entity '\(code)' is configured",
        fix: "Use one of: " + entities.sorted().map(\.code).joined(separator: ", "))
    ]
  }

  private func unknown(_ code: String) -> Problem {
    Problem(
      code: "unknown_source", pointer: "/source",
      detail: "The configuration has no source \"\(code)\"",
      fix: "Correct the source, or add sources/\(code).yaml")
  }

  private func mismatch(_ stated: String, _ code: String) -> Problem {
    Problem(
      code: "source_mismatch", pointer: "/source",
      detail: "The document names the source \"\(stated)\" but came through \"\(code)\"",
      fix: "Hand it over through its own source, or leave source out")
  }

  private func tooLarge(_ count: Int) -> Problem {
    Problem(
      code: "too_large",
      detail: "The document has \(count) bytes; \(limits.bodyBytes) are allowed",
      fix: "Split it, or raise the limit in the configuration")
  }
}

extension PartialIdentity {
  fileprivate init(_ identity: DocumentIdentity) {
    self.init(source: identity.source, type: identity.type, id: identity.id)
  }
}

extension IntakeSource {
  /// The reader for canonical documents of this source.
  fileprivate func reader(limits: IntakeLimits) -> DocumentReader {
    DocumentReader(
      DocumentReader.Options(
        defaultSource: code, isApprovalTrusted: approval == .trusted, allowsNegativeGross: true,
        maximumLines: limits.lines,
        limits: JSONLimits(depth: limits.jsonDepth, stringBytes: limits.stringBytes),
        entity: { [entity, entityFrom] customer, currency in
          entityFrom?.entity(ofCustomer: customer, currency: currency) ?? entity
        }))
  }
}

extension EntityMapping {
  /// The entity of a document that names a customer and a currency but no seller.
  fileprivate func entity(ofCustomer customer: Customer?, currency: Currency?) -> LegalEntityID? {
    let value: String? =
      switch field {
      case .customerID: customer?.id
      case .customerCountry: customer?.country
      case .customerTaxID: customer?.taxID
      case .currency: currency?.code
      case .sellerTaxID, .sellerID, .sellerCountry: nil
      }
    return value.flatMap { entities[$0] }
  }
}
