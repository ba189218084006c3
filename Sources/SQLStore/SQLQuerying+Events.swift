import Ledger
import PostingEngine

extension SQLQuerying {
  func events(_ filter: ListFilter) throws -> [DocumentEvent] {
    var query = ListQuery()
    query.require("v.number > ?", filter.cursor)
    query.require("d.entity", in: filter.entities.map(\.code))
    query.require("v.kind = ?", filter.state)
    query.require("d.customer = ?", filter.customer)
    query.require("d.source = ?", filter.source)
    query.require("v.document", named: filter.name)
    query.require("v.at", since: filter.since, until: filter.until)
    return try query.rows(
      of: Queries.eventColumns, from: "events v JOIN documents d ON d.number = v.document",
      orderedBy: "v.number", limit: filter.limit, on: connection
    ) {
      DocumentEvent(
        number: $0.integer(0), at: $0.moment(1), kind: try $0.word(2),
        document: DocumentNumber($0.integer(3)),
        identity: DocumentIdentity(source: $0.text(4), type: try $0.word(5), id: $0.text(6)),
        revision: $0.count(7), entity: LegalEntityID($0.text(8)))
    }
  }

  func lastEvent() throws -> Int64 {
    try connection.first(Queries.lastEvent) { $0.integer(0) } ?? 0
  }
}
