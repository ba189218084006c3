import Ledger
import PostingRules
import Testing

@Suite struct DimensionTests {
  private static func book(
    _ rows: [DimensionRow], isRequired: Bool = false, defaults: SourceDefaults? = nil
  ) throws -> RuleBook {
    var book = try Sample.book()
    book.dimensions = DimensionDerivation([
      DimensionRules(
        name: "department", values: ["CS", "SALES"], roles: [.revenue], isRequired: isRequired,
        rows: rows)
    ])
    if let defaults { book.sourceDefaults[Sample.source] = defaults }
    return book
  }

  private static func rows() throws -> [DimensionRow] {
    [
      DimensionRow(number: 1, value: .of(.custom("team"))),
      DimensionRow(
        number: 2, conditions: [AccountCondition(.product, .equals("P1"))], value: .fixed("CS")),
    ]
  }

  private static func revenue(_ document: Document, _ book: RuleBook) throws -> JournalLine {
    try #require(convert(document, book).entries().first?.lines.first { $0.role == .revenue })
  }

  @Test func `the most specific row gives the value, and the reason says so`() throws {
    let line = try Self.revenue(
      try Sample.invoice("INV-1", net: "10.00"), try Self.book(try Self.rows()))
    #expect(line.dimensions == ["department": "CS"])
    #expect(
      line.reason.because == "default; department = CS by dimensions.yaml row 2 (product = P1)")
  }

  @Test func `the document wins over its source's default, and that over a derivation`() throws {
    let book = try Self.book(
      try Self.rows(), defaults: SourceDefaults(dimensions: ["department": "SALES"]))
    var document = try Sample.invoice("INV-1", net: "10.00")
    #expect(try Self.revenue(document, book).dimensions == ["department": "SALES"])
    document.dimensions = ["department": "CS"]
    #expect(try Self.revenue(document, book).dimensions == ["department": "CS"])
  }

  @Test func `a value can come from a custom field, also from a default one`() throws {
    let book = try Self.book(
      [DimensionRow(number: 1, value: .of(.custom("team")))], isRequired: true,
      defaults: SourceDefaults(custom: ["team": "SALES"]))
    let line = try Self.revenue(try Sample.invoice("INV-1", net: "10.00"), book)
    #expect(line.dimensions == ["department": "SALES"])
  }

  @Test func `a required dimension without a value stops, with the nearest row`() throws {
    let row = DimensionRow(
      number: 1, conditions: [AccountCondition(.product, .equals("P9"))], value: .fixed("CS"))
    let stops = convert(
      try Sample.invoice("INV-1", net: "10.00"), try Self.book([row], isRequired: true)
    ).stops
    #expect(stops.map(\.exceptionClass) == [.dimensionMissing])
    #expect(stops.first?.problem.detail.contains("row 1, which wants product = P9") == true)
  }

  @Test func `a value that the dimension does not have stops`() throws {
    var document = try Sample.invoice("INV-1", net: "10.00")
    document.dimensions = ["department": "LEGAL"]
    let stops = convert(document, try Self.book([])).stops
    #expect(stops.map(\.exceptionClass) == [.unknownDimension])
  }
}
