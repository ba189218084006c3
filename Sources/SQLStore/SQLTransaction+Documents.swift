import Ledger
import PostingEngine
import PostingRules

extension SQLTransaction {
  func document(_ identity: DocumentIdentity) throws -> StoredDocument? {
    let statement = statements.documentOfIdentity
    statement.bind(identity)
    return try statement.first { try $0.document() }
  }

  func anyDocumentWaits() throws -> Bool { try statements.anyWait.first { _ in true } ?? false }

  func insert(_ document: NewDocument) throws -> DocumentNumber {
    try change {
      let number = DocumentNumber(writer.lastDocument + 1)
      let head = document.document
      let statement = statements.document
      statement.bind(number.value)
      statement.bind(head.identity)
      statement.bind(head.revision)
      statement.bind(head.entity.code)
      statement.bind(head.customer?.id)
      statement.bind(head.reference)
      statement.bind(head.documentDate)
      statement.bind(head.currency.code)
      statement.bind(document.state.rawValue)
      statement.bind(document.contentHash)
      statement.bind(document.acceptedAt.milliseconds)
      statement.bind(document.receivable?.minorUnits)
      let currency = document.receivable?.currency
      statement.bind(currency == head.currency ? nil : currency?.code)
      statement.bind(document.functionalReceivable?.differing(from: document.receivable))
      statement.bind(document.rate.map { StoredJSON($0).json })
      statement.bind(head.itemEntity == head.entity ? nil : head.itemEntity.code)
      try statement.run()
      let content = statements.content
      content.bind(number.value)
      content.bind(document.content)
      try content.run()
      changes.note(document.acceptedAt)
      changes.note(number, from: nil, to: document.state)
      writer.lastDocument = number.value
      lastDocument = (number, head.identity)
      recentEntries.removeAll(keepingCapacity: true)
      return number
    }
  }

  func setState(_ state: DocumentState, of document: DocumentNumber) throws {
    try change {
      try changes.note(document, to: state, before: statements.stateOfDocument)
      let statement = statements.documentState
      statement.bind(state.rawValue)
      statement.bind(document.value)
      try statement.run()
      guard statement.changes == 1 else {
        throw StoreFault.missing("document \(document.value)", file: connection.file)
      }
    }
  }

  func setConversion(
    receivable: Carrying?, rate: ExchangeRate?, of document: DocumentNumber
  ) throws {
    try changeOne(Statements.setConversion, "document \(document.value)") {
      $0.bind(receivable?.amount.minorUnits)
      $0.bind(receivable?.functional.differing(from: receivable?.amount))
      $0.bind(rate.map { StoredJSON($0).json })
      $0.bind(receivable?.amount.currency.code)
      $0.bind(receivable?.amount.currency.code)
      $0.bind(document.value)
    }
  }

  func insert(_ change: StoredOpenItemChange) throws {
    try self.change {
      let statement = statements.openItemChange
      statement.bind(change.item.value)
      statement.bind(change.part.rawValue)
      statement.bind(change.by.value)
      statement.bind(change.amount.minorUnits)
      statement.bind(change.amount.currency.code)
      let functional = change.functional.differing(from: change.amount)
      statement.bind(functional)
      statement.bind(functional == nil ? nil : change.functional.currency.code)
      statement.bind(change.ledger == EntryHead.primaryLedger ? nil : change.ledger)
      statement.bind(change.postingDate)
      statement.bind(change.parties?.entity.code)
      statement.bind(change.parties?.partner.code)
      try statement.run()
    }
  }

  func insert(_ record: EntryRecord, of document: DocumentNumber) throws {
    try change {
      let number = writer.lastEntry + 1
      let total = try insertLines(of: record, entry: number)
      let head = record.entry.head
      let isOwnSource =
        lastDocument?.number == document && lastDocument?.identity == head.source.document
      let source = isOwnSource ? nil : head.source.document
      let rulesVersion = try writer.ids.id(ofRulesVersion: head.rulesVersion)
      let statement = statements.entry
      statement.bind(number)
      statement.bind(record.key.text)
      statement.bind(record.set.text)
      statement.bind(document.value)
      statement.bind(head.legalEntity.code)
      statement.bind(head.ledger)
      statement.bind(head.kind.rawValue)
      statement.bind(head.postingDate)
      statement.bind(head.documentDate)
      statement.bind(head.currency.code)
      statement.bind(head.functionalCurrency.code)
      statement.bind(head.rate.map { StoredJSON($0).json })
      statement.bind(head.reference)
      statement.bind(head.description)
      statement.bind(source?.source)
      statement.bind(source?.type.rawValue)
      statement.bind(source?.id)
      statement.bind(head.source.revision)
      statement.bind(head.source.sequence)
      statement.bind(head.reverses)
      statement.bind(rulesVersion)
      statement.bind(record.entry.lines.count)
      statement.bind(total)
      statement.bind(head.movedFrom)
      try statement.run()
      writer.lastEntry = number
      recentEntries[record.key] = (number, document)
    }
  }

  /// Stores the lines before their entry, which is when the database checks their sums.
  ///
  /// - Returns: the sum of the debits in minor units of the functional currency.
  private func insertLines(of record: EntryRecord, entry: Int64) throws -> Int64 {
    let lines = record.entry.lines
    guard !lines.isEmpty else {
      throw Problem(
        code: "entry_without_lines", detail: "Entry \(record.key) has no lines",
        fix: "Store no entry where there is nothing to post")
    }
    var total: Int128 = 0
    let description = record.entry.head.description
    let statement = statements.line
    for index in lines.indices {
      let line = lines[index]
      let reason = try writer.ids.id(of: line.reason)
      if line.side == .debit { total += Int128(line.functionalAmount.minorUnits) }
      statement.bind(entry)
      statement.bind(index + 1)
      statement.bind(line.role.rawValue)
      statement.bind(line.account.code)
      statement.bind(line.side == .debit ? 1 : -1 as Int64)
      statement.bind(line.amount.minorUnits)
      statement.bind(line.functionalAmount.minorUnits)
      statement.bind(line.party)
      statement.bind(line.tax.map { StoredJSON($0).json })
      statement.bind(line.dimensions.isEmpty ? nil : StoredJSON(line.dimensions).json)
      statement.bind(line.description == description ? nil : line.description)
      statement.bind(reason)
      statement.bind(line.partner?.code)
      try statement.run()
    }
    guard let units = Int64(exactly: total) else {
      throw Problem(
        code: "amount_too_large", detail: "The debits of entry \(record.key) are too large to add",
        fix: "Split the document")
    }
    return units
  }
}

extension Money {
  /// Its minor units where it is in another currency than `amount`.
  fileprivate func differing(from amount: Money?) -> Int64? {
    currency == amount?.currency ? nil : minorUnits
  }
}
