package import Ledger
package import StrictJSON

/// Reads canonical documents, version 1, from JSON: a document, or every fault at once.
///
/// Source of meaning: `docs/contract/documents.md`.
package struct DocumentReader: Sendable {
  /// What holds for documents of one source.
  package struct Options: Sendable {
    /// The source of a document that names none.
    package var defaultSource: String?
    /// The entity of a document that names none, from its customer and currency.
    package var entity: @Sendable (Customer?, Currency?) -> LegalEntityID?
    /// The source hands over approved documents only: a document without an approval has the source
    /// as its approver.
    package var isApprovalTrusted: Bool
    /// An invoice or credit memo may have a gross below zero, for intake to mirror.
    package var allowsNegativeGross: Bool
    /// Lines, or items of rated usage, of one document.
    package var maximumLines: Int
    package var limits: JSONLimits

    package init(
      defaultSource: String? = nil, isApprovalTrusted: Bool = false,
      allowsNegativeGross: Bool = false, maximumLines: Int = Options.standardMaximumLines,
      limits: JSONLimits = .standard,
      entity: @escaping @Sendable (Customer?, Currency?) -> LegalEntityID? = { _, _ in nil }
    ) {
      self.defaultSource = defaultSource
      self.entity = entity
      self.isApprovalTrusted = isApprovalTrusted
      self.allowsNegativeGross = allowsNegativeGross
      self.maximumLines = maximumLines
      self.limits = limits
    }

    package static let standardMaximumLines = 100_000
  }

  let options: Options
  /// What ``DocumentWriter`` wrote is read back: it was checked when it came in.
  let isStored: Bool

  package init(_ options: Options = Options()) {
    self.options = options
    isStored = false
  }

  private init(storedBelow limits: JSONLimits) {
    options = Options(maximumLines: .max, limits: limits)
    isStored = true
  }

  /// Reads back what ``DocumentWriter`` wrote: mirrored documents and approvals without a moment
  /// are taken, totals are not added up again.
  package static let stored = DocumentReader(
    storedBelow: JSONLimits(stringBytes: .max, nodes: .max))

  package func read(_ bytes: [UInt8]) -> Result<Document, DocumentFaults> {
    JSONText.read(bytes, limits: options.limits) { result in
      switch result {
      case .success(let json): read(json)
      case .failure(let fault): .failure(DocumentFaults(problems: [Problem(fault)]))
      }
    }
  }

  /// Reads a text that was taken apart already; its root is the document.
  package func read(_ json: BorrowedJSON) -> Result<Document, DocumentFaults> {
    var reading = DocumentReading(json: json, options: options, isStored: isStored)
    let document = reading.document()
    if reading.problems.isEmpty, let document { return .success(document) }
    return .failure(
      DocumentFaults(
        source: reading.source.isEmpty ? nil : reading.source, type: reading.type, id: reading.id,
        problems: reading.problems))
  }
}

extension Problem {
  /// The problem of a text that is not the JSON taken here.
  package init(_ fault: JSONFault) {
    let fix =
      switch fault.code {
      case .invalidJSON: "Send JSON as RFC 8259 defines it"
      case .invalidUTF8: "Send the text in UTF-8, without halves of surrogate pairs"
      case .duplicateKey: "Name each key once"
      case .tooDeep, .tooLarge: "Send smaller documents, or raise the limit in the configuration"
      }
    self.init(code: fault.code.rawValue, pointer: fault.pointer, detail: fault.detail, fix: fix)
  }
}
