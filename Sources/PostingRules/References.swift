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
  /// Sum of its open-item changes of the part `receivable`.
  package var open: Money
  /// Sum of its open-item changes of the part `credit`.
  package var credit: Money
  /// Sum of its open-item changes of the part `advance`.
  package var advance: Money
  /// At which it was booked; nil where its currency is the entity's.
  package var rate: ExchangeRate?

  /// Parts that are nil are zero.
  package init(
    document: Document, open: Money? = nil, credit: Money? = nil, advance: Money? = nil,
    rate: ExchangeRate? = nil
  ) {
    let zero = Money.zero(document.currency)
    self.document = document
    self.open = open ?? zero
    self.credit = credit ?? zero
    self.advance = advance ?? zero
    self.rate = rate
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
      if invoice.content.precedingInvoices.isEmpty { return [] }
      found = invoice.content.precedingInvoices.map { reference($0, .follows) }
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
    case .payout, .void, .milestone, .contractChange, .ratedUsage, .periodRun: return []
    }
    if found.count == 1 { return found }
    var seen: Set<DocumentReference> = []
    return found.filter { seen.insert($0).inserted }
  }

  /// The identity of an invoice in this document's source.
  func invoiceIdentity(_ id: String) -> DocumentIdentity {
    DocumentIdentity(source: identity.source, type: .invoice, id: id)
  }

  private func reference(_ id: String, _ purpose: DocumentReference.Purpose) -> DocumentReference {
    DocumentReference(invoiceIdentity(id), purpose)
  }
}
