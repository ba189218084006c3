import Ledger
import PostingEngine

/// A list: fixed pieces of SQL and the values of their question marks.
///
/// Lists walk the rows by number from the cursor on and test each, without an index of their own:
/// the many rows written weigh more than the few lists read.
struct ListQuery {
  private var conditions: [String] = []
  private var values: [Value] = []

  private enum Value {
    case integer(Int64)
    case text(String)
  }

  mutating func require(_ condition: String) { conditions.append(condition) }

  mutating func require(_ condition: String, _ integer: Int64) {
    conditions.append(condition)
    values.append(.integer(integer))
  }

  /// - Parameter text: for every question mark of the condition; nil leaves the condition out.
  mutating func require(_ condition: String, _ text: String?) {
    guard let text else { return }
    conditions.append(condition)
    values += condition.filter { $0 == "?" }.map { _ in .text(text) }
  }

  /// - Parameter document: the column that names the row's document.
  mutating func require(_ document: String, named name: String?) {
    require(
      """
      \(document) IN (SELECT number FROM documents WHERE id = ? OR reference = ?
      UNION ALL SELECT document FROM entries WHERE key = ?
      UNION ALL SELECT document FROM postings WHERE receipt_number = ?)
      """, name)
  }

  mutating func require(_ column: String, in texts: [String]) {
    guard !texts.isEmpty else { return }
    let marks = Array(repeating: "?", count: texts.count).joined(separator: ", ")
    conditions.append("\(column) IN (\(marks))")
    values += texts.map { .text($0) }
  }

  /// Between two moments, both inclusive.
  mutating func require(_ column: String, since: Moment?, until: Moment?) {
    if let since { require("\(column) >= ?", since.milliseconds) }
    if let until { require("\(column) <= ?", until.milliseconds) }
  }

  /// Between two days, both inclusive.
  mutating func require(_ column: String, since: CalendarDate?, until: CalendarDate?) {
    require("\(column) >= ?", since?.text)
    require("\(column) <= ?", until?.text)
  }

  /// Open exceptions below `owner`, which says how `x` belongs to the row.
  mutating func requireException(_ owner: String, _ filter: ListFilter) {
    let open = "EXISTS (SELECT 1 FROM exceptions x WHERE \(owner) AND x.state = 'open'"
    require("\(open) AND x.fingerprint = ?)", filter.fingerprint)
    require("\(open) AND x.class = ?)", filter.exceptionClass)
  }

  func rows<Row>(
    of columns: String, from tables: String, orderedBy number: String, limit: Int,
    on connection: StoreConnection, read: (PreparedStatement) throws -> Row
  ) throws -> [Row] {
    let sql = """
      SELECT \(columns) FROM \(tables) WHERE \(conditions.joined(separator: " AND "))
      ORDER BY \(number) LIMIT ?
      """
    return try connection.all(
      sql,
      { statement in
        for value in values {
          switch value {
          case .integer(let integer): statement.bind(integer)
          case .text(let text): statement.bind(text)
          }
        }
        statement.bind(max(limit, 0))
      }, read: read)
  }
}

// A filter on something that the rows of a list do not have leaves nothing.
extension SQLQuerying {
  func documents(_ filter: ListFilter) throws -> [StoredDocument] {
    var query = ListQuery()
    query.require("d.number > ?", filter.cursor)
    query.require("d.entity", in: filter.entities.map(\.code))
    query.require("d.state = ?", filter.state)
    query.require("d.customer = ?", filter.customer)
    query.require("d.source = ?", filter.source)
    query.require("d.accepted_at", since: filter.since, until: filter.until)
    query.require("d.document_date", since: filter.period?.firstDay, until: filter.period?.lastDay)
    query.require(
      """
      EXISTS (SELECT 1 FROM entries e JOIN postings p ON p.number = e.number
      WHERE e.document = d.number AND p.connection = ?)
      """, filter.connection?.code)
    query.require("d.number", named: filter.name)
    query.requireException("x.document = d.number", filter)
    return try query.rows(
      of: Queries.documentColumns, from: "documents d", orderedBy: "d.number", limit: filter.limit,
      on: connection
    ) { try $0.document() }
  }

  func entries(_ filter: ListFilter) throws -> [ListedEntry] {
    var query = ListQuery()
    query.require("e.number > ?", filter.cursor)
    query.require("e.entity", in: filter.entities.map(\.code))
    query.require("p.state = ?", filter.state)
    query.require("o.customer = ?", filter.customer)
    query.require("p.connection = ?", filter.connection?.code)
    query.require("coalesce(e.source, o.source) = ?", filter.source)
    query.require("e.posting_date", since: filter.since?.date, until: filter.until?.date)
    query.require("e.posting_date", since: filter.period?.firstDay, until: filter.period?.lastDay)
    query.require("e.document", named: filter.name)
    query.requireException("x.posting = e.number", filter)
    let reader = EntryReader(connection)
    let rows = try query.rows(
      of: Queries.entryColumns + ", p.connection, p.state, p.receipt_number, "
        + Queries.isSummarised,
      from: Queries.entryTables + " LEFT JOIN postings p ON p.number = e.number",
      orderedBy: "e.number", limit: filter.limit, on: connection
    ) {
      row -> (StoredEntryHead, (EntryRecord) throws -> ListedEntry) in
      let head = try row.entryHead()
      let connection = row.optionalText(21).map { ConnectionID($0) }
      let state: PostingState? = try row.optionalWord(22)
      let (number, isSummarised) = (row.optionalText(23), row.flag(24))
      return (
        head,
        {
          ListedEntry(
            number: head.number, record: $0, connection: connection, postingState: state,
            erpNumber: number, isSummarised: isSummarised)
        }
      )
    }
    return try rows.map { head, listed in try listed(try reader.record(head)) }
  }

