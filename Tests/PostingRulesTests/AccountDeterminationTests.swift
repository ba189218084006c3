import Ledger
import PostingRules
import Testing

/// Which row of a table wins.
@Suite struct AccountDeterminationTests {
  static func row(
    _ number: Int, _ conditions: [AccountCondition], from: CalendarDate? = nil,
    through: CalendarDate? = nil
  ) -> AccountRow {
    AccountRow(
      number: number, conditions: conditions, from: from, through: through,
      account: AccountCode("row \(number)"), dimensions: ["costCenter": "CC\(number)"])
  }

  static func book(_ rows: [AccountRow]) throws -> RuleBook {
    try Sample.book(
      tables: Sample.defaultTables(without: .revenue) + [
        AccountTable(role: .revenue, file: "accounts/revenue.yaml", rows: rows)
      ])
  }

  /// An invoice of one line: product API-CALLS, family usage, tax DE-19.
  static func document(on date: String = "2026-03-10") throws -> Document {
    let tax = try Sample.tax("DE-19", "19.00", base: "100.00", amount: "19.00", in: "EUR")
    var line = try Sample.line("1", "100.00", kind: .usage, product: "API-CALLS", taxes: [tax])
    line.family = "usage"
    line.dimensions = ["department": "CS"]
    line.custom = ["channel": "web"]
    line.usage = DocumentLine.Usage(
      meter: "calls", quantity: ExactDecimal(3),
      period: try #require(
        DateRange(from: try Sample.date("2026-02-01"), through: try Sample.date("2026-02-28"))))
    return try Sample.document(
      .invoice, "INV-1", "EUR", on: date,
      body: .invoice(Invoice(content: try Sample.content([line]))))
  }

  static func revenue(_ rows: [AccountRow], on date: String = "2026-03-10") throws -> JournalLine? {
    let entry = convert(try document(on: date), try book(rows)).entries().first
    return entry?.lines.first { $0.role == .revenue }
  }

  @Test(
    arguments: [
      // Entity, then group, then anybody, whatever the other conditions.
      (
        [
          [(.product, .equals("API-CALLS")), (.kind, .equals("usage"))],
          [(.group, .equals("europe"))], [(.entity, .prefix("DE"))],
        ], 3
      ),
      (
        [
          [(.product, .equals("API-CALLS")), (.kind, .equals("usage"))],
          [(.group, .equals("europe"))],
        ], 2
      ),
      (
        [
          [(.group, .equals("europe")), (.product, .equals("API-CALLS"))],
          [(.entity, .equals("DE01"))],
        ], 2
      ),
      // Naming both, it names the entity.
      (
        [
          [(.entity, .equals("DE01"))],
          [(.entity, .equals("DE01")), (.group, .equals("europe"))],
        ], 2
      ),
      // Of one level: more conditions win over fewer, whatever the order and the matches.
      (
        [
          [(.entity, .equals("DE01"))],
          [(.entity, .oneOf(["DE01", "FR01"])), (.product, .prefix("API"))],
        ], 2
      ),
      (
        [
          [(.product, .equals("API-CALLS"))],
          [(.product, .equals("API-CALLS")), (.kind, .equals("usage"))],
        ], 2
      ),
      ([[(.product, .equals("API-CALLS"))], [(.entity, .equals("DE01"))]], 2),
      ([[(.product, .equals("API-CALLS"))], [(.group, .equals("europe"))]], 2),
      ([[(.group, .equals("europe"))], [(.entity, .equals("DE01"))]], 2),
      // Of as many: equals, in, prefix, range.
      ([[(.product, .oneOf(["A", "API-CALLS"]))], [(.product, .equals("API-CALLS"))]], 2),
      ([[(.product, .prefix("API"))], [(.product, .oneOf(["A", "API-CALLS"]))]], 2),
      ([[(.product, .range(from: "A", through: "B"))], [(.product, .prefix("API"))]], 2),
      // Equals: the earlier.
      ([[(.family, .equals("usage"))], [(.product, .equals("API-CALLS"))]], 1),
      // The rest is fallback.
      ([[(.entity, .equals("FR01"))], [(.group, .equals("asia"))], []], 3),
      ([[(.product, .equals("PRO"))], [(.product, .prefix("PRO"))], []], 3),
    ] as [([[(AttributeName, AccountCondition.Match)]], Int)])
  func `the row that is tried first wins`(
    rows: [[(AttributeName, AccountCondition.Match)]], winner: Int
  ) throws {
    let table = rows.enumerated().map { index, conditions in
      Self.row(index + 1, conditions.map { AccountCondition($0.0, $0.1) })
    }
    let line = try #require(try Self.revenue(table))
    #expect(line.account.code == "row \(winner)")
    #expect(line.reason.row == winner)
    #expect(line.reason.table == "accounts/revenue.yaml")
  }

  @Test(
    arguments: [
      (.entity, .equals("DE01")), (.group, .equals("europe")), (.product, .equals("API-CALLS")),
      (.family, .equals("usage")), (.kind, .equals("usage")), (.customer, .equals("C-1")),
      (.country, .equals("DE")), (.taxCode, .equals("DE-19")), (.taxCategory, .equals("S")),
      (.taxRate, .equals("19.0")), (.taxRate, .range(from: "5", through: "20")),
      (.currency, .equals("EUR")), (.source, .equals("billing")), (.meter, .equals("calls")),
      (.dimension("department"), .equals("CS")), (.custom("channel"), .prefix("w")),
    ] as [(AttributeName, AccountCondition.Match)])
  func `tests every attribute of a line`(
    attribute: AttributeName, match: AccountCondition.Match
  ) throws {
    let line = try Self.revenue([Self.row(1, [AccountCondition(attribute, match)])])
    #expect(line?.account.code == "row 1")
    #expect(AttributeName(attribute.text) == attribute)
  }

  @Test(
    arguments: [
      (.jurisdiction, .equals("x")), (.account, .equals("BANK")), (.feeKind, .prefix("")),
      (.product, .range(from: "B", through: nil)), (.taxRate, .range(from: "100", through: nil)),
      (.dimension("project"), .equals("CS")),
    ] as [(AttributeName, AccountCondition.Match)])
  func `an attribute that differs or is missing does not hold`(
    attribute: AttributeName, match: AccountCondition.Match
  ) throws {
    let rows = [Self.row(1, [AccountCondition(attribute, match)]), Self.row(2, [])]
    #expect(try Self.revenue(rows)?.account.code == "row 2")
  }

  @Test(arguments: [
    ("2025-12-31", "row 1"), ("2026-01-01", "row 2"), ("2026-12-31", "row 2"),
    ("2027-01-01", "row 3"),
  ])
  func `chooses rows in force on the posting date`(date: String, account: String) throws {
    let rows = [
      Self.row(1, [], through: try Sample.date("2025-12-31")),
      Self.row(
        2, [], from: try Sample.date("2026-01-01"), through: try Sample.date("2026-12-31")),
      Self.row(3, [], from: try Sample.date("2027-01-01")),
    ]
    #expect(try Self.revenue(rows, on: date)?.account.code == account)
  }

  @Test func `tells money accounts and fees by their attributes`() throws {
    let rows = [
      Self.row(1, [AccountCondition(.feeKind, .equals("processing"))]),
      Self.row(2, [AccountCondition(.account, .equals("BANK"))]), Self.row(3, []),
    ]
    let tables = [AccountRole.bank, .bankCharge].map {
      AccountTable(role: $0, file: "accounts/\($0).yaml", rows: rows)
    }
    let others = Sample.defaultTables().filter { $0.role != .bank && $0.role != .bankCharge }
    let book = try Sample.book(tables: others + tables)
    let payment = try Sample.payment("PAY-1", "100.00", to: [], fee: "1.00")
    let accounts = convert(payment, book).entries().flatMap(\.lines).map(\.account.code)
    #expect(accounts == ["row 2", "unappliedCash", "row 1", "row 2"])
  }

  @Test func `lines keep their dimensions and take the row's where they have none`() throws {
    let line = try #require(try Self.revenue([Self.row(1, [])]))
    #expect(line.dimensions == ["costCenter": "CC1", "department": "CS"])
    #expect(line.reason.because == "default")
  }

  @Test func `says which conditions held, in one object for each row`() throws {
    let rows = [
      Self.row(
        1,
        [
          AccountCondition(.entity, .equals("DE01")),
          AccountCondition(.product, .equals("API-CALLS")),
        ])
    ]
    let book = try Self.book(rows)
    var converter = Converter(book)
    let document = try Self.document()
    let first = converter.convert(document).entries()[0].lines[1].reason
    let second = converter.convert(document).entries()[0].lines[1].reason
    #expect(first.because == "entity = DE01, product = API-CALLS")
    #expect(first === second)
  }

  @Test func `stops at a hole, says the nearest row, and shares the cause`() throws {
    let rows = [
      Self.row(
        7,
        [
          AccountCondition(.entity, .equals("DE01")), AccountCondition(.product, .equals("PRO")),
        ]),
      Self.row(
        8, [AccountCondition(.entity, .equals("FR01")), AccountCondition(.product, .equals("X"))]),
    ]
    let book = try Self.book(rows)
    let stop = try #require(convert(try Self.document(), book).stops.first)
    #expect(stop.exceptionClass == .missingMapping)
    #expect(stop.cause == "missing_mapping revenue DE01 product=API-CALLS")
    #expect(stop.amount.text == "100.00")
    #expect(stop.problem.pointer == "/lines/0")
    #expect(
      stop.problem.detail
        == "No row gives an account to the role revenue for Invoice INV-1 in DE01: the nearest row "
        + "is row 7 of accounts/revenue.yaml (account row 7), which wants product = PRO, but it is "
        + "API-CALLS")
    var other = try Self.document(on: "2026-04-01")
    other.reference = "INV-2"
    #expect(convert(other, book).stops.map(\.cause) == [stop.cause])
  }

  @Test func `reports every hole at once, and one cause once`() throws {
    let lines = try (1...3).map { try Sample.line("\($0)", "10.00", product: $0 < 3 ? "A" : "B") }
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: try Sample.content(lines))))
    let rows = [Self.row(1, [AccountCondition(.product, .equals("PRO"))])]
    let holes = Sample.defaultTables(without: .revenue).filter { $0.role != .receivable }
    let book = try Sample.book(
      tables: holes + [AccountTable(role: .revenue, file: "accounts/revenue.yaml", rows: rows)])
    let stops = convert(document, book).stops
    #expect(
      stops.map(\.cause) == [
        "missing_mapping receivable DE01", "missing_mapping revenue DE01 product=A",
        "missing_mapping revenue DE01 product=B",
      ])
    #expect(stops.map(\.amount.text) == ["30.00", "20.00", "10.00"])
  }

  @Test func `looks into a bounded number of lines without an account`() throws {
    let lines = try (1...1_500).map { try Sample.line("\($0)", "1.00") }
    let document = try Sample.document(
      .invoice, "INV-1", "EUR", body: .invoice(Invoice(content: try Sample.content(lines))))
    let book = try Self.book([Self.row(1, [AccountCondition(.product, .equals("PRO"))])])
    #expect(convert(document, book).stops.count == 1_000)
  }

  @Test func `explains which rows lost and why`() throws {
    let rows = [
      Self.row(1, [AccountCondition(.product, .equals("PRO"))]),
      Self.row(
        2, [AccountCondition(.product, .prefix("API")), AccountCondition(.kind, .equals("usage"))]),
      Self.row(3, [], from: try Sample.date("2027-01-01")),
      Self.row(4, []),
    ]
    var converter = Converter(try Self.book(rows))
    let explanation = converter.explain(try Self.document())
    let considered = try #require(explanation.considered.first?[1])
    #expect(considered.map(\.row) == [2, 1, 3, 4])
    #expect(considered[0].failed.isEmpty)
    #expect(considered[0].held == ["product starts with API", "kind = usage"])
    #expect(considered[1].failed == ["product = PRO, but it is API-CALLS"])
    #expect(
      considered[2].failed == ["in force from 2027-01-01, but the posting date is 2026-03-10"])
    #expect(considered[3].failed.isEmpty)
    #expect(explanation.conversion.entries()[0].lines[1].reason.row == 2)
    #expect(explanation.considered[0].count == explanation.conversion.entries()[0].lines.count)
  }

  /// The index by value must choose as a plain look through the ordered rows does.
  @Test(arguments: 1...20)
  func `finds among many rows what a plain search finds`(round: Int) throws {
    var seed = UInt64(round)
    func random(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % bound
    }
    let values = ["API-CALLS", "PRO", "API", "CORE"]
    var rows: [AccountRow] = [Self.row(1, [])]
    for number in 2...40 {
      var conditions: [AccountCondition] = []
      if random(2) == 0 {
        conditions.append(AccountCondition(.product, .equals(values[random(4)])))
      } else if random(2) == 0 {
        conditions.append(
          AccountCondition(.product, .oneOf([values[random(4)], values[random(4)]])))
      } else {
        conditions.append(AccountCondition(.product, .prefix(values[random(4)])))
      }
      if random(3) == 0 {
        conditions.append(AccountCondition(.family, .equals(["usage", "other"][random(2)])))
      }
      if random(3) == 0 {
        conditions.append(AccountCondition(.entity, .equals(["DE01", "FR01"][random(2)])))
      }
      rows.append(Self.row(number, conditions))
    }
    var converter = Converter(try Self.book(rows))
    let explanation = converter.explain(try Self.document())
    let winner = explanation.considered[0][1].first { $0.failed.isEmpty }
    #expect(explanation.conversion.entries()[0].lines[1].reason.row == winner?.row)
  }
}
