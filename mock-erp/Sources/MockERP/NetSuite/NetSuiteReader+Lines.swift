import Foundation

/// What each record books.
extension NetSuiteReader {
  typealias Parts = (lines: [LineDraft], settles: [NativeDocument.Settlement])

  func lines(of body: JSONValue, as record: NetSuiteRecord) throws(Trouble) -> Parts {
    switch record {
    case .journalEntry, .advIntercompanyJournalEntry: return (try journalLines(of: body), [])
    case .invoice: return (try invoiceLines(of: body, isCredit: false), [])
    case .creditMemo:
      return (try invoiceLines(of: body, isCredit: true), try settlements(of: body))
    case .customerPayment: return (try paymentLines(of: body), try settlements(of: body))
    }
  }

  // MARK: Journals

  private func journalLines(of body: JSONValue) throws(Trouble) -> [LineDraft] {
    var lines: [LineDraft] = []
    for (index, line) in try items(of: body, "line").enumerated() {
      let path = "line.items[\(index)]"
      guard let account = try reference("account", .account, of: line, at: path + ".account") else {
        throw NetSuiteProblem.user("Please enter a value for Account.", at: path + ".account")
      }
      let debit = try decimal("debit", of: line, at: path + ".debit")
      let credit = try decimal("credit", of: line, at: path + ".credit")
      guard let amount = debit ?? credit, debit == nil || credit == nil else {
        throw NetSuiteProblem.user("A line has a debit or a credit.", at: path)
      }
      lines.append(
        LineDraft(
          account: account, side: debit != nil ? "debit" : "credit", amount: amount,
          functionalAmount: "",
          party: try reference("entity", .customer, of: line, at: path + ".entity"),
          dimensions: try dimensions(of: line, at: path),
          description: try text("memo", of: line, at: path + ".memo")))
    }
    return lines
  }

  private func dimensions(
    of line: JSONValue, at path: String
  ) throws(Trouble) -> [String: String] {
    var dimensions: [String: String] = [:]
    for (name, kind) in Self.dimensions {
      dimensions[name] = try reference(name, kind, of: line, at: "\(path).\(name)")
    }
    for (name, value) in line.members ?? [:] where name.hasPrefix("custcol") {
      dimensions[name] = value.scalar ?? value["id"]?.scalar
    }
    return dimensions
  }

  // MARK: Invoices and credit memos

  /// Receivables against the income of the items and their tax.
  private func invoiceLines(
    of body: JSONValue, isCredit: Bool
  ) throws(Trouble) -> [LineDraft] {
    guard let customer = try reference("entity", .customer, of: body) else {
      throw NetSuiteProblem.user("Please enter a value for Customer.", at: "entity")
    }
    var total = Decimal(0)
    var lines: [LineDraft] = []
    func add(_ account: String, _ amount: Decimal, _ line: LineDraft) {
      var line = line
      // A negative line is a discount: it books on the other side.
      line.account = account
      line.side = (amount >= 0) == isCredit ? "debit" : "credit"
      line.amount = "\(abs(amount))"
      lines.append(line)
      total += amount
    }
    for (index, line) in try items(of: body, "item").enumerated() {
      let path = "item.items[\(index)]"
      guard let item = try reference("item", .item, of: line, at: path + ".item") else {
        throw NetSuiteProblem.user("Please enter a value for Item.", at: path + ".item")
      }
      let amount = try number("amount", of: line, at: path)
      let rate = try number("rate", of: line, at: path)
      let quantity = try number("quantity", of: line, at: path)
      guard let net = amount ?? rate.map({ $0 * (quantity ?? 1) }) else {
        throw NetSuiteProblem.user("Please enter a value for Amount.", at: path + ".amount")
      }
      let booked = LineDraft(
        account: "", side: "", amount: "", functionalAmount: "",
        dimensions: try dimensions(of: line, at: path),
        description: try text("description", of: line, at: path + ".description"))
      add(setup.items[item] ?? item, net, booked)
      guard let code = try reference("taxCode", .taxCode, of: line, at: path + ".taxCode") else {
        continue
      }
      let tax = setup.taxCodes[code]
      let percent = try number("taxRate1", of: line, at: path) ?? Decimal(string: tax?.rate ?? "0")
      let stated = try number("tax1Amt", of: line, at: path)
      let amountOfTax = stated ?? Self.cents(net * (percent ?? 0) / 100)
      guard amountOfTax != 0 else { continue }
      var taxLine = booked
      taxLine.tax = TaxDraft(code: code, rate: percent.map { "\($0)" }, base: "\(net)")
      add(tax?.account ?? code, amountOfTax, taxLine)
    }
    let receivables = try reference("account", .account, of: body) ?? setup.receivables
    let whole = LineDraft(
      account: receivables, side: (total >= 0) == isCredit ? "credit" : "debit",
      amount: "\(abs(total))", functionalAmount: "", party: customer,
      description: try text("memo", of: body))
    return [whole] + lines
  }

  private static func cents(_ amount: Decimal) -> Decimal {
    var exact = amount
    var rounded = Decimal()
    NSDecimalRound(&rounded, &exact, 2, .plain)
    return rounded
  }

  // MARK: Payments

  private func paymentLines(of body: JSONValue) throws(Trouble) -> [LineDraft] {
    guard let customer = try reference("customer", .customer, of: body) else {
      throw NetSuiteProblem.user("Please enter a value for Customer.", at: "customer")
    }
    guard let amount = try decimal("payment", of: body) else {
      throw NetSuiteProblem.user("Please enter a value for Payment Amount.", at: "payment")
    }
    let money = try reference("account", .account, of: body) ?? setup.undepositedFunds
    let receivables = try reference("arAcct", .account, of: body) ?? setup.receivables
    return [
      LineDraft(account: money, side: "debit", amount: amount, functionalAmount: ""),
      LineDraft(
        account: receivables, side: "credit", amount: amount, functionalAmount: "",
        party: customer, description: try text("memo", of: body)),
    ]
  }

  private func settlements(
    of body: JSONValue
  ) throws(Trouble) -> [NativeDocument.Settlement] {
    guard body["apply"] != nil else { return [] }
    var settlements: [NativeDocument.Settlement] = []
    for (index, line) in try items(of: body, "apply").enumerated() {
      let path = "apply.items[\(index)]"
      guard line["apply"] == .flag(true) else { continue }
      guard let id = line["doc"]?["id"]?.scalar.flatMap(Int.init),
        let amount = try decimal("amount", of: line, at: path + ".amount")
      else { throw NetSuiteProblem.content("A document and an amount are needed", at: path) }
      settlements.append(
        NativeDocument.Settlement(serial: id - NetSuite.firstID, amount: amount))
    }
    return settlements
  }

  // MARK: Values

  private func items(of body: JSONValue, _ sublist: String) throws(Trouble) -> [JSONValue] {
    guard let items = body[sublist]?["items"]?.elements else {
      throw NetSuiteProblem.content("The sublist \(sublist) has no items", at: sublist)
    }
    return items
  }

  private func number(
    _ name: String, of line: JSONValue, at path: String
  ) throws(Trouble) -> Decimal? {
    try decimal(name, of: line, at: "\(path).\(name)").flatMap { Decimal(string: $0) }
  }
}
