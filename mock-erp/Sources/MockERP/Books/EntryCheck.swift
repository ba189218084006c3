/// Brings a draft into the form of the books, or refuses it: all that needs no other entry.
struct EntryCheck {
  static let longestKey = 80

  let company: Company

  /// The form the books compare and keep. The order of the checks is in the README.
  func content(of draft: EntryDraft) throws(Refusal) -> (content: EntryContent, day: CalendarDay) {
    guard !draft.externalKey.isEmpty else { throw missing("externalKey", at: "/externalKey") }
    for (index, line) in draft.lines.enumerated() where line.account.isEmpty {
      throw missing("account", at: "/lines/\(index)/account")
    }
    guard draft.externalKey.count <= Self.longestKey else {
      throw Refusal(
        code: "external_key_too_long",
        message: "The external key has more than \(Self.longestKey) characters",
        field: "/externalKey")
    }
    let postingDay = try day(draft.postingDate, at: "/postingDate")
    let documentDay = try present(draft.documentDate).map { text throws(Refusal) in
      try day(text, at: "/documentDate")
    }
    let decimals = try decimals(of: draft.currency, at: "/currency")
    guard company.accepts(currency: draft.currency) else {
      throw Refusal(
        code: "unknown_currency",
        message: "Company \(company.code) does not keep books in \(draft.currency)",
        field: "/currency")
    }
    let functionalDecimals = try self.decimals(
      of: draft.functionalCurrency, at: "/functionalCurrency")
    if let own = company.functionalCurrency, own != draft.functionalCurrency {
      throw Refusal(
        code: "wrong_functional_currency",
        message:
          "The functional currency of company \(company.code) is \(own), not \(draft.functionalCurrency)",
        field: "/functionalCurrency")
    }
    guard draft.lines.count >= 2 else {
      throw Refusal(
        code: "too_few_lines", message: "An entry has at least two lines", field: "/lines")
    }
    var lines: [BookedLine] = []
    lines.reserveCapacity(draft.lines.count)
    for (index, line) in draft.lines.enumerated() {
      lines.append(
        try booked(
          line, at: "/lines/\(index)", decimals: decimals, functionalDecimals: functionalDecimals))
    }
    let content = EntryContent(
      externalKey: draft.externalKey, postingDate: postingDay.text,
      documentDate: (documentDay ?? postingDay).text, currency: draft.currency,
      functionalCurrency: draft.functionalCurrency, senderNumber: present(draft.number),
      reference: present(draft.reference), description: present(draft.description), lines: lines,
      attributes: draft.attributes ?? [:], reverses: present(draft.reverses), native: draft.native)
    return (content, postingDay)
  }

  /// What the company's master data and periods say against the entry; nil when nothing.
  func objection(to content: EntryContent) -> Refusal? {
    for (index, line) in content.lines.enumerated() {
      if let refusal = objection(to: line, at: "/lines/\(index)") { return refusal }
    }
    if let refusal = imbalance(of: content) { return refusal }
    if let closed = content.lines.first(where: {
      !company.isOpen(content.period, for: $0.accountType)
    }) {
      let type = closed.accountType.map { " for account type \($0)" } ?? ""
      return Refusal(
        code: "closed_period",
        message: "Period \(content.period) of company \(company.code) is closed\(type)",
        field: "/postingDate")
    }
    if let refusal = objection(toReversing: content.reverses) { return refusal }
    guard let number = content.senderNumber else { return nil }
    if OwnNumber.looksLike(number) {
      return Refusal(
        code: "reserved_number", message: "Numbers like \(number) are given by the system itself",
        field: "/number")
    }
    if company.isTaken(number: number) {
      return Refusal(
        code: "duplicate_number", message: "Number \(number) is taken in company \(company.code)",
        field: "/number")
    }
    return nil
  }

  // MARK: Parts

  private func booked(
    _ line: LineDraft, at pointer: String, decimals: Int, functionalDecimals: Int
  ) throws(Refusal) -> BookedLine {
    guard let side = BookedLine.Side(rawValue: line.side) else {
      throw Refusal(
        code: "invalid_side", message: "A side is debit or credit, not \(line.side)",
        field: pointer + "/side")
    }
    let amount = try amount(line.amount, at: pointer + "/amount", decimals: decimals)
    let functionalAmount = try self.amount(
      line.functionalAmount, at: pointer + "/functionalAmount", decimals: functionalDecimals)
    let tax = try line.tax.map { tax throws(Refusal) in
      try self.tax(tax, at: pointer + "/tax", decimals: decimals)
    }
    let description = present(line.description)
    let accountType = present(line.accountType)
    let isPlain =
      tax == nil && line.dimensions.isEmpty && description == nil && accountType == nil
    return BookedLine(
      account: line.account, side: side, amount: amount, functionalAmount: functionalAmount,
      party: present(line.party),
      details: isPlain
        ? nil
        : LineDetails(
          tax: tax, dimensions: line.dimensions, description: description,
          accountType: accountType))
  }

