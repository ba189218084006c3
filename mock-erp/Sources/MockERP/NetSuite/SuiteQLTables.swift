extension SuiteQL {
  /// The tables that can be queried. Every value is a text, dates are ISO 8601, flags are `T` and `F`,
  /// an empty text is NULL.
  struct Tables: Sendable {
    let directory: NetSuiteDirectory
    /// Codes that exist as soon as somebody asks for them, where a company takes any.
    var mentions: [String] = []

    func known(
      _ table: String, in books: MockBooks
    ) async throws(Trouble) -> [[String: String]] {
      let known = masterTables.union([
        "transaction", "transactionline", "transactionaccountingline",
      ])
      guard known.contains(table) else {
        throw SuiteQLTokens.invalid("Record '\(table)' was not found")
      }
      return await rows(of: table, in: books)
    }

    func rows(of table: String, in books: MockBooks) async -> [[String: String]] {
      switch table {
      case "transaction": await books.allEntries.map(transaction)
      case "transactionline": await books.allEntries.flatMap(lines)
      case "transactionaccountingline": await books.allEntries.flatMap(accountingLines)
      case "accountingperiod": await periods(in: books)
      case "account": await accounts(in: books)
      case "subsidiary": await subsidiaries(in: books)
      case "currency": currencies
      case "customer", "entity": await customers(in: books)
      case "department": names(.department, "name")
      case "classification": names(.classification, "name")
      case "location": names(.location, "name")
      case "item": names(.item, "itemid")
      case "salestaxitem": names(.taxCode, "itemid")
      default: []
      }
    }

    // MARK: Transactions

    private func transaction(_ entry: BookedEntry) -> [String: String] {
      let content = entry.content
      let record = NetSuiteRecord(path: content.native?.kind ?? "") ?? .journalEntry
      let total = content.lines.reduce(Int64(0)) { $0 + ($1.side == .debit ? $1.amount : 0) }
      return [
        "id": NetSuite.id(of: entry.serial), "tranid": entry.number,
        "externalid": content.externalKey.hasPrefix(NetSuiteReader.noExternalID)
          ? "" : content.externalKey,
        "type": record.typeCode, "recordtype": record.rawValue.lowercased(),
        "trandate": content.postingDate,
        "postingperiod": NetSuitePeriod.id(of: content.period) ?? "",
        "memo": content.description ?? "",
        "currency": directory.id(of: content.currency, .currency), "exchangerate": content.rate,
        "entity": content.lines.compactMap(\.party).first
          .map { directory.id(of: $0, .customer) } ?? "",
        "foreigntotal": ExactAmount.text(total, decimals: content.decimals), "posting": "T",
        "voided": "F", "isreversal": content.native?.facts["isReversal"] == nil ? "F" : "T",
        "createddate": Timestamp.text(entry.postedAt),
      ]
    }

    private func lines(_ entry: BookedEntry) -> [[String: String]] {
      let content = entry.content
      return content.lines.enumerated().map { index, line in
        let amount = ExactAmount.text(line.amount, decimals: content.decimals)
        var row = [
          "transaction": NetSuite.id(of: entry.serial), "id": String(index),
          "linesequencenumber": String(index), "mainline": index == 0 ? "T" : "F",
          "subsidiary": directory.id(of: entry.company, .subsidiary),
          "memo": line.description ?? "",
          "entity": line.party.map { directory.id(of: $0, .customer) } ?? "",
          "foreignamount": (line.side == .credit ? "-" : "") + amount,
          "debitforeignamount": line.side == .debit ? amount : "",
          "creditforeignamount": line.side == .credit ? amount : "",
        ]
        for (name, kind) in NetSuiteReader.dimensions {
          row[name] = line.dimensions[name].map { directory.id(of: $0, kind) } ?? ""
        }
        for (name, value) in line.dimensions where name.hasPrefix("custcol") { row[name] = value }
        return row
      }
    }

    private func accountingLines(_ entry: BookedEntry) -> [[String: String]] {
      let content = entry.content
      return content.lines.enumerated().map { index, line in
        let amount = ExactAmount.text(
          line.functionalAmount, decimals: content.functionalDecimals)
        return [
          "transaction": NetSuite.id(of: entry.serial), "transactionline": String(index),
          "account": directory.id(of: line.account, .account), "accountingbook": "1",
          "posting": "T", "exchangerate": content.rate,
          "amount": (line.side == .credit ? "-" : "") + amount,
          "debit": line.side == .debit ? amount : "",
          "credit": line.side == .credit ? amount : "",
        ]
      }
    }

    // MARK: Master data

    private func accounts(in books: MockBooks) async -> [[String: String]] {
      var seeded: [String: CompanySeed.Account] = [:]
      if await takesAny(\.acceptsAnyAccount, in: books) { admit(.account) }
      for code in await books.companyCodes {
        for account in await books.company(code)?.accounts ?? [] {
          seeded[account.number] = account
          _ = directory.id(of: account.number, .account)
        }
      }
      return directory.all(.account).map { id, code in
        [
          "id": id, "acctnumber": code, "externalid": code,
          "accountsearchdisplayname": "\(code) \(seeded[code]?.name ?? code)",
          "fullname": seeded[code]?.name ?? code,
          "isinactive": seeded[code]?.blocked == true ? "T" : "F",
        ]
      }
    }

    private func customers(in books: MockBooks) async -> [[String: String]] {
      guard await takesAny(\.acceptsAnyParty, in: books) else {
        return rows(.customer, "entityid")
      }
      return names(.customer, "entityid")
    }

    private func takesAny(
      _ any: (MockBooks.CompanyCard) -> Bool, in books: MockBooks
    ) async -> Bool {
      let codes = await books.companyCodes
      guard !codes.isEmpty else { return await books.company("") != nil }
      for code in codes {
        if let card = await books.company(code), any(card) { return true }
      }
      return false
    }

    private func admit(_ kind: NetSuiteDirectory.Kind) {
      for code in mentions { _ = directory.id(of: code, kind) }
    }

    private func subsidiaries(in books: MockBooks) async -> [[String: String]] {
      var rows: [[String: String]] = []
      for code in await books.companyCodes { _ = directory.id(of: code, .subsidiary) }
      for code in mentions where await books.company(code) != nil {
        _ = directory.id(of: code, .subsidiary)
      }
      for (id, code) in directory.all(.subsidiary) {
        let card = await books.company(code)
        rows.append([
          "id": id, "name": card?.name ?? code, "externalid": code, "isinactive": "F",
          "currency": card?.functionalCurrency.map { directory.id(of: $0, .currency) } ?? "",
        ])
      }
      return rows
    }

    private var currencies: [[String: String]] {
      for code in mentions where CurrencyTable.decimals(of: code) != nil {
        _ = directory.id(of: code, .currency)
      }
      for code in ["EUR", "USD", "GBP", "CHF", "JPY", "BHD"] {
        _ = directory.id(of: code, .currency)
      }
      return directory.all(.currency).map { id, code in
        [
          "id": id, "symbol": code, "name": code, "externalid": code, "isinactive": "F",
          "currencyprecision": CurrencyTable.decimals(of: code).map(String.init) ?? "",
        ]
      }
    }

    private func names(
      _ kind: NetSuiteDirectory.Kind, _ column: String
    ) -> [[String: String]] {
      admit(kind)
      return rows(kind, column)
    }

    private func rows(
      _ kind: NetSuiteDirectory.Kind, _ column: String
    ) -> [[String: String]] {
      directory.all(kind).map { id, code in
        [
          "id": id, column: code, "externalid": code, "name": code, "fullname": code,
          "isinactive": "F",
        ]
      }
    }

    /// A period is closed as soon as one company has closed it.
    private func periods(in books: MockBooks) async -> [[String: String]] {
      var closed: Set<String> = []
      for code in await books.companyCodes {
        for period in await books.company(code)?.periods ?? [] where period.state == .closed {
          closed.insert(period.period)
        }
      }
      return NetSuitePeriod.all.map { month in
        let flag = closed.contains(month) ? "T" : "F"
        return [
          "id": NetSuitePeriod.id(of: month) ?? "", "periodname": NetSuitePeriod.name(of: month),
          "startdate": month + "-01", "enddate": month + "-" + NetSuitePeriod.lastDay(of: month),
          "closed": flag, "alllocked": flag, "arlocked": flag, "aplocked": flag,
          "isadjust": "F", "isquarter": "F", "isyear": "F", "isposting": "T",
        ]
      }
    }
  }
}

extension NetSuitePeriod {
  fileprivate static func lastDay(of month: String) -> String {
    (28...31).last { CalendarDay("\(month)-\($0)") != nil }.map(String.init) ?? "28"
  }
}
