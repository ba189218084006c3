package import Ledger
package import StrictJSON

/// Writes documents as canonical JSON: fixed order of fields, absent stays absent, defaults left
/// out, numbers without needless zeros. Equal documents give equal bytes, so the SHA-256 of the
/// bytes names the content.
///
/// ``DocumentReader/stored`` reads the same document back, provided that the documents it refers to
/// are of its own source and that a milestone or contract change names its contract in the envelope
/// too; intake makes no others. A mirrored document says so in `mirrored`, which intake refuses.
package enum DocumentWriter {
  package static func bytes(of document: Document) -> [UInt8] {
    var writer = JSONWriter(capacity: capacity(for: document))
    write(document, to: &writer)
    return writer.bytes
  }

  package static func write(_ document: Document, to writer: inout JSONWriter) {
    writer.beginObject()
    envelope(document, to: &writer)
    body(of: document, to: &writer)
    writer.endObject()
  }

  /// Bytes for the text of one line and for the rest, about.
  private static let lineCapacity = 400
  private static let envelopeCapacity = 1_024

  private static func capacity(for document: Document) -> Int {
    switch document.body {
    case .invoice(let invoice): envelopeCapacity + invoice.content.lines.count * lineCapacity
    case .creditMemo(let memo): envelopeCapacity + memo.content.lines.count * lineCapacity
    case .contractChange(let change): envelopeCapacity + change.lines.count * lineCapacity
    default: envelopeCapacity
    }
  }

  private static func envelope(_ document: Document, to writer: inout JSONWriter) {
    writer.string("type", document.identity.type.rawValue)
    if document.isMirrored {
      writer.key("mirrored")
      writer.bool(true)
    }
    writer.string("source", document.identity.source)
    writer.string("id", document.identity.id)
    if document.revision != 1 {
      writer.key("revision")
      writer.number(document.revision)
    }
    writer.string("entity", document.entity.code)
    if document.reference.utf8.elementsEqual(document.identity.id.utf8) == false {
      writer.string("reference", document.reference)
    }
    writer.date("documentDate", document.documentDate)
    writer.date("postingDate", document.postingDate)
    writer.string("currency", document.currency.code)
    if let rate = document.exchangeRate { exchangeRate(rate, to: &writer) }
    if let customer = document.customer { self.customer(customer, to: &writer) }
    writer.key("approval")
    writer.beginObject()
    writer.string("by", document.approval.by)
    writer.string("at", document.approval.at)
    writer.endObject()
    writer.string("contract", document.contractText)
    writer.string("purchaseOrder", document.purchaseOrder)
    writer.string("project", document.project)
    writer.pairs("dimensions", document.dimensions)
    writer.pairs("custom", document.custom)
  }

  private static func exchangeRate(_ rate: ExchangeRate, to writer: inout JSONWriter) {
    writer.key("exchangeRate")
    writer.beginObject()
    writer.string("to", rate.to.code)
    writer.decimal("rate", rate.rate)
    writer.date("date", rate.date)
    writer.string("source", rate.source)
    writer.endObject()
  }

  private static func customer(_ customer: Customer, to writer: inout JSONWriter) {
    writer.key("customer")
    writer.beginObject()
    writer.string("id", customer.id)
    writer.string("name", customer.name)
    writer.string("country", customer.country)
    writer.string("taxId", customer.taxID)
    writer.string("parent", customer.parent)
    writer.endObject()
  }
}

extension Document {
  /// The body is of the opposite kind: intake turned a negative document over.
  package var isMirrored: Bool {
    switch (identity.type, body) {
    case (.invoice, .creditMemo), (.creditMemo, .invoice): true
    default: false
    }
  }

  /// What the field `contract` says; milestones and contract changes are about one.
  fileprivate var contractText: String? {
    switch body {
    case .milestone(let milestone): milestone.contract
    case .contractChange(let change): change.contract
    default: contract
    }
  }
}
