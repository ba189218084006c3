package import Ledger
package import StrictJSON

/// Writes journal entries as `docs/contract/entries.md` shows them.
package enum EntryWriter {
  /// What the store knows of an entry beside the entry itself.
  package struct Identity: Hashable, Sendable {
    package var id: String
    package var key: PostingKey
    /// What the entries of one document share over several entities.
    package var set: String

    package init(id: String, key: PostingKey, set: String) {
      self.id = id
      self.key = key
      self.set = set
    }
  }

  package static func bytes(
    of entry: JournalEntry, identity: Identity?, layout: JSONWriter.Layout = .compact
  ) -> [UInt8] {
    var writer = JSONWriter(layout, capacity: 512 + entry.lines.count * 384)
    write(entry, identity: identity, to: &writer)
    return writer.bytes
  }

  /// - Parameter identity: nil for an entry that is not stored, as `postern explain` makes them.
  package static func write(
    _ entry: JournalEntry, identity: Identity?, to writer: inout JSONWriter
  ) {
    let head = entry.head
    writer.beginObject()
    if let identity {
      writer.string("id", identity.id)
      writer.string("key", identity.key.text)
      writer.string("set", identity.set)
    }
    writer.string("entity", head.legalEntity.code)
    writer.string("ledger", head.ledger)
    writer.string("kind", head.kind.rawValue)
    writer.date("postingDate", head.postingDate)
    writer.date("documentDate", head.documentDate)
    writer.string("period", head.period.text)
    writer.string("currency", head.currency.code)
    writer.string("functionalCurrency", head.functionalCurrency.code)
    rate(head.rate, to: &writer)
    writer.string("reference", head.reference)
    writer.string("description", head.description)
    source(head.source, to: &writer)
    writer.stringOrNull("reverses", head.reverses)
    if let movedFrom = head.movedFrom { writer.date("movedFrom", movedFrom) }
    writer.string("rulesVersion", head.rulesVersion)
    writer.key("lines")
    writer.beginArray()
    for (index, line) in entry.lines.enumerated() {
      self.line(line, number: index + 1, to: &writer)
    }
    writer.endArray()
    writer.endObject()
  }

  private static func rate(_ rate: ExchangeRate?, to writer: inout JSONWriter) {
    writer.key("rate")
    guard let rate else { return writer.null() }
    writer.beginObject()
    writer.string("from", rate.from.code)
    writer.string("to", rate.to.code)
    writer.decimal("rate", rate.rate)
    writer.date("date", rate.date)
    writer.string("source", rate.source)
    writer.endObject()
  }

  private static func source(_ source: EntrySource, to writer: inout JSONWriter) {
    writer.key("source")
    writer.beginObject()
    writer.string("system", source.document.source)
    writer.string("type", source.document.type.rawValue)
    writer.string("id", source.document.id)
    writer.key("revision")
    writer.number(source.revision)
    writer.endObject()
  }

  private static func line(_ line: JournalLine, number: Int, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("number")
    writer.number(number)
    writer.string("role", line.role.rawValue)
    writer.string("account", line.account.code)
    writer.string("side", line.side.rawValue)
    writer.money("amount", line.amount)
    writer.money("functionalAmount", line.functionalAmount)
    writer.stringOrNull("party", line.party)
    if let partner = line.partner { writer.string("partner", partner.code) }
    tax(line.tax, to: &writer)
    writer.key("dimensions")
    writer.object(line.dimensions)
    writer.string("description", line.description)
    writer.key("why")
    writer.beginObject()
    writer.string("table", line.reason.table)
    writer.key("row")
    writer.number(line.reason.row)
    writer.string("because", line.reason.because)
    writer.endObject()
    writer.endObject()
  }

  private static func tax(_ tax: JournalLine.Tax?, to writer: inout JSONWriter) {
    writer.key("tax")
    guard let tax else { return writer.null() }
    writer.beginObject()
    writer.string("code", tax.code)
    writer.string("category", tax.category?.rawValue)
    writer.decimal("rate", tax.rate)
    writer.money("base", tax.base)
    writer.string("jurisdiction", tax.jurisdiction)
    if let amount = tax.accountingAmount {
      writer.money("accountingAmount", amount)
      writer.string("accountingCurrency", amount.currency.code)
    }
    writer.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func stringOrNull(_ key: StaticString, _ text: String?) {
    self.key(key)
    if let text { string(text) } else { null() }
  }
}
