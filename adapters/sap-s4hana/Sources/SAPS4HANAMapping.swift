import AdapterKit
import Ledger
import SOAPTransport
import XMLTree

/// Writes entries as messages of Journal Entry – Post. The order of elements is the service's.
struct SAPS4HANAMapping: Sendable {
  let settings: SAPS4HANASettings

  /// The message for a batch. The asynchronous service refuses an id that it has seen: a repeat has
  /// the same.
  func message(
    _ entries: [XMLElement], to service: SAPService, first key: PostingKey, at moment: Moment
  ) -> SOAPMessage {
    let body = XMLElement(
      service.request,
      children: ([header("MSG-\(key)", moment)] + entries).map { .element($0) })
    return SOAPMessage(
      settings.version, action: service.action, body: body,
      prefixes: [SAPWire.namespace: SAPWire.prefix])
  }

  /// What the answer repeats for an entry.
  static func reference(of key: PostingKey) -> String { "SUB-\(key)" }

  /// `JournalEntryCreateRequest`.
  ///
  /// - Throws: ``Problem`` `not_expressible` for what SAP's fields cannot hold.
  func request(_ submission: Submission, at moment: Moment) throws(Problem) -> XMLElement {
    let element =
      switch Self.service(for: submission) {
      case .allLedgers:
        try entry(submission.entry.head, submission.key, lines: lines(of: submission))
      case .ledgerGroup: try ledgerEntry(submission)
      }
    return request(submission.key, at: moment, element)
  }

  static func service(for submission: Submission) -> SAPService {
    submission.entry.head.ledger == EntryHead.primaryLedger ? .allLedgers : .ledgerGroup
  }

  /// The request that takes a document back by reference.
  func reversal(
    of document: String, _ reversal: Submission, at moment: Moment
  ) throws(Problem) -> XMLElement {
    request(
      reversal.key, at: moment,
      try entry(reversal.entry.head, reversal.key, reverses: document, lines: []))
  }

  private func request(
    _ key: PostingKey, at moment: Moment, _ entry: XMLElement
  ) -> XMLElement {
    SAPWire.group(
      "JournalEntryCreateRequest", [header(Self.reference(of: key), moment), entry])
  }

  private func header(_ id: String, _ moment: Moment) -> XMLElement {
    SAPWire.group(
      "MessageHeader",
      [
        SAPWire.part("ID", id),
        // UTC with Z; an offset is refused.
        SAPWire.part("CreationDateTime", String(moment.text.prefix(19)) + "Z"),
      ])
  }

  private func entry(
    _ head: EntryHead, _ key: PostingKey, reverses document: String? = nil, lines: [XMLElement]
  ) throws(Problem) -> XMLElement {
    let keyText = settings.keyField.text(for: key)
    func reference(_ field: SAPS4HANASettings.Field, or other: String? = nil) -> XMLElement? {
      SAPWire.part(field.rawValue, settings.field == field ? keyText : other)
    }
    let isNative = document != nil
    return SAPWire.group(
      "JournalEntry",
      [
        SAPWire.part("OriginalReferenceDocumentType", "BKPFF"),
        SAPWire.part("OriginalReferenceDocumentLogicalSystem", settings.logicalSystem),
        SAPWire.part("BusinessTransactionType", "RFBU"),
        SAPWire.part("AccountingDocumentType", settings.documentType(for: head.kind)),
        reference(
          .documentReference,
          or: SAPText.text(
            head.reference, longest: SAPS4HANASettings.Field.documentReference.length)
        ),
        SAPWire.part("DocumentHeaderText", SAPText.text(head.description, longest: 25)),
        SAPWire.part("ReversalReason", isNative ? settings.reversalReason : nil),
        SAPWire.part("ReversalReferenceDocument", document),
        SAPWire.part("ReversalDate", isNative ? head.postingDate.text : nil),
        SAPWire.part("DoTaxAmountCheck", settings.checksTaxAmounts ? "true" : nil),
        SAPWire.part("CreatedByUser", settings.user),
        SAPWire.part("CompanyCode", settings.company),
        SAPWire.part("DocumentDate", head.documentDate.text),
        SAPWire.part("PostingDate", head.postingDate.text),
        reference(.reference1), reference(.reference2),
      ] + lines)
  }
}
