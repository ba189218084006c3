/// How the bundled mock ERP serves one adapter, and how its program is started for it.
struct MockDialect: Sendable {
  /// As its fault files call it; nil for whichever the connection leads to.
  var name: String?
  /// What books entries, as its fault files call it; nil for whatever there is.
  var operation: String?
  /// Below the program's address; nil for the folder of file exchange.
  var path: String? = ""
  /// Keys of the connection besides the address; every secret in them is ``secret``.
  var connection: [String: String] = [:]
  /// Options of the program.
  var options: [String] = []
  /// A code under which a planted refusal is one for good.
  var refusalCode = "closed_period"
  /// Whether the ERP must hold a document before a look-up can tell that there is none of ours.
  var needsDocument = false
  /// What its document numbers count from, where they are not those of the books.
  var firstNumber: Int?

  static let secret = "pa55word-7f3a9c"
  static let company = "DE01"

  static let genericREST = MockDialect(
    name: "generic-rest", operation: "PostJournalEntr*", path: "/generic/rest",
    connection: ["auth.type": "bearer", "auth.token": "env:TOKEN"], options: ["--token", secret])

  static let genericSOAP = MockDialect(
    name: "generic-soap", operation: "PostJournalEntr*", path: "/generic/soap",
    connection: [
      "auth.type": "usernameToken", "auth.user": "postern", "auth.password": "env:PASSWORD",
    ], options: ["--user", "postern:" + secret])

  static let genericFile = MockDialect(name: "generic-file", path: nil)

  static let sapS4HANA = MockDialect(
    name: "sap-s4hana", operation: "JournalEntry*",
    connection: [
      "company": company, "auth.type": "basic", "auth.user": "POSTERN",
      "auth.password": "env:PASSWORD", "taxCodes.DE-19": "A1",
    ], options: ["--sap-user", "POSTERN:" + secret], refusalCode: "planted", needsDocument: true,
    firstNumber: 100_000_000)

  static let tryton = MockDialect(
    name: "tryton", operation: "model.account.move.post", path: "/tryton",
    connection: ["company": company, "auth.user": "admin"],
    options: ["--tryton-user", "admin:" + secret])

  static let netSuite = MockDialect(
    name: "netsuite", operation: "PostJournalEntry",
    connection: [
      "company": "4", "postAs": "journal", "references.accounts": "number",
      "references.customers": "externalId", "dimensions.region": "custcol_region.id",
      "dimensions.-minus": "custcol_minus.id", "periods.2026-08": "80", "periods.2026-10": "82",
    ],
    options: [
      "--netsuite-account", "123456_SB1", "--netsuite-token",
      [secret, secret, secret, secret].joined(separator: ":"), "--netsuite-id",
      "subsidiary:\(company)=4", "--netsuite-id", "currency:EUR=4",
    ])

  /// An adapter of a folder: its connection says where it goes.
  static let ofFolder = MockDialect(operation: "Post*")
}
