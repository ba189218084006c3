import Ledger

/// A file that people take for an invoice and that is neither XML nor JSON, told by its first bytes.
enum ForeignFile: Hashable {
  case pdf, archive

  init?(_ bytes: [UInt8]) {
    if bytes.starts(with: "%PDF".utf8) {
      self = .pdf
    } else if bytes.starts(with: "PK\u{3}\u{4}".utf8) {
      self = .archive
    } else {
      return nil
    }
  }

  var problem: Problem {
    switch self {
    case .pdf:
      Problem(
        code: "not_a_document", detail: "This is a PDF file; invoices come as XML or JSON",
        fix: "Hand over the XML file that a Factur-X or ZUGFeRD invoice carries inside")
    case .archive:
      Problem(
        code: "not_a_document", detail: "This is a ZIP archive; invoices come as XML or JSON",
        fix: "Unpack it, and hand over the files inside")
    }
  }
}
