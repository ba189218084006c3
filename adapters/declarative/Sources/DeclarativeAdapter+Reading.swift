public import AdapterKit
import HTTPTransport
public import Ledger

extension DeclarativeAdapter {
  /// Pages of one period that are read before the ERP is taken to go round in circles.
  private static let maximumPages = 1_000_000

  public func periods(
    _ periods: [FiscalPeriod]
  ) async throws(Problem) -> [FiscalPeriod: PeriodStatus] {
    guard let rule = definition.periods else { return [:] }
    var result: [FiscalPeriod: PeriodStatus] = [:]
    for period in periods {
      let response = try await send(rule.request, .period(period))
      guard response.status == 200 else { throw refused(response, "Reading period \(period)") }
      let status = AnswerTree(response)?.text(at: rule.status) ?? ""
      result[period] =
        rule.open.contains(status) ? .open : rule.closed.contains(status) ? .closed : .unknown
    }
    return result
  }

  public func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem) {
    guard let rule = definition.books else {
      throw Self.unreadable("The adapter has no 'readBack'")
    }
    var cursor: String?
    for _ in 0..<Self.maximumPages {
      let response = try await send(rule.request, .period(period), cursor: cursor)
      guard response.status == 200 else { throw refused(response, "Reading the books") }
      guard let tree = AnswerTree(response), let items = tree.list(at: rule.items) else {
        throw Self.unreadable("A page of period \(period) cannot be read")
      }
      var postings: [BookedPosting] = []
      for item in items { postings.append(try posting(item, rule)) }
      try consume(postings)
      guard let next = tree.text(at: rule.next) else { return }
      guard next != cursor else { break }
      cursor = next
    }
    throw Self.unreadable("The pages of period \(period) do not end")
  }

  private func posting(
    _ item: AnswerTree, _ rule: DeclarativeDefinition.Books
  ) throws(Problem) -> BookedPosting {
    let number = item.text(at: rule.number) ?? ""
    func unreadable(_ what: String) -> Problem {
      Self.unreadable("The ERP's document \(number) cannot be read: \(what)")
    }
    guard let date = item.text(at: rule.date).flatMap({ rule.dateFormat.date($0) }) else {
      throw unreadable("its date is no day in the form '\(rule.dateFormat.rawValue)'")
    }
    guard let currency = item.text(at: rule.currency).flatMap({ Currency($0) }) else {
      throw unreadable("its currency is not one of ISO 4217")
    }
    func money(_ text: String?) throws(Problem) -> Money {
      guard let text else { return Money.zero(currency) }
      guard let money = rule.amountFormat.money(text, currency) else {
        throw unreadable(
          "an amount is none of \(currency) in the form '\(rule.amountFormat.rawValue)'")
      }
      return money
    }
    var lines: [BookedPosting.Line] = []
    for line in item.nodes(at: rule.lines).flatMap(\.elements) {
      guard let account = line.text(at: rule.account) else {
        throw unreadable("a line has no account")
      }
      let signed: Money
      switch rule.amount {
      case .signed(let path): signed = try money(line.text(at: path))
      case .columns(let debit, let credit):
        signed = try money(line.text(at: debit)) - (try money(line.text(at: credit)))
      case .sided(let side, let debit, let path):
        let amount = try money(line.text(at: path))
        let isDebit = debit.contains(line.text(at: side) ?? "")
        lines.append(
          BookedPosting.Line(
            account: AccountCode(account), side: isDebit ? .debit : .credit, amount: amount))
        continue
      }
      lines.append(
        BookedPosting.Line(
          account: AccountCode(account), side: signed.isNegative ? .credit : .debit,
          amount: signed.magnitude))
    }
    return BookedPosting(
      number: number, externalKey: item.text(at: rule.key).map(externalKey), date: date,
      lines: lines)
  }

  /// Our key behind what stands in the ERP's field, where the field holds it whole.
  private func externalKey(_ told: String) -> String {
    let field = definition.traits.keyField
    guard field.holdsWholeKeys, told.hasPrefix(field.prefix) else { return told }
    let key = told.dropFirst(field.prefix.count)
    return field.alphabet == .lowercase ? key.uppercased() : String(key)
  }

  private static func unreadable(_ detail: String) -> Problem {
    Problem(
      code: "books_unreadable", detail: detail,
      fix: "Compare the ERP's answer with 'readBack' of the adapter, its 'dateFormat' and "
        + "'amountFormat' too")
  }
}
