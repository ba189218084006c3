// Moves: created and posted in two transactions, each of which does all that it is asked or nothing.

extension TrytonState {
  /// Creates drafts; one that does not balance is taken as well.
  mutating func create(
    _ moves: [[String: TrytonValue]], _ context: TrytonContext
  ) throws(TrytonFault) -> [Int] {
    var drafts: [TrytonMove] = []
    for values in moves { drafts.append(try draft(values, context)) }
    return drafts.map { insert($0) }
  }

  private static let fields: Set<String> = [
    "company", "period", "journal", "date", "description", "origin", "lines", "number",
  ]

  private mutating func draft(
    _ values: [String: TrytonValue], _ context: TrytonContext
  ) throws(TrytonFault) -> TrytonMove {
    if let unknown = values.keys.sorted().first(where: { !TrytonState.fields.contains($0) }) {
      throw .programming("'\(unknown)'")
    }
    guard let company = name("company.company", values["company"]?.id),
      let card = context.cards[company], context.sees(company)
    else {
      throw .user(
        "You are not allowed to create records of \"Account Move Line\" because they fail on at "
          + "least one of these rules: \"User in companies\".")
    }
    guard let journal = values["journal"]?.id, name("account.journal", journal) != nil else {
      throw .required("Journal", of: "Account Move")
    }
    guard let day = values["date"]?.text, CalendarDay(day) != nil else {
      throw .required("Date", of: "Account Move")
    }
    // Without a period it is that of today, whatever the date is.
    let period =
      values["period"]?.id ?? id("account.period", company, String(context.today.prefix(7)))
    let month = pair("account.period", period)
    guard month.company == company, day.hasPrefix(month.name) else {
      throw .domain("Period", of: "Account Move")
    }
    let state = card.periods.first { $0.period == month.name }?.state ?? card.otherPeriods
    guard state == .open else {
      throw .user("You cannot create a journal-period in closed period \"\(month.name)\".")
    }
    let origin = values["origin"]?.text
    guard
      origin.map({ $0.hasPrefix("account.move,") || $0.hasPrefix("account.fiscalyear,") })
        ?? true
    else { throw .domain("Origin", of: "Account Move") }
    var lines: [TrytonLine] = []
    for command in values["lines"]?.list ?? [] {
      guard let parts = command.list, parts.first == .text("create"),
        let created = parts.dropFirst().first?.list
      else { throw .programming("invalid command") }
      for value in created {
        guard let table = value.object else { throw .programming("invalid command") }
        lines.append(try line(table, of: company, card, context))
      }
    }
    return TrytonMove(
      id: 0, company: company, period: period, journal: journal, date: day,
      description: values["description"]?.text ?? "", origin: origin, lines: lines)
  }

  private mutating func insert(_ draft: TrytonMove) -> Int {
    var move = draft
    move.id = next("account.move")
    for index in move.lines.indices {
      move.lines[index].id = next("account.move.line")
      moveOfLine[move.lines[index].id] = move.id
    }
    moves[move.id] = move
    movesByDescription[move.description, default: []].append(move.id)
    return move.id
  }

  private static let lineFields: Set<String> = [
    "account", "debit", "credit", "party", "description", "maturity_date", "second_currency",
    "amount_second_currency", "origin", "tax_lines",
  ]

  private mutating func line(
    _ values: [String: TrytonValue], of company: String, _ card: MockBooks.CompanyCard,
    _ context: TrytonContext
  ) throws(TrytonFault) -> TrytonLine {
    let model = "Account Move Line"
    if let unknown = values.keys.sorted().first(where: { !TrytonState.lineFields.contains($0) }) {
      throw .programming("'\(unknown)'")
    }
    let account = pair("account.account", values["account"]?.id ?? 0)
    guard !account.name.isEmpty else { throw .required("Account", of: model) }
    let seeded = card.account(account.name)
    guard account.company == company, seeded?.blocked != true else {
      throw .domain("Account", of: model)
    }
    let own = context.currency(of: company)
    var line = TrytonLine(
      id: 0, account: account.name,
      debit: try amount(values["debit"], "Debit", own),
      credit: try amount(values["credit"], "Credit", own))
    if line.debit != 0, line.credit != 0 { throw .domain("Debit", of: model) }
    line.takesParty = seeded?.requiresParty ?? false
    line.party = name("party.party", values["party"]?.id)
    if line.takesParty, line.party == nil { throw .required("Party", of: model) }
    if !line.takesParty, values["party"]?.id != nil { throw .domain("Party", of: model) }
    line.description = values["description"]?.text
    line.maturityDate = values["maturity_date"]?.text
    if let second = values["second_currency"]?.id {
      guard let code = name("currency.currency", second), code != own else {
        throw .domain("Second Currency", of: model)
      }
      line.secondCurrency = code
      line.secondAmount = try amount(
        values["amount_second_currency"], "Amount Second Currency", code)
      let sign = line.debit - line.credit
      if let amount = line.secondAmount, sign != 0, amount != 0, (amount > 0) != (sign > 0) {
        throw .domain("Amount Second Currency", of: model)
      }
    }
    return line
  }

