/// The format in which a source hands its documents over.
package enum IntakeFormat: String, Hashable, Sendable, CaseIterable {
  /// Told by the first bytes, and for XML by the root element.
  case auto
  /// One canonical document, or an array of them.
  case json
  /// One canonical document for each line.
  case ndjson
  /// UBL 2.1 Invoice or CreditNote.
  case ubl
  /// UN/CEFACT Cross Industry Invoice.
  case cii
}
