import Ledger
import PosternConfiguration
import PostingRules
import TestSupport
import Testing

/// What the check says about rows against what conversion does with them.
@Suite struct ShadowPropertyTests {
  private static let tables = 4
  private static let documentsPerTable = 20

  @Test(arguments: Seed.forThisRun)
  func `a row that is said never to win wins no line`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    var shadowed = 0
    for _ in 0..<Self.tables {
      let rows = Self.table(using: &random)
      let folder = Self.folder(rows)
      let losers = folder.all.filter { $0.problem.code == "row_shadowed" }.map(\.problem.pointer)
      shadowed += losers.count
      var converter = Converter(try folder.load().rules)
      for _ in 0..<Self.documentsPerTable {
        let document = try Self.document(using: &random)
        for line in converter.convert(document).entries.flatMap(\.lines)
        where line.role == .revenue {
          let place = "\(line.reason.table):\(line.reason.row)"
          #expect(!losers.contains(place), "\(rows)")
        }
      }
    }
    #expect(shadowed > 0)
  }

  // MARK: Tables

  /// Each row is one line, so that its number is the number of its line.
  private static func table(using random: inout SeededGenerator) -> String {
    let count = Int.random(in: 4...16, using: &random)
    let rows = (1...count).map { row($0, using: &random) }
    return rows.joined() + "- { account: 99 }\n"
  }

  private static func row(_ number: Int, using random: inout SeededGenerator) -> String {
    var conditions: [String] = []
    func maybe(_ attribute: String, _ values: [String], _ random: inout SeededGenerator) {
      guard Int.random(in: 0..<3, using: &random) == 0 else { return }
      let one = values.randomElement(using: &random) ?? ""
      let other = values.randomElement(using: &random) ?? ""
      let match =
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where one != other: "[\(one), \(other)]"
        case 1: "{ prefix: \(one.prefix(1)) }"
        case 2: "{ from: \(min(one, other)), through: \(max(one, other)) }"
        default: one
        }
      conditions.append("\(attribute): \(match)")
    }
    maybe("entity", ["ACME", "NORD"], &random)
    maybe("group", ["EU", "ALL"], &random)
    maybe("product", ["A", "AB", "B", "C"], &random)
    maybe("kind", DocumentLine.Kind.allCases.map(\.rawValue), &random)
    maybe("customer", ["1", "10", "2"], &random)
    var fields = ["account: \(number)"]
    if !conditions.isEmpty { fields.append("when: { \(conditions.joined(separator: ", ")) }") }
    if Int.random(in: 0..<6, using: &random) == 0 { fields.append("from: 2026-03-01") }
    if Int.random(in: 0..<6, using: &random) == 0 { fields.append("through: 2026-09-30") }
    return "- { \(fields.joined(separator: ", ")) }\n"
  }

  private static func folder(_ rows: String) -> SampleFolder {
    SampleFolder([
      "postern.yaml":
        "installation: 0123456789abcdef\ngroups: { EU: [ACME], ALL: [NORD, ACME] }\n",
      "entities/NORD.yaml": AccountCheckTests.second, "rates/a.csv": AccountCheckTests.rates,
      "accounts/revenue.yaml": rows,
    ])
  }

  // MARK: Documents

  /// An invoice in the functional currency of its entity, without tax.
  private static func document(using random: inout SeededGenerator) throws -> Document {
    let entity = Bool.random(using: &random) ? "ACME" : "NORD"
    let currency = try #require(Currency(entity == "ACME" ? "EUR" : "NOK"))
    let days = ["2026-01-15", "2026-03-01", "2026-06-30", "2026-09-30", "2026-12-31"]
    let date = try #require(days.randomElement(using: &random).flatMap { CalendarDate($0) })
    let products = ["A", "AB", "ABC", "B", "C", "D"]
    let lines = (1...4).map { number in
      DocumentLine(
        id: "\(number)", kind: [.charge, .fee, .usage].randomElement(using: &random) ?? .charge,
        product: products.randomElement(using: &random) ?? "A",
        net: Money(minorUnits: 100, currency))
    }
    let net = Money(minorUnits: 400, currency)
    let totals = DocumentTotals(
      net: net, tax: .zero(currency), gross: net, rounding: .zero(currency),
      prepaid: .zero(currency))
    return Document(
      identity: DocumentIdentity(source: "billing", type: .invoice, id: "1"),
      entity: LegalEntityID(entity), reference: "1", documentDate: date, currency: currency,
      customer: Customer(id: ["1", "2", "10", "11"].randomElement(using: &random) ?? "1"),
      approval: Approval(by: "test", at: nil),
      body: .invoice(Invoice(content: BilledContent(lines: lines, totals: totals))))
  }
}

extension Conversion {
  fileprivate var entries: [JournalEntry] {
    if case .entries(let entries, _) = self { entries } else { [] }
  }
}
