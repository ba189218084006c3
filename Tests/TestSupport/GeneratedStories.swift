/// Stories of two months that between them hold every type of document, made from a seed, for the
/// configuration in `Tests/AccountingTests/Books`.
///
/// The documents of a story depend on each other in the order given. Stories do not, though they share
/// customers.
package struct GeneratedStories: Sendable {
  /// Handed over before the first month ends, by story.
  package private(set) var first: [[GeneratedMonth.Document]] = []
  /// Handed over after it was closed, by story.
  package private(set) var second: [[GeneratedMonth.Document]] = []

  /// The entities whose months have to be closed.
  package static let entities = ["DE01", "JP01", "KW01", "UK01", "US01"]
  /// Who may collect and deliver for whom.
  package static let agreements = """
    deliveries:
      - { biller: US01, deliverer: UK01, treatment: principal, markUp: 7.5 }
      - { biller: US01, deliverer: DE01, treatment: passThrough }
    collections:
      - { owner: US01, collector: UK01 }
      - { owner: DE01, collector: UK01 }
    """
  /// A second view of US01, which converts at rates of its own.
  package static let ledgers = "{ IFRS: { connection: erp, policies: { rateType: average } } }"
  package static let rates = """
    date,from,to,rate,type,source
    2026-01-01,EUR,USD,1.171,average,GROUP
    2026-02-01,EUR,USD,1.193,average,GROUP
    2026-01-01,GBP,USD,1.313,average,GROUP
    2026-02-01,GBP,USD,1.287,average,GROUP

    """

  private struct Books {
    let entity: String
    let currencies: [(code: String, decimals: Int)]
    let tax: (code: String, perMille: Int)
  }

  private static let books = [
    Books(
      entity: "US01", currencies: [("USD", 2), ("EUR", 2), ("GBP", 2)], tax: ("US-COUNTY", 10)),
    Books(entity: "DE01", currencies: [("EUR", 2), ("USD", 2), ("GBP", 2)], tax: ("DE-19", 190)),
    Books(entity: "UK01", currencies: [("GBP", 2), ("EUR", 2), ("USD", 2)], tax: ("GB-20", 200)),
    Books(entity: "JP01", currencies: [("JPY", 0), ("USD", 2), ("EUR", 2)], tax: ("JP-10", 100)),
    Books(entity: "KW01", currencies: [("KWD", 3), ("USD", 2), ("EUR", 2)], tax: ("KW-OUT", 0)),
  ]

  /// One story in the making.
  private struct Story {
    let books: Books
    let currency: (code: String, decimals: Int)
    let number: Int
    var documents: [[GeneratedMonth.Document]] = [[], []]
    var random: SeededGenerator

    var name: String { "S\(number)" }
    /// Few, so that stories share them.
    var customer: String { "C-\(books.entity)-\(number % 2)" }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    func text(_ minorUnits: Int, _ decimals: Int? = nil) -> String {
      let decimals = decimals ?? currency.decimals
      guard decimals > 0 else { return String(minorUnits) }
      let digits = String(minorUnits)
      let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      return padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// - Parameter month: 1 or 2.
    mutating func add(
      _ type: String, _ suffix: String = "", in month: Int, entity: String? = nil,
      currency: String? = nil, revision: Int = 1, _ body: String
    ) {
      let day = 10 + documents[month - 1].count
      let date = "2026-0\(month)-\(day)"
      let id = "\(name)-\(type)\(suffix)"
      documents[month - 1].append(
        GeneratedMonth.Document(
          group: name, type: type, id: id,
          json: #"{"type":"\#(type)","source":"billing","id":"\#(id)","revision":\#(revision),"#
            + #""entity":"\#(entity ?? books.entity)","documentDate":"\#(date)","#
            + #""currency":"\#(currency ?? self.currency.code)","customer":{"id":"\#(customer)"},"#
            + #""approval":{"by":"billing run","at":"\#(date)T06:00:00Z"},\#(body)}"#))
    }

    /// One line, its tax and its totals.
    func bill(_ net: Int, product: String = "PLAN", more: String = "") -> (json: String, gross: Int)
    {
      let tax = (net * books.tax.perMille + 500) / 1_000
      return (
        #""lines":[{"id":"1","product":"\#(product)","net":"\#(text(net))",\#(more)"#
          + #""taxes":[{"code":"\#(books.tax.code)","base":"\#(text(net))","amount":"\#(text(tax))"}]}],"#
          + #""totals":{"net":"\#(text(net))","tax":"\#(text(tax))","gross":"\#(text(net + tax))"}"#,
        net + tax
      )
    }

    func apply(_ amount: Int, to invoice: String = "invoice") -> String {
      #"[{"invoice":"\#(name)-\#(invoice)","amount":"\#(text(amount))"}]"#
    }

    mutating func pay(
      _ amount: Int, _ suffix: String = "", in month: Int, of applied: Int? = nil, more: String = ""
    ) {
      add(
        "payment", suffix, in: month,
        #""amount":"\#(text(amount))","method":"card","account":"PROCESSOR-\#(currency.code)","#
          + #""applications":\#(apply(applied ?? amount))\#(more)"#)
    }
  }

  /// - Parameter count: how many stories.
  package init(_ seed: Seed, stories count: Int) {
    var random = SeededGenerator(seed)
    let tellers: [(inout Story) -> Void] = [
      Self.creditAfterRelease, Self.milestones, Self.contractChange, Self.delivered, Self.collected,
      Self.disputed, Self.withheld, Self.partlyPaid, Self.prepaid, Self.voided, Self.revised,
      Self.paidOut, Self.usedLater,
    ]
    for number in 0..<count {
      let tell = tellers[number % tellers.count]
      let isOfUS = [3, 4].contains(number % tellers.count)
      let books = isOfUS ? Self.books[0] : Self.books[Int.random(in: 0..<5, using: &random)]
      var story = Story(
        books: books, currency: books.currencies[Int.random(in: 0..<3, using: &random)],
        number: number, random: SeededGenerator(Seed(UInt64.random(in: 0 ... .max, using: &random)))
      )
      tell(&story)
      first.append(story.documents[0])
      second.append(story.documents[1])
    }
    var netting = Story(
      books: Self.books[1], currency: ("EUR", 2), number: count, random: random)
    Self.netted(&netting)
    first.append(netting.documents[0])
    second.append(netting.documents[1])
  }

  // MARK: Stories

  private static let service = #""servicePeriod":{"from":"2026-01-05","through":"2026-04-20"},"#

  private static func creditAfterRelease(_ story: inout Story) {
    let net = story.number(10_000...900_000)
    let bill = story.bill(net, more: service)
    story.add("invoice", in: 1, bill.json)
    story.pay(bill.gross / 3, in: 1)
    let credit = story.bill(net / 5, more: service)
    story.add("creditMemo", in: 2, #""appliesTo":\#(story.apply(credit.gross)),\#(credit.json)"#)
    let more = story.bill(net / 7, more: service)
    story.add(
      "creditMemo", "-2", in: 2,
      #""appliesTo":\#(story.apply(more.gross / 2)),\#(more.json)"#)
    story.add(
      "refund", in: 2,
      #""amount":"\#(story.text(more.gross - more.gross / 2))","#
        + #""account":"BANK-\#(story.currency.code)","of":{"creditMemo":"\#(story.name)-creditMemo-2"}"#
    )
  }

  private static func milestones(_ story: inout Story) {
    let net = story.number(10_000...900_000)
    let contract = #""contract":"K-\#(story.name)""#
    let isDelivered = story.books.entity == "US01"
    let by = isDelivered ? #""deliveredBy":"UK01","# : ""
    let bill = story.bill(net, product: "MILESTONE", more: by)
    story.add("invoice", in: 1, "\(contract),\(bill.json)")
    story.add("milestone", in: 1, #"\#(contract),"line":"1","percent":"30""#)
    let credit = story.bill(net / 6, product: "MILESTONE", more: by)
    story.add("creditMemo", in: 2, #""appliesTo":\#(story.apply(credit.gross)),\#(credit.json)"#)
    story.add(
      "milestone", "-2", in: 2, #"\#(contract),"line":"1","amount":"\#(story.text(net / 2))""#)
    story.add("milestone", "-3", in: 2, #"\#(contract),"line":"1","percent":"100""#)
  }

  private static func contractChange(_ story: inout Story) {
    let net = story.number(10_000...900_000)
    let contract = #""contract":"K-\#(story.name)""#
    let by = story.books.entity == "US01" ? #""deliveredBy":"UK01","# : ""
    let bill = story.bill(net, product: "SUPPORT", more: by + service)
    story.add("invoice", in: 1, "\(contract),\(bill.json)")
    for (index, through) in ["2026-06-30", "2026-03-31"].enumerated() {
      story.add(
        "contractChange", "-\(index)", in: 2,
        #"\#(contract),"effective":"2026-02-01","lines":[{"id":"1","product":"SUPPORT","#
          + #""net":"\#(story.text(net / 2))","servicePeriod":{"from":"2026-02-01","#
          + #""through":"\#(through)"}}]"#)
    }
  }

  private static func delivered(_ story: inout Story) {
    let net = story.number(10_000...900_000)
    let by = Bool.random(using: &story.random) ? "UK01" : "DE01"
    let more = #""deliveredBy":"\#(by)",\#(service)"#
    let bill = story.bill(net, more: more)
    story.add("invoice", in: 1, bill.json)
    let credit = story.bill(net / 4, more: more)
    story.add("creditMemo", in: 2, #""appliesTo":\#(story.apply(credit.gross)),\#(credit.json)"#)
    let left = bill.gross - credit.gross
    story.add(
      "writeOff", in: 2,
      #""invoice":"\#(story.name)-invoice","amount":"\#(story.text(left))","reason":"insolvent""#)
  }

  private static func collected(_ story: inout Story) {
    let bill = story.bill(story.number(10_000...900_000))
    story.add("invoice", in: 1, bill.json)
    let over = story.number(1...5_000)
    story.add(
      "payment", in: 1, entity: "UK01",
      #""collectedFor":"US01","amount":"\#(story.text(bill.gross + over))","method":"card","#
        + #""account":"PROCESSOR-\#(story.currency.code)","applications":\#(story.apply(bill.gross))"#
    )
    let payment = "\(story.name)-payment"
    story.add(
      "refund", in: 2, entity: "UK01",
      #""amount":"\#(story.text(over + bill.gross / 3))","of":{"payment":"\#(payment)"},"#
        + #""account":"PROCESSOR-\#(story.currency.code)""#)
    for (stage, part) in [("opened", 4), ("lost", 9), ("won", 8)] {
      story.add(
        "chargeback", "-\(stage)", in: 2, entity: "UK01",
        #""amount":"\#(story.text(bill.gross / part))","payment":"\#(payment)","stage":"\#(stage)""#
      )
    }
  }

  private static func disputed(_ story: inout Story) {
    let bill = story.bill(story.number(10_000...900_000), more: service)
    story.add("invoice", in: 1, bill.json)
    story.pay(
      bill.gross, in: 1,
      more: #","fees":[{"kind":"processing","amount":"\#(story.text(bill.gross / 40))"}]"#)
    for (month, stage, part) in [(1, "opened", 2), (2, "won", 5), (2, "lost", 6)] {
      story.add(
        "chargeback", "-\(stage)", in: month,
        #""amount":"\#(story.text(bill.gross / part))","payment":"\#(story.name)-payment","#
          + #""stage":"\#(stage)","fee":"\#(story.text(15))""#)
    }
  }

  private static func withheld(_ story: inout Story) {
    let bill = story.bill(story.number(10_000...900_000))
    story.add("invoice", in: 1, bill.json)
    let withheld = bill.gross / 10
    story.pay(
      bill.gross - withheld, in: 1, of: bill.gross,
      more: #","withholding":[{"code":"WHT","amount":"\#(story.text(withheld))"}]"#)
    for (index, outcome) in ["received", "missing"].enumerated() {
      story.add(
        "withholdingCertificate", "-\(index)", in: 2,
        #""payment":"\#(story.name)-payment","code":"WHT","amount":"\#(story.text(withheld / 3))","#
          + #""outcome":"\#(outcome)""#)
    }
  }

  private static func partlyPaid(_ story: inout Story) {
    let bill = story.bill(story.number(10_000...900_000))
    story.add("invoice", in: 1, bill.json)
    let parts = [bill.gross / 7, bill.gross / 3, bill.gross / 11]
    for (index, part) in parts.enumerated() { story.pay(part, "-\(index)", in: 1 + index % 2) }
    let left = bill.gross - parts.reduce(0, +)
    let invoice = #""invoice":"\#(story.name)-invoice""#
    story.add(
      "writeOff", in: 2, #"\#(invoice),"amount":"\#(story.text(left))","reason":"insolvent""#)
    story.add(
      "writeOff", "-recovery", in: 2,
      #"\#(invoice),"amount":"\#(story.text(left / 2))","reason":"paid","recovery":true,"#
        + #""account":"BANK-\#(story.currency.code)""#)
  }

  private static func prepaid(_ story: inout Story) {
    let bill = story.bill(story.number(10_000...90_000))
    story.add("invoice", "-advance", in: 1, #""prepayment":true,\#(bill.json)"#)
    story.add(
      "payment", in: 1,
      #""amount":"\#(story.text(bill.gross))","method":"card","#
        + #""account":"PROCESSOR-\#(story.currency.code)","#
        + #""applications":\#(story.apply(bill.gross, to: "invoice-advance"))"#)
    let net = story.number(100_000...900_000)
    let whole = story.bill(net)
    let totals = whole.json.dropLast()
    story.add(
      "invoice", in: 2,
      #""precedingInvoices":["\#(story.name)-invoice-advance"],\#(totals),"#
        + #""prepaid":"\#(story.text(bill.gross))","payable":"\#(story.text(whole.gross - bill.gross))"}"#
    )
  }

  private static func voided(_ story: inout Story) {
    story.add("invoice", in: 1, story.bill(story.number(1...900_000), more: service).json)
    story.add("void", in: 2, #""of":{"type":"invoice","id":"\#(story.name)-invoice"}"#)
  }

  private static func revised(_ story: inout Story) {
    let net = story.number(10_000...900_000)
    let isServed = Bool.random(using: &story.random) ? service : ""
    story.add("invoice", in: 1, story.bill(net, more: isServed).json)
    story.pay(net / 9, in: 1)
    story.add(
      "invoice", in: 2, revision: 2,
      story.bill(net + story.number(1...net / 2), more: isServed).json)
    story.pay(net / 8, "-2", in: 2)
  }

  private static func paidOut(_ story: inout Story) {
    let bill = story.bill(story.number(10_000...900_000))
    story.add("invoice", in: 1, bill.json)
    story.pay(bill.gross, in: 1)
    story.add(
      "payout", in: 2,
      #""from":"PROCESSOR-\#(story.currency.code)","to":"BANK-\#(story.currency.code)","#
        + #""amount":"\#(story.text(bill.gross))","items":["\#(story.name)-payment"]"#)
  }

  private static func usedLater(_ story: inout Story) {
    let bill = story.bill(story.number(10_000...900_000))
    let rest = bill.gross / 3
    story.add("invoice", in: 1, bill.json)
    story.pay(bill.gross + rest, in: 1, of: bill.gross)
    let next = story.bill(story.number(100...900_000))
    story.add("invoice", "-2", in: 2, next.json)
    story.add(
      "application", in: 2,
      #""from":{"payment":"\#(story.name)-payment"},"#
        + #""applications":\#(story.apply(min(rest / 2, next.gross), to: "invoice-2"))"#)
    story.add(
      "refund", in: 2,
      #""amount":"\#(story.text(rest / 3))","of":{"payment":"\#(story.name)-payment"},"#
        + #""account":"BANK-\#(story.currency.code)""#)
  }

  private static func netted(_ story: inout Story) {
    let amount = story.number(10_000...900_000)
    story.add(
      "payment", in: 1, entity: "UK01",
      #""collectedFor":"DE01","amount":"\#(story.text(amount))","method":"card","#
        + #""account":"PROCESSOR-EUR","applications":[]"#)
    for (index, part) in [3, 5].enumerated() {
      story.add(
        "netting", "-\(index)", in: 2, entity: "UK01",
        #""partner":"DE01","dueTo":"\#(story.text(amount / part))","dueFrom":"0.00","#
          + #""account":"BANK-EUR","partnerAccount":"BANK-EUR""#)
    }
  }
}
