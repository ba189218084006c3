import AdapterKit
import Ledger

/// SuiteQL, as it is asked; each can be replaced, as the vendor's tables differ between accounts.
struct NetSuiteQueries: Hashable, Sendable {
  /// Periods that lie in or over `{from}` to `{through}`: `id`, `startdate`, `enddate`, `closed`,
  /// `alllocked`.
  var periods = """
    SELECT id, TO_CHAR(startdate, 'YYYY-MM-DD') AS startdate, \
    TO_CHAR(enddate, 'YYYY-MM-DD') AS enddate, closed, alllocked FROM accountingperiod \
    WHERE isyear = 'F' AND isquarter = 'F' AND isadjust = 'F' \
    AND startdate <= TO_DATE('{through}', 'YYYY-MM-DD') \
    AND enddate >= TO_DATE('{from}', 'YYYY-MM-DD')
    """
  /// Transactions of `{from}` to `{through}` with ids above `{after}`: `id`, `type`.
  var postings = """
    SELECT id, type FROM transaction \
    WHERE trandate >= TO_DATE('{from}', 'YYYY-MM-DD') \
    AND trandate <= TO_DATE('{through}', 'YYYY-MM-DD') AND id > {after} ORDER BY id
    """
  /// Records of a table with ids above `{after}`; `{columns}` are `id`, a number, a name and more.
  var records = "SELECT {columns} FROM {table} WHERE id > {after} ORDER BY id"
  /// The record of a table whose `{column}` is `{code}`: `id`.
  var record = "SELECT id FROM {table} WHERE {column} = '{code}'"

  /// What transaction `{id}` comes to in the ledger: `account`, `debit`, `credit`, in base currency.
  var impact = """
    SELECT account, debit, credit FROM transactionaccountingline \
    WHERE transaction = {id} AND posting = 'T' ORDER BY transactionline
    """

  static let knownKeys: Set<String> = ["periods", "postings", "records", "record", "impact"]

  init(_ reader: inout SettingsReader) {
    func read(_ key: String, _ query: inout String) {
      query = reader.value(or: query) { [query] settings throws(Problem) in
        try settings.optionalText(key) ?? query
      }
    }
    read("periods", &periods)
    read("postings", &postings)
    read("records", &records)
    read("record", &record)
    read("impact", &impact)
  }
}

extension NetSuiteReference.Kind {
  /// The table and the column of people's number or name.
  var table: (name: String, number: String) {
    switch self {
    case .accounts: ("account", "acctnumber")
    case .customers: ("customer", "entityid")
    case .items: ("item", "itemid")
    case .departments: ("department", "name")
    case .classes: ("classification", "name")
    case .locations: ("location", "name")
    case .taxCodes: ("salestaxitem", "itemid")
    case .currencies: ("currency", "symbol")
    }
  }
}
