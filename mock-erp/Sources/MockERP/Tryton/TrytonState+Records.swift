/// What a call is made in: the books' master data, who asks, and when.
struct TrytonContext: Sendable {
  let cards: [String: MockBooks.CompanyCard]
  let settings: TrytonSettings
  /// `YYYY-MM-DD`.
  let today: String

  /// Whether the user sees records of a company.
  func sees(_ company: String) -> Bool {
    settings.companyFilter == .all || company == settings.currentCompany
  }

  func currency(of company: String) -> String {
    cards[company]?.functionalCurrency ?? TrytonContext.usualCurrency
  }

  /// The books of a company that has posted nothing yet are kept in it.
  static let usualCurrency = "EUR"
}

extension TrytonState {
  static let journals = [
    ("REV", "Revenue"), ("EXP", "Expense"), ("CASH", "Cash"), ("STO", "Stock"),
    ("MISC", "Miscellaneous"), ("EXC", "Currency Exchange"),
  ]

  /// Where a field leads, for dotted names.
  private static let relations: [String: [String: String]] = [
    "company.company": ["party": "party.party", "currency": "currency.currency"],
    "account.account": ["company": "company.company"],
    "account.period": ["company": "company.company"],
    "account.move": [
      "company": "company.company", "period": "account.period", "journal": "account.journal",
      "lines": "account.move.line",
    ],
    "account.move.line": [
      "move": "account.move", "account": "account.account", "party": "party.party",
      "second_currency": "currency.currency",
    ],
  ]

  /// The records of a model that satisfy a domain and that the user sees, by id.
  mutating func search(
    _ model: String, _ domain: TrytonDomain, _ context: TrytonContext
  ) throws(TrytonFault) -> [Int] {
    let fields = domain.fields
    var found: [Int] = []
    for id in try candidates(model, domain, context) where isVisible(model, id, context) {
      var values: [String: TrytonValue] = [:]
      for field in fields { values[field] = try value(model, id, field, context) }
      if domain.holds(values) { found.append(id) }
    }
    return found.sorted()
  }

  /// A record as it is read; a dotted field stands under its first part and a dot.
  mutating func read(
    _ model: String, _ id: Int, _ fields: [String], _ context: TrytonContext
  ) throws(TrytonFault) -> TrytonValue {
    guard isVisible(model, id, context) else {
      throw .user(
        "You are trying to access records of \"\(model)\" that are not there, or not for you.")
    }
    var result: [String: TrytonValue] = ["id": .integer(id)]
    for field in fields {
      guard let dot = field.firstIndex(of: ".") else {
        result[field] = try value(model, id, field, context)
        continue
      }
      let (base, rest) = (String(field[..<dot]), String(field[field.index(after: dot)...]))
      guard let target = TrytonState.relations[model]?[base] else {
        throw .programming("'\(base)'")
      }
      let known = result[base + "."]
      switch try value(model, id, base, context) {
      case .integer(let other):
        result[base + "."] = try part(target, other, rest, context, with: known)
      case .list(let others):
        var parts: [TrytonValue] = []
        for (index, other) in others.enumerated() {
          guard let other = other.id else { continue }
          parts.append(
            try part(target, other, rest, context, with: known?.list.map { $0[index] }))
        }
        result[base + "."] = .list(parts)
      default: result[base + "."] = .null
      }
    }
    return .object(result)
  }

  /// The part of a related record that a dotted field names, beside those named before.
  private mutating func part(
    _ model: String, _ id: Int, _ field: String, _ context: TrytonContext,
    with known: TrytonValue?
  ) throws(TrytonFault) -> TrytonValue {
    var table = known?.object ?? ["id": .integer(id)]
    guard let more = try read(model, id, [field], context).object else { return .null }
    table.merge(more) { $1 }
    return .object(table)
  }

  /// One field, dotted ones included.
  private mutating func value(
    _ model: String, _ id: Int, _ field: String, _ context: TrytonContext
  ) throws(TrytonFault) -> TrytonValue {
    guard let dot = field.firstIndex(of: ".") else {
      guard let value = plain(model, id, field, context) else { throw .programming("'\(field)'") }
      return value
    }
    let (base, rest) = (String(field[..<dot]), String(field[field.index(after: dot)...]))
    guard let target = TrytonState.relations[model]?[base] else { throw .programming("'\(base)'") }
    guard let other = try value(model, id, base, context).id else { return .null }
    return try value(target, other, rest, context)
  }

  private func isVisible(_ model: String, _ id: Int, _ context: TrytonContext) -> Bool {
    switch model {
    case "account.account", "account.period": context.sees(pair(model, id).company)
    case "account.move": moves[id].map { context.sees($0.company) } ?? false
    case "account.move.line": move(ofLine: id).map { context.sees($0.company) } ?? false
    default: true
    }
  }