  private func objection(toReversing id: String?) -> Refusal? {
    guard let id else { return nil }
    guard company.entry(id: id) != nil else {
      return Refusal(
        code: "unknown_entry", message: "There is no entry \(id) to reverse", field: "/reverses")
    }
    guard let reversal = company.reversal(of: id) else { return nil }
    return Refusal(
      code: "already_reversed", message: "Entry \(id) is reversed by \(reversal.number)",
      field: "/reverses")
  }

  private func objection(to line: BookedLine, at pointer: String) -> Refusal? {
    let account = company.account(line.account)
    if account == nil, !company.acceptsAnyAccount {
      return Refusal(
        code: "unknown_account",
        message: "Account \(line.account) is not in the chart of company \(company.code)",
        field: pointer + "/account")
    }
    if account?.blocked == true {
      return Refusal(
        code: "blocked_account",
        message: "Account \(line.account) of company \(company.code) is blocked for posting",
        field: pointer + "/account")
    }
    if let name = account?.requires?.first(where: { line.dimensions[$0] == nil }) {
      return Refusal(
        code: "missing_dimension", message: "Account \(line.account) takes no line without \(name)",
        field: pointer + "/dimensions/\(name)")
    }
    guard let party = line.party else {
      guard account?.requiresParty == true else { return nil }
      return Refusal(
        code: "party_required", message: "Account \(line.account) takes no line without a party",
        field: pointer + "/party")
    }
    guard company.knows(party: party) else {
      return Refusal(
        code: "unknown_party", message: "Party \(party) is not known to company \(company.code)",
        field: pointer + "/party")
    }
    return nil
  }

  private func imbalance(of content: EntryContent) -> Refusal? {
    var difference: Int128 = 0
    var functionalDifference: Int128 = 0
    for line in content.lines {
      let sign: Int128 = line.side == .debit ? 1 : -1
      difference += sign * Int128(line.amount)
      functionalDifference += sign * Int128(line.functionalAmount)
    }
    guard difference != 0 || functionalDifference != 0 else { return nil }
    let transaction = ExactAmount.text(difference, decimals: content.decimals)
    let functional = ExactAmount.text(functionalDifference, decimals: content.functionalDecimals)
    return Refusal(
      code: "unbalanced",
      message: "Debits minus credits are \(transaction) \(content.currency)"
        + " and \(functional) \(content.functionalCurrency) in functional currency",
      field: "/lines")
  }

  private func amount(
    _ text: String, at pointer: String, decimals: Int
  ) throws(Refusal) -> Int64 {
    do {
      return try ExactAmount.minorUnits(text, decimals: decimals)
    } catch .tooManyDecimals {
      throw Refusal(
        code: "too_many_decimals", message: "\(text) has more than \(decimals) decimals",
        field: pointer)
    } catch {
      throw Refusal(
        code: "invalid_amount", message: "\(text.prefix(40)) is not an amount", field: pointer)
    }
  }

  private func tax(
    _ tax: TaxDraft, at pointer: String, decimals: Int
  ) throws(Refusal) -> TaxDraft {
    guard !tax.code.isEmpty else { throw missing("tax code", at: pointer + "/code") }
    let rate = try present(tax.rate).map { text throws(Refusal) in
      try number(text, at: pointer + "/rate", decimals: 0)
    }
    let base = try present(tax.base).map { text throws(Refusal) in
      try number(text, at: pointer + "/base", decimals: decimals)
    }
    return TaxDraft(code: tax.code, rate: rate, base: base)
  }

  private func number(
    _ text: String, at pointer: String, decimals: Int
  ) throws(Refusal) -> String {
    do {
      return try ExactAmount.canonical(text, decimals: decimals)
    } catch {
      throw Refusal(
        code: "invalid_tax", message: "\(text.prefix(40)) is not a decimal number", field: pointer)
    }
  }

  private func day(_ text: String, at pointer: String) throws(Refusal) -> CalendarDay {
    guard let day = CalendarDay(text) else {
      throw Refusal(
        code: "invalid_date", message: "\(text.prefix(40)) is not a day written YYYY-MM-DD",
        field: pointer)
    }
    return day
  }

  private func decimals(of currency: String, at pointer: String) throws(Refusal) -> Int {
    guard let decimals = CurrencyTable.decimals(of: currency) else {
      throw Refusal(
        code: "unknown_currency", message: "\(currency.prefix(40)) is not an active currency",
        field: pointer)
    }
    return decimals
  }

  private func missing(_ what: String, at pointer: String) -> Refusal {
    Refusal(code: "missing_field", message: "The \(what) is empty", field: pointer)
  }

  /// An empty text is an absent one.
  private func present(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    return text
  }
}
