extension MockBooks {
  /// What of a document no other has paid, in minor units of its currency; 0 for one that owes nothing.
  public func open(_ entry: BookedEntry) -> Int64 {
    let owed = entry.content.owed
    guard owed > 0 else { return 0 }
    let paid = allEntries.reduce(into: Int64(0)) { sum, other in
      for settlement in other.content.native?.settles ?? [] where settlement.serial == entry.serial
      {
        sum +=
          (try? ExactAmount.minorUnits(settlement.amount, decimals: other.content.decimals)) ?? 0
      }
    }
    return owed - paid
  }

  /// - Throws: when a document pays what is not there, not as much, or another's.
  func checkSettlements(of content: EntryContent, in company: String) throws(Refusal) {
    for (index, settlement) in (content.native?.settles ?? []).enumerated() {
      let field = "/settles/\(index)"
      guard let entry = entry(serial: settlement.serial), entry.company == company,
        entry.content.currency == content.currency, entry.content.owed > 0
      else {
        throw Refusal(
          code: "unknown_document", message: "There is no such document to pay", field: field)
      }
      guard
        let amount = try? ExactAmount.minorUnits(settlement.amount, decimals: content.decimals),
        amount <= open(entry)
      else {
        throw Refusal(
          code: "over_settled", message: "\(entry.number) owes less than that", field: field)
      }
    }
  }
}

extension EntryContent {
  /// What its customer owes by the document: debits of lines with a party; minor units.
  var owed: Int64 {
    lines.reduce(0) { $0 + ($1.party != nil && $1.side == .debit ? $1.amount : 0) }
  }

  /// This content in the place of an earlier one of the same key.
  func changing(_ earlier: EntryContent) -> EntryContent {
    guard native?.change == .addLines else { return self }
    return EntryContent(
      externalKey: externalKey, postingDate: postingDate, documentDate: documentDate,
      currency: currency, functionalCurrency: functionalCurrency, senderNumber: senderNumber,
      reference: reference, description: description, lines: earlier.lines + lines, native: native)
  }
}