  /// The user's own settings, which decide what is seen.
  mutating func preferences(_ context: TrytonContext) -> [String: TrytonValue] {
    let companies = context.cards.keys.sorted().map { id("company.company", $0) }
    let current = context.settings.currentCompany.map { id("company.company", $0) }
    return [
      "company": .optional(current ?? companies.first),
      "companies": .list(companies.map { .integer($0) }),
      "company_filter": .text(context.settings.companyFilter.rawValue),
    ]
  }

  // MARK: What there is

  private mutating func candidates(
    _ model: String, _ domain: TrytonDomain, _ context: TrytonContext
  ) throws(TrytonFault) -> [Int] {
    let companies = context.cards.keys.sorted()
    switch model {
    case "company.company": return companies.map { id(model, $0) }
    case "res.user": return [TrytonCall.userID]
    case "currency.currency":
      let asked = domain.texts.filter { CurrencyTable.decimals(of: $0) != nil }
      for code in [TrytonContext.usualCurrency] + asked { _ = id(model, code) }
      return allIDs(model)
    case "party.party":
      let wanted = domain.wanted("code")?.compactMap(\.text)
      for company in companies {
        guard let card = context.cards[company] else { continue }
        for party in card.parties where wanted?.contains(party.code) != false {
          _ = id(model, party.code)
        }
        // Where anybody is known, so is who is asked for.
        if card.acceptsAnyParty { for code in wanted ?? [] { _ = id(model, code) } }
      }
      guard let wanted else { return allIDs(model) }
      return (wanted + wanted.map { partyPrefix + $0 }).compactMap { knownID(model, $0) }
    case "account.journal": return TrytonState.journals.map { id(model, $0.0) }
    case "account.account":
      guard let wanted = domain.wanted("code")?.compactMap(\.text) else {
        for company in companies {
          for account in context.cards[company]?.accounts ?? [] {
            _ = id(model, company, account.number)
          }
        }
        return allIDs(model)
      }
      return companies.flatMap { company in
        wanted.compactMap { code -> Int? in
          guard let card = context.cards[company],
            card.acceptsAnyAccount || card.account(code) != nil
          else { return nil }
          return id(model, company, code)
        }
      }
    case "account.period":
      let years = Set(
        ([context.today] + domain.texts).compactMap { CalendarDay($0)?.year }
          + context.cards.values.flatMap(\.periods).compactMap { Int($0.period.prefix(4)) })
      for company in companies {
        for year in years {
          for month in 1...12 {
            _ = id(model, company, "\(year)-\(month < 10 ? "0" : "")\(month)")
          }
        }
      }
      return allIDs(model)
    case "account.move": return candidateMoves(domain)
    case "account.move.line":
      if let wanted = domain.wanted("id") { return wanted.compactMap(\.id) }
      if let wanted = domain.wanted("move") {
        return wanted.compactMap(\.id).flatMap { moves[$0]?.lines.map(\.id) ?? [] }
      }
      return moves.values.flatMap { $0.lines.map(\.id) }
    default: throw .page(403)
    }
  }

  private func candidateMoves(_ domain: TrytonDomain) -> [Int] {
    if let wanted = domain.wanted("description") {
      return wanted.compactMap(\.text).flatMap { movesByDescription[$0] ?? [] }
        .filter { moves[$0] != nil }
    }
    if let wanted = domain.wanted("id") {
      return wanted.compactMap(\.id).filter { moves[$0] != nil }
    }
    return Array(moves.keys)
  }

  // MARK: Fields

  /// nil for a field that the model does not have.
  private mutating func plain(
    _ model: String, _ id: Int, _ field: String, _ context: TrytonContext
  ) -> TrytonValue? {
    if field == "id" { return .integer(id) }
    switch model {
    case "company.company": return company(id, field, context)
    case "party.party": return party(name(model, id) ?? "", field, context)
    case "res.user":
      switch field {
      case "login", "name", "rec_name": return .text(context.settings.user)
      case "language": return .text("en")
      default: return preferences(context)[field]
      }
    case "currency.currency":
      let code = name(model, id) ?? ""
      return switch field {
      case "code", "name", "rec_name", "symbol": .text(code)
      case "digits": .integer(CurrencyTable.decimals(of: code) ?? 0)
      default: nil
      }
    case "account.journal":
      let code = name(model, id) ?? ""
      return switch field {
      case "code": .text(code)
      case "name", "rec_name":
        .text(TrytonState.journals.first { $0.0 == code }?.1 ?? code)
      case "active": .boolean(true)
      default: nil
      }
    case "account.account": return account(pair(model, id), field, context)
    case "account.period": return period(pair(model, id), field, context)
    case "account.move": return moves[id].flatMap { move(of: $0, field, context) }
    case "account.move.line": return line(id, field, context)
    default: return nil
    }
  }