  /// Signed minor units; zero where there is no value.
  private func amount(
    _ value: TrytonValue?, _ field: String, _ currency: String
  ) throws(TrytonFault) -> Int64 {
    guard let value, !value.isNull else { return 0 }
    let text: String
    switch value {
    case .decimal(let digits), .text(let digits): text = digits
    case .integer(let number): text = String(number)
    default:
      throw .user("The number of digits in the value for field \"\(field)\" exceeds the limit.")
    }
    let isNegative = text.hasPrefix("-")
    do {
      let units = try ExactAmount.minorUnits(
        isNegative ? String(text.dropFirst()) : text,
        decimals: CurrencyTable.decimals(of: currency) ?? 2)
      return isNegative ? -units : units
    } catch {
      throw .user("The number of digits in the value for field \"\(field)\" exceeds the limit.")
    }
  }

  /// Takes drafts out, lines included.
  mutating func delete(_ ids: [Int], _ context: TrytonContext) throws(TrytonFault) {
    for id in ids {
      let move = try visible(id, context)
      guard move.status == .draft else { throw .user("You cannot modify posted move \"\(id)\".") }
    }
    for id in ids {
      guard let move = moves.removeValue(forKey: id) else { continue }
      movesByDescription[move.description]?.removeAll { $0 == id }
      for line in move.lines { moveOfLine[line.id] = nil }
    }
  }

  func visible(_ id: Int, _ context: TrytonContext) throws(TrytonFault) -> TrytonMove {
    guard let move = moves[id], context.sees(move.company) else {
      throw .user(
        "You are trying to access records of \"Account Move\" that are not there, or not for you.")
    }
    return move
  }

  /// What is to be booked for drafts that are posted; they are held until ``posted(_:_:_:)``.
  mutating func beginPosting(
    _ ids: [Int], _ context: TrytonContext
  ) throws(TrytonFault) -> [(id: Int, company: String, draft: EntryDraft)] {
    var drafts: [(Int, String, EntryDraft)] = []
    for id in ids {
      let move = try visible(id, context)
      switch move.status {
      case .posted:
        throw .user(
          context.settings.version == .v8
            ? "You can not call \"post\" on \"\(move.number ?? "")\" of \"Account Move\"."
            : "You cannot modify posted move \"\(id)\".")
      case .posting: throw .concurrency("account.move", id)
      case .draft: break
      }
      guard !move.lines.isEmpty else {
        throw .user("To post move \"(\(id))\", you must fill in its lines.")
      }
      guard move.isBalanced else {
        throw .user(
          "To post move \"(\(id))\", you must balance all its lines debits and credits.")
      }
      drafts.append((id, move.company, move.entry(currency: context.currency(of: move.company))))
    }
    for (id, _, _) in drafts { moves[id]?.status = .posting }
    return drafts
  }

  /// Ends a posting: with its number in the books, or, with nil, as the draft that it was.
  mutating func posted(_ id: Int, number: String?, on day: String) {
    moves[id]?.status = number == nil ? .draft : .posted
    moves[id]?.number = number
    moves[id]?.postDate = number == nil ? nil : day
  }

  /// The move that takes another one back: posted already, dated like it while its period is open.
  mutating func cancellation(
    of id: Int, description: String, isReversal: Bool, _ context: TrytonContext
  ) throws(TrytonFault) -> Int {
    let move = try visible(id, context)
    guard move.status == .posted else { throw .user("You cannot cancel draft move \"\(id)\".") }
    if move.isReconciled {
      throw .user("You cannot reconcile already reconciled line \"\(move.lines.first?.id ?? 0)\".")
    }
    var counter = move
    let month = pair("account.period", move.period).name
    let card = context.cards[move.company]
    let state = card?.periods.first { $0.period == month }?.state ?? card?.otherPeriods ?? .open
    if state != .open {
      let warning = "account.move,\(id).cancel"
      guard confirmed.remove(warning) != nil else {
        throw .warning(
          warning, "The period of the move is closed: the cancellation is dated today.")
      }
      counter.date = context.today
      counter.period = self.id("account.period", move.company, String(context.today.prefix(7)))
    }
    for index in counter.lines.indices {
      let line = counter.lines[index]
      counter.lines[index].debit = isReversal ? line.credit : -line.debit
      counter.lines[index].credit = isReversal ? line.debit : -line.credit
      counter.lines[index].secondAmount = line.secondAmount.map { -$0 }
    }
    counter.description = description
    counter.origin = "account.move,\(id)"
    counter.status = .draft
    counter.number = nil
    if move.lines.contains(where: \.takesParty) { moves[id]?.isReconciled = true }
    return insert(counter)
  }
}

extension TrytonMove {
  /// What goes into the books: the second currency, where there is one, is that of the entry.
  fileprivate func entry(currency own: String) -> EntryDraft {
    let second = lines.lazy.compactMap(\.secondCurrency).first
    let decimals = CurrencyTable.decimals(of: own) ?? 2
    let secondDecimals = second.flatMap { CurrencyTable.decimals(of: $0) } ?? decimals
    let drafts = lines.map { line -> LineDraft in
      let functional = line.debit - line.credit
      let amount = second == nil ? functional : line.secondAmount ?? 0
      let isDebit = functional != 0 ? functional > 0 : amount >= 0
      return LineDraft(
        account: line.account, side: isDebit ? "debit" : "credit",
        amount: ExactAmount.text(Int64(amount.magnitude), decimals: secondDecimals),
        functionalAmount: ExactAmount.text(Int64(functional.magnitude), decimals: decimals),
        party: line.party, description: line.description)
    }
    var draft = EntryDraft(
      externalKey: description.isEmpty ? "move \(id)" : description, postingDate: date,
      currency: second ?? own, functionalCurrency: own, lines: drafts)
    // No field of Tryton is unique: the same key is booked again.
    draft.duplicateCheck = false
    return draft
  }
}