  func postings(_ filter: ListFilter) throws -> [StoredPosting] {
    var query = ListQuery()
    query.require("p.number > ?", filter.cursor)
    query.require("p.entity", in: filter.entities.map(\.code))
    query.require("p.state = ?", filter.state)
    query.require("d.customer = ?", filter.customer)
    query.require("p.connection = ?", filter.connection?.code)
    query.require("d.source = ?", filter.source)
    query.require("d.accepted_at", since: filter.since, until: filter.until)
    query.require("k.posting_date", since: filter.period?.firstDay, until: filter.period?.lastDay)
    query.require("p.document", named: filter.name)
    query.requireException("x.posting = p.number", filter)
    return try query.rows(
      of: Queries.postingColumns,
      from: Queries.postingTables + " JOIN documents d ON d.number = p.document",
      orderedBy: "p.number", limit: filter.limit, on: connection
    ) { try $0.posting() }
  }

  func exceptions(_ filter: ListFilter) throws -> [PostingException] {
    var query = ListQuery()
    query.require("x.id > ?", filter.cursor)
    query.require("x.entity", in: filter.entities.map(\.code))
    if filter.state == "open" {
      // As the index of open ones has it: a question mark would be planned anew with every value.
      query.require("x.state = 'open'")
    } else {
      query.require("x.state = ?", filter.state)
    }
    query.require("d.customer = ?", filter.customer)
    query.require("x.connection = ?", filter.connection?.code)
    query.require("d.source = ?", filter.source)
    query.require(
      "coalesce(d.accepted_at, x.since)", since: filter.since, until: filter.until)
    query.require(
      "coalesce(k.posting_date, d.document_date)", since: filter.period?.firstDay,
      until: filter.period?.lastDay)
    query.require("coalesce(x.document, k.document)", named: filter.name)
    query.require("x.fingerprint = ?", filter.fingerprint)
    query.require("x.class = ?", filter.exceptionClass)
    return try query.rows(
      of: Queries.exceptionColumns,
      from: """
        exceptions x LEFT JOIN entries k ON k.number = x.posting
        LEFT JOIN documents d ON d.number = coalesce(x.document, k.document)
        """,
      orderedBy: "x.id", limit: filter.limit, on: connection
    ) { try $0.exception() }
  }

  func refused(_ filter: ListFilter) throws -> [RefusedIntake] {
    let isAboutDocuments =
      !filter.entities.isEmpty || filter.state != nil || filter.customer != nil
      || filter.connection != nil || filter.period != nil || filter.fingerprint != nil
      || filter.exceptionClass != nil || filter.name != nil
    if isAboutDocuments { return [] }
    var query = ListQuery()
    query.require("r.id > ?", filter.cursor)
    query.require("r.source = ?", filter.source)
    query.require("r.at", since: filter.since, until: filter.until)
    return try query.rows(
      of: Queries.refusedColumns, from: "refused r", orderedBy: "r.id", limit: filter.limit,
      on: connection
    ) {
      RefusedIntake(
        id: $0.integer(0), at: $0.moment(1), source: $0.text(2), identity: $0.optionalText(3),
        problems: try $0.json(4).list.compactMap(\.problem), content: $0.bytes(5))
    }
  }

  /// Walks documents, entries and postings once each.
  func counts() throws -> [StoreCount] {
    let documents = try connection.all(Queries.countDocuments) {
      StoreCount(
        kind: .document, entity: LegalEntityID($0.text(0)), connection: nil, state: $0.text(1),
        count: $0.count(2))
    }
    let entries = try connection.all(Queries.countEntries) {
      StoreCount(
        kind: .entry, entity: LegalEntityID($0.text(0)), connection: nil, state: "",
        count: $0.count(1))
    }
    let postings = try connection.all(Queries.countPostings) {
      StoreCount(
        kind: .posting, entity: LegalEntityID($0.text(0)), connection: ConnectionID($0.text(3)),
        state: $0.text(1), count: $0.count(2))
    }
    let exceptions = try connection.all(Queries.countExceptions) {
      StoreCount(
        kind: .exception, entity: LegalEntityID($0.text(0)), connection: nil, state: $0.text(1),
        count: $0.count(2))
    }
    return documents + entries + postings + exceptions
  }

  /// Walks the postings with their entries once.
  func totals() throws -> [EntityTotal] {
    try connection.all(Queries.totals) {
      EntityTotal(
        entity: LegalEntityID($0.text(0)), connection: ConnectionID($0.text(1)),
        state: try $0.word(2), entries: $0.count(3),
        debits: Money(minorUnits: $0.integer(4), try $0.currency(5)))
    }
  }
}
