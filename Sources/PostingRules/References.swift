package import Ledger

/// What is known of the documents that a document refers to.
package enum References: Sendable {
  /// Nothing stored is looked at: what is settled counts as here, open, and at the document's own
  /// rate; content is taken from these documents.
  case assumed(among: [DocumentIdentity: Document])
  /// What the store holds; an identity without a value is not here.
  case stored([DocumentIdentity: ReferencedDocument])

  package static let none = References.stored([:])
}

/// A document that is here, and what of it is still open.
package struct ReferencedDocument: Sendable {
  package var document: Document
  /// The sums of its open-item changes in the leading ledger; a part without changes is absent.
  package var items: [OpenItemChange.Part: OpenItem]
  /// The same in parallel ledgers, by name.
  package var parallelItems: [String: [OpenItemChange.Part: OpenItem]] = [:]
  /// At which it was booked in the leading ledger of the entity whose item it is; nil where its
  /// currency is the entity's.
  package var rate: ExchangeRate?
  /// The same of further books in which it stands, where the document at hand asks for them.
  package var furtherRates: [Books: ExchangeRate] = [:]
  /// What of each invoice it cleared as a payment, by ledger; only where the document at hand gives its
  /// money back.
  package var cleared: [String: [DocumentIdentity: Carrying]] = [:]
  /// What it left open between entities; only where the document at hand gives its money back.
  package var dues: [IntercompanyDue] = []
  /// Those of its lines; only where the document at hand may amend them.
  package var schedules: [Schedule] = []

  package init(
    document: Document, items: [OpenItemChange.Part: OpenItem] = [:], rate: ExchangeRate? = nil
  ) {
    self.document = document
    self.items = items
    self.rate = rate
  }

  /// What it cleared of an invoice as a ledger carried it; nil where that is not known.
  func cleared(of invoice: DocumentIdentity, in ledger: String) -> Carrying? {
    guard let found = (cleared[ledger] ?? cleared[EntryHead.primaryLedger])?[invoice],
      !found.amount.isZero
    else { return nil }
    return found
  }

  /// Whether it is a prepayment invoice.
  var isAdvance: Bool {
    if case .invoice(let invoice) = document.body { invoice.isPrepayment } else { false }
  }

  /// One ledger of one entity.
  package struct Books: Hashable, Sendable {
    package var entity: LegalEntityID
    package var ledger: String

    package init(_ entity: LegalEntityID, _ ledger: String = EntryHead.primaryLedger) {
      self.entity = entity
      self.ledger = ledger
    }
  }

  /// A part as a ledger carries it; nil where nothing changed it. A ledger that is younger than the
  /// item takes it over from the leading one.
  func item(_ part: OpenItemChange.Part, in ledger: String) -> OpenItem? {
    if ledger != EntryHead.primaryLedger, let own = parallelItems[ledger]?[part],
      !own.opened.isZero
    {
      return own
    }
    return items[part]
  }

  /// At which it was booked somewhere; nil where it was not, or where its currency is the entity's.
  func rate(in books: Books) -> ExchangeRate? {
    if let further = furtherRates[books] { return further }
    return books.entity == document.itemEntity ? rate : nil
  }
}

/// A document that another one names.
package struct DocumentReference: Hashable, Sendable {
  package enum Purpose: String, Hashable, Sendable {
    /// An invoice that is settled; conversion waits for it.
    case settles
    /// The payment or credit memo whose money is used; conversion waits for it.
    case uses
    /// An invoice it follows (EN 16931 BG-3); of use when it is here.
    case follows
    /// The document that never should have been; conversion waits for it.
    case voids
  }

  package var identity: DocumentIdentity
  package var purpose: Purpose

  package init(_ identity: DocumentIdentity, _ purpose: Purpose) {
    self.identity = identity
    self.purpose = purpose
  }
}

extension Document {
  /// What has to be looked up before converting, each identity and purpose once.
  package var references: [DocumentReference] {
    var found: [DocumentReference] = []
    switch body {
    case .invoice(let invoice):
      if invoice.content.precedingInvoices.isEmpty, invoice.prepaidBy.isEmpty { return [] }
      found = invoice.content.precedingInvoices.map { reference($0, .follows) }
      found += invoice.prepaidBy.map { DocumentReference($0.from, .uses) }
    case .creditMemo(let memo):
      if memo.appliesTo.isEmpty, memo.content.precedingInvoices.isEmpty { return [] }
      found = memo.appliesTo.map { reference($0.invoice, .settles) }
      found += memo.content.precedingInvoices.map { reference($0, .follows) }
    case .payment(let payment):
      if payment.applications.isEmpty { return [] }
      found = payment.applications.map { reference($0.invoice, .settles) }
    case .application(let application):
      found = [DocumentReference(application.from, .uses)]
      found += application.applications.map { reference($0.invoice, .settles) }
    case .refund(let refund): return [DocumentReference(refund.of, .uses)]
    case .chargeback(let chargeback): return [DocumentReference(chargeback.payment, .uses)]
    case .writeOff(let writeOff): return [DocumentReference(writeOff.invoice, .settles)]
    case .void(let other): return [DocumentReference(other, .voids)]
    case .withholdingCertificate(let certificate):
      return [DocumentReference(certificate.payment, .uses)]
    case .payout(let payout): return payout.itemReferences(in: identity.source)
    case .netting, .milestone, .contractChange, .ratedUsage, .periodRun: return []
    }
    if found.count == 1 { return found }
    var seen: Set<DocumentReference> = []
    return found.filter { seen.insert($0).inserted }
  }

  /// What has to be looked up besides, once its ``references`` are here: the invoices of a payment
  /// whose money goes back.
  package func furtherReferences(
    among known: [DocumentIdentity: Document]
  ) -> [DocumentIdentity] {
    let origin: DocumentIdentity
    switch body {
    case .refund(let refund): origin = refund.of
    case .chargeback(let chargeback): origin = chargeback.payment
    case .payout:
      return known.values.compactMap {
        if case .chargeback(let chargeback) = $0.body { chargeback.payment } else { nil }
      }
    default: return []
    }
    guard case .payment(let payment)? = known[origin]?.body else { return [] }
    return payment.applications.map { invoiceIdentity($0.invoice) }
  }

  /// The identity of an invoice in this document's source.
  func invoiceIdentity(_ id: String) -> DocumentIdentity {
    DocumentIdentity(source: identity.source, type: .invoice, id: id)
  }

  private func reference(_ id: String, _ purpose: DocumentReference.Purpose) -> DocumentReference {
    DocumentReference(invoiceIdentity(id), purpose)
  }
}
