/// A month of documents of several legal entities, made from a seed, for the configuration in
/// `Tests/AccountingTests/Books`.
///
/// Documents of one customer depend on each other in the order given; those of different customers do
/// not.
package struct GeneratedMonth: Sendable {
  package struct Document: Hashable, Sendable {
    /// The entity and the customer, whose documents keep their order.
    package let group: String
    package let type: String
    package let id: String
    /// Canonical JSON on one line.
    package let json: String
  }

  package private(set) var documents: [Document] = []
  private let month: Int
  private let isServed: Bool

  private struct Books {
    let entity: String
    /// With the number of decimals.
    let currencies: [(code: String, decimals: Int)]
    let tax: (code: String, perMille: Int)
  }

  private static let books = [
    Books(
      entity: "DE01", currencies: [("EUR", 2), ("USD", 2), ("GBP", 2)], tax: ("DE-19", 190)),
    Books(
      entity: "US01", currencies: [("USD", 2), ("EUR", 2), ("GBP", 2)], tax: ("US-COUNTY", 10)),
    Books(entity: "UK01", currencies: [("GBP", 2), ("EUR", 2), ("USD", 2)], tax: ("GB-20", 200)),
    Books(entity: "JP01", currencies: [("JPY", 0), ("USD", 2), ("EUR", 2)], tax: ("JP-10", 100)),
    Books(entity: "KW01", currencies: [("KWD", 3), ("USD", 2), ("EUR", 2)], tax: ("KW-OUT", 0)),
  ]

  /// One customer of one entity, with what is open.
  private struct Account {
    let books: Books
    let customer: String
    let currency: (code: String, decimals: Int)
    /// Open invoices in minor units.
    var open: [(id: String, amount: Int)] = []
    /// Payments and credit memos with money left.
    var credits: [(type: String, id: String, amount: Int)] = []
    var count = 0
  }

  /// - Parameters:
  ///   - count: how many documents.
  ///   - month: 1 to 12, of 2026.
  ///   - isServed: whether lines say when their service is rendered and what usage they bill, and
  ///     usage is rated at the end.
  package init(
    _ seed: Seed, documents count: Int, month: Int = 1, isServed: Bool = false
  ) {
    self.month = month
    self.isServed = isServed
    var random = SeededGenerator(seed)
    var accounts = Self.books.flatMap { books in
      (1...4).map { number in
        Account(
          books: books, customer: "C-\(books.entity)-\(number)",
          currency: books.currencies[Int.random(in: 0..<3, using: &random)])
      }
    }
    for index in 0..<count {
      let day = 1 + index * 28 / max(count, 1)
      let date = "2026-\(Self.padded(month))-\(Self.padded(day))"
      let position = Int.random(in: accounts.indices, using: &random)
      add(to: &accounts[position], on: date, using: &random)
    }
    guard isServed else { return }
    for position in accounts.indices { addUsage(to: &accounts[position], using: &random) }
  }

  private mutating func addUsage(
    to account: inout Account, using random: inout SeededGenerator
  ) {
    let amount = text(Int.random(in: 1...2_000_000, using: &random), account)
    let quantity = Int.random(in: 1...5_000, using: &random)
    let month = "2026-\(Self.padded(month))"
    _ = add(
      "ratedUsage", to: &account, on: "\(month)-28",
      #""period":{"from":"\#(month)-01","through":"\#(month)-28"},"items":[{"product":"SERVICE-B","#
        + #""customer":"\#(account.customer)","meter":"calls","quantity":"\#(quantity)","#
        + #""amount":"\#(amount)"}],"batch":{"id":"B","count":1,"amount":"\#(amount)"}"#)
  }

  private mutating func add(
    to account: inout Account, on date: String, using random: inout SeededGenerator
  ) {
    let choice = Int.random(in: 0..<10, using: &random)
    if account.open.isEmpty || choice < 4 {
      addInvoice(to: &account, on: date, using: &random)
    } else if choice < 7 {
      addPayment(to: &account, on: date, using: &random)
    } else if choice < 8 {
      addCreditMemo(to: &account, on: date, using: &random)
    } else if choice < 9, !account.credits.isEmpty {
      addUseOfCredit(to: &account, on: date, using: &random)
    } else {
      addWriteOff(to: &account, on: date, using: &random)
    }
  }

  private mutating func addInvoice(
    to account: inout Account, on date: String, using random: inout SeededGenerator
  ) {
    let (lines, gross, totals) = lines(
      of: account, upTo: 5_000_000, isServed: isServed, using: &random)
    let id = add("invoice", to: &account, on: date, #""dueDate":"2026-06-30",\#(lines),\#(totals)"#)
    account.open.append((id, gross))
  }

  private mutating func addPayment(
    to account: inout Account, on date: String, using random: inout SeededGenerator
  ) {
    var applications: [String] = []
    var applied = 0
    for position in account.open.indices.shuffled(using: &random).prefix(2) {
      let open = account.open[position].amount
      let amount = Bool.random(using: &random) ? open : Int.random(in: 1...open, using: &random)
      account.open[position].amount -= amount
      applied += amount
      applications.append(
        #"{"invoice":"\#(account.open[position].id)","amount":"\#(text(amount, account))"}"#)
    }
    account.open.removeAll { $0.amount == 0 }
    let rest =
      Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 1...9_999, using: &random) : 0
    let amount = applied + rest
    let fee = amount / 50
    let isCard = Bool.random(using: &random)
    let fees =
      isCard && fee > 0 ? #","fees":[{"kind":"processing","amount":"\#(text(fee, account))"}]"# : ""
    let id = add(
      "payment", to: &account, on: date,
      #""amount":"\#(text(amount, account))","method":"\#(isCard ? "card" : "bankTransfer")","#
        + #""account":"\#(isCard ? "PROCESSOR" : "BANK")-\#(account.currency.code)"\#(fees),"#
        + #""applications":[\#(applications.joined(separator: ","))]"#)
    if rest > 0 { account.credits.append(("payment", id, rest)) }
  }

  private mutating func addCreditMemo(
    to account: inout Account, on date: String, using random: inout SeededGenerator
  ) {
    guard let first = account.open.indices.randomElement(using: &random) else { return }
    let open = account.open[first].amount
    let (lines, gross, totals) = lines(
      of: account, upTo: open, products: isServed ? "GOODWILL" : nil, using: &random)
    let applied = min(open, gross)
    let id = add(
      "creditMemo", to: &account, on: date,
      #""appliesTo":[{"invoice":"\#(account.open[first].id)","amount":"\#(text(applied, account))"}],"#
        + "\(lines),\(totals)")
    account.open[first].amount -= applied
    account.open.removeAll { $0.amount == 0 }
    if gross > applied { account.credits.append(("creditMemo", id, gross - applied)) }
  }

  /// A refund, or an application to an open invoice.
  private mutating func addUseOfCredit(
    to account: inout Account, on date: String, using random: inout SeededGenerator
  ) {
    guard let position = account.credits.indices.randomElement(using: &random) else { return }
    let credit = account.credits[position]
    guard let invoice = account.open.indices.randomElement(using: &random),
      Bool.random(using: &random)
    else {
      account.credits.remove(at: position)
      _ = add(
        "refund", to: &account, on: date,
        #""amount":"\#(text(credit.amount, account))","account":"BANK-\#(account.currency.code)","#
          + #""of":{"\#(credit.type)":"\#(credit.id)"}"#)
      return
    }
    let amount = min(credit.amount, account.open[invoice].amount)
    let target = account.open[invoice].id
    account.open[invoice].amount -= amount
    account.credits[position].amount -= amount
    account.open.removeAll { $0.amount == 0 }
    account.credits.removeAll { $0.amount == 0 }
    _ = add(
      "application", to: &account, on: date,
      #""from":{"\#(credit.type)":"\#(credit.id)"},"#
        + #""applications":[{"invoice":"\#(target)","amount":"\#(text(amount, account))"}]"#)
  }

  private mutating func addWriteOff(
    to account: inout Account, on date: String, using random: inout SeededGenerator
  ) {
    guard let position = account.open.indices.randomElement(using: &random) else { return }
    let invoice = account.open.remove(at: position)
    _ = add(
      "writeOff", to: &account, on: date,
      #""invoice":"\#(invoice.id)","amount":"\#(text(invoice.amount, account))","reason":"insolvent""#
    )
  }

  // MARK: Pieces

  /// - Returns: `"lines":[…]`, what they sum to with tax, and `"totals":{…}`.
  private func lines(
    of account: Account, upTo limit: Int, isServed: Bool = false,
    products: String? = nil, using random: inout SeededGenerator
  ) -> (lines: String, gross: Int, totals: String) {
    let tax = account.books.tax
    var net = 0
    var taxes = 0
    var lines: [String] = []
    for number in 1...Int.random(in: 1...3, using: &random) {
      let amount = Int.random(in: 1...max(limit / 4, 1), using: &random)
      let amountOfTax = (amount * tax.perMille + 500) / 1_000
      net += amount
      taxes += amountOfTax
      let product = products ?? ["PLAN", "SUBSCRIPTION-A", "SERVICE-B"][number - 1]
      let served = isServed ? service(number, amount) : ""
      lines.append(
        #"{"id":"\#(number)","product":"\#(product)","net":"\#(text(amount, account))","#
          + #"\#(served)"taxes":[{"code":"\#(tax.code)","base":"\#(text(amount, account))","#
          + #""amount":"\#(text(amountOfTax, account))"}]}"#)
    }
    let totals =
      #""totals":{"net":"\#(text(net, account))","tax":"\#(text(taxes, account))","#
      + #""gross":"\#(text(net + taxes, account))"}"#
    return (#""lines":[\#(lines.joined(separator: ","))]"#, net + taxes, totals)
  }

  /// The subscription runs for two to four months; the service is of the month and bills usage.
  private func service(_ number: Int, _ amount: Int) -> String {
    let month = Self.padded(month)
    switch number {
    case 2:
      return #""servicePeriod":{"from":"2026-\#(month)-0\#(1 + amount % 9)","#
        + #""through":"2026-\#(Self.padded(self.month + 1 + amount % 3))-\#(10 + amount % 18)"},"#
    case 3:
      return #""kind":"usage","usage":{"meter":"calls","quantity":"\#(amount % 2_000)","#
        + #""period":{"from":"2026-\#(month)-01","through":"2026-\#(month)-28"}},"#
    default: return ""
    }
  }

  /// - Returns: the id.
  private mutating func add(
    _ type: String, to account: inout Account, on date: String, _ body: String
  ) -> String {
    account.count += 1
    let id = "\(type)-\(account.customer)-\(account.count)"
    let head =
      #"{"type":"\#(type)","source":"billing","id":"\#(id)","entity":"\#(account.books.entity)","#
      + #""documentDate":"\#(date)","currency":"\#(account.currency.code)","#
      + #""customer":{"id":"\#(account.customer)","name":"Customer; \"\#(account.count)\", (Ltd) | ä"},"#
      + #""approval":{"by":"billing run","at":"\#(date)T06:00:00Z"},"#
    documents.append(
      Document(group: account.customer, type: type, id: id, json: head + body + "}"))
    return id
  }

  private func text(_ minorUnits: Int, _ account: Account) -> String {
    let decimals = account.currency.decimals
    guard decimals > 0 else { return String(minorUnits) }
    let digits = String(minorUnits)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
