import Ledger
package import XMLTree

/// Reads UBL 2.1 Invoice and CreditNote and CII into canonical documents.
///
/// Pointers of faults are XPaths, or `line 3` where the document is no well-formed XML. Attachments
/// (BG-24) are skipped unread.
package struct EN16931Reader: Sendable {
  private let source: IntakeSource
  private let limits: IntakeLimits

  package init(source: IntakeSource, limits: IntakeLimits = .standard) {
    self.source = source
    self.limits = limits
  }

  /// Whether an element is the root of a document that this reads.
  package static func reads(_ root: XMLName) -> Bool {
    [UBL.invoice, UBL.creditNote, CII.invoice].contains(root)
  }

  /// Reads one document, with every fault at once.
  package func read(_ bytes: [UInt8]) -> IntakeResult {
    let reader = XMLReader(
      limits: XMLLimits(
        bytes: limits.bodyBytes, depth: limits.xmlDepth, textBytes: limits.stringBytes),
      skipping: [UBL.attachment, CII.attachment])
    do throws(XMLFault) {
      return read(try reader.read(bytes))
    } catch {
      let place = error.line > 0 ? "line \(error.line)" : ""
      return refused([
        Problem(code: error.code.rawValue, pointer: place, detail: error.detail, fix: error.fix)
      ])
    }
  }

  /// Reads a document whose XML has been read.
  package func read(_ root: XMLElement) -> IntakeResult {
    var reader = TermReader(maximumLines: limits.lines)
    let invoice: EN16931Invoice
    switch root.name {
    case UBL.invoice where source.format != .cii, UBL.creditNote where source.format != .cii:
      invoice = UBL(root).read(&reader)
    case CII.invoice where source.format != .ubl:
      invoice = CII(root).read(&reader)
    default:
      return refused([
        Problem(
          code: "unsupported_format", pointer: "/\(root.name.local)",
          detail: "the root element \(root.name) is not what source \(source.code) hands over "
            + "(format: \(source.format.rawValue))",
          fix: "Send a UBL 2.1 Invoice or CreditNote or a CII CrossIndustryInvoice, in its own "
            + "namespace, or correct the format of the source")
      ])
    }
    EN16931Checks.run(on: invoice, &reader)
    let mapping = EN16931Mapping(source: source)
    guard let document = mapping.document(of: invoice, &reader) else {
      let identity = PartialIdentity(
        source: source.code, type: mapping.type(of: invoice), id: mapping.id(of: invoice))
      return refused(reader.problems, identity: identity)
    }
    return .document(document)
  }

  private func refused(
    _ problems: [Problem], identity: PartialIdentity? = nil
  ) -> IntakeResult {
    .refused(
      IntakeRefusal(
        identity: identity ?? PartialIdentity(source: source.code), problems: problems))
  }
}