  private mutating func company(
    _ id: Int, _ field: String, _ context: TrytonContext
  ) -> TrytonValue? {
    let code = name("company.company", id) ?? ""
    switch field {
    case "party": return .integer(self.id("party.party", partyPrefix + code))
    case "currency": return .integer(self.id("currency.currency", context.currency(of: code)))
    case "rec_name": return .text(context.cards[code]?.name ?? code)
    case "parent": return .null
    default: return nil
    }
  }

  /// The party that a company itself is.
  private var partyPrefix: String { "company " }

  private func party(
    _ name: String, _ field: String, _ context: TrytonContext
  ) -> TrytonValue? {
    var (code, label) = (name, name)
    if name.hasPrefix(partyPrefix) {
      code = String(name.dropFirst(partyPrefix.count))
      label = context.cards[code]?.name ?? code
    } else {
      let known = context.cards.values.lazy.flatMap(\.parties).first { $0.code == name }
      label = newParties.first { $0.code == name }?.name ?? known?.name ?? name
    }
    return switch field {
    case "code": .text(code)
    case "name", "rec_name": .text(label)
    case "active": .boolean(true)
    default: nil
    }
  }

  private mutating func account(
    _ pair: (company: String, name: String), _ field: String, _ context: TrytonContext
  ) -> TrytonValue? {
    let seeded = context.cards[pair.company]?.account(pair.name)
    return switch field {
    case "code": .text(pair.name)
    case "name", "rec_name": .text(seeded?.name ?? pair.name)
    case "company": .integer(id("company.company", pair.company))
    case "party_required": .boolean(seeded?.requiresParty ?? false)
    case "closed": .boolean(seeded?.blocked ?? false)
    case "active": .boolean(true)
    case "type": .integer(1)
    case "second_currency": .null
    default: nil
    }
  }

  private mutating func period(
    _ pair: (company: String, name: String), _ field: String, _ context: TrytonContext
  ) -> TrytonValue? {
    let card = context.cards[pair.company]
    let state =
      card?.periods.first { $0.period == pair.name }?.state ?? card?.otherPeriods ?? .open
    return switch field {
    case "name", "rec_name": .text(pair.name)
    case "company": .integer(id("company.company", pair.company))
    case "start_date": .date(pair.name + "-01")
    case "end_date":
      .date(
        (28...31).reversed().map { "\(pair.name)-\($0)" }.first { CalendarDay($0) != nil } ?? "")
    case "type": .text("standard")
    case "state": .text(state == .open ? "open" : "closed")
    case "fiscalyear": .integer(id("account.fiscalyear", pair.company + pair.name.prefix(4)))
    default: nil
    }
  }

  private mutating func move(
    of move: TrytonMove, _ field: String, _ context: TrytonContext
  ) -> TrytonValue? {
    let isPosted = move.status == .posted
    let number = context.settings.version == .v8 ? move.number : "\(move.id)"
    return switch field {
    case "company": .integer(id("company.company", move.company))
    case "period": .integer(move.period)
    case "journal": .integer(move.journal)
    case "date": .date(move.date)
    case "description": .text(move.description)
    case "origin": .optional(move.origin)
    case "state": .text(isPosted ? "posted" : "draft")
    case "number", "rec_name": .optional(number)
    case "post_number" where context.settings.version == .v7: .optional(move.number)
    case "post_date": move.postDate.map { .date($0) } ?? .null
    case "lines": .list(move.lines.map { .integer($0.id) })
    default: nil
    }
  }

  private mutating func line(
    _ id: Int, _ field: String, _ context: TrytonContext
  ) -> TrytonValue? {
    // The lines of a move have ids in a row.
    guard let move = move(ofLine: id), let first = move.lines.first else { return nil }
    let line = move.lines[id - first.id]
    let decimals = CurrencyTable.decimals(of: context.currency(of: move.company)) ?? 2
    let second = line.secondCurrency.flatMap { CurrencyTable.decimals(of: $0) } ?? 0
    return switch field {
    case "move": .integer(move.id)
    case "account": .integer(self.id("account.account", move.company, line.account))
    case "debit": .decimal(ExactAmount.text(line.debit, decimals: decimals))
    case "credit": .decimal(ExactAmount.text(line.credit, decimals: decimals))
    case "party": line.party.map { .integer(self.id("party.party", $0)) } ?? .null
    case "description": .optional(line.description)
    case "maturity_date": line.maturityDate.map { .date($0) } ?? .null
    case "second_currency":
      line.secondCurrency.map { .integer(self.id("currency.currency", $0)) } ?? .null
    case "amount_second_currency":
      line.secondAmount.map { .decimal(ExactAmount.text($0, decimals: second)) } ?? .null
    case "state": .text(move.isBalanced ? "valid" : "draft")
    case "origin", "reconciliation", "move_origin": .null
    case "tax_lines": .list([])
    default: nil
    }
  }
}
