import Ledger
import PostingEngine
import PostingRules

extension SQLQuerying {
  func ledgerItems(of document: DocumentNumber, before point: StorePoint) throws -> LedgerItems {
    var items: LedgerItems = [:]
    _ = try connection.all(Queries.openItems) {
      $0.bind(document.value)
      $0.bind(point.openItemChange)
      $0.bind(document.value)
    } read: { row in
      let currency = try row.currency(6)
      let functional = row.optionalText(7) == nil ? currency : try row.currency(7)
      let ledger = row.optionalText(0) ?? EntryHead.primaryLedger
      let part: OpenItem.Part = try row.word(1)
      items[ledger, default: [:]][part] = OpenItem(
        opened: Carrying(
          amount: Money(minorUnits: row.integer(2), currency),
          functional: Money(minorUnits: row.integer(3), functional)),
        open: Carrying(
          amount: Money(minorUnits: row.integer(4), currency),
          functional: Money(minorUnits: row.integer(5), functional)))
    }
    return items
  }

  func openAmount(
    of document: DocumentNumber, part: StoredOpenItemChange.Part
  ) throws -> Money {
    let amount = try connection.first(Queries.openAmount) {
      $0.bind(part.rawValue)
      $0.bind(part.rawValue)
      $0.bind(document.value)
    } read: {
      Money(minorUnits: $0.integer(0), try $0.currency(1))
    }
    guard let amount else {
      throw StoreFault.missing("document \(document.value)", file: connection.file)
    }
    return amount
  }

  func openItemChanges(by document: DocumentNumber) throws -> [StoredOpenItemChange] {
    try connection.all(Queries.openItemChangesBy) {
      $0.bind(document.value)
    } read: {
      try $0.openItemChange()
    }
  }
}

extension PreparedStatement {
  /// The columns of ``Queries/openItemChangesBy``.
  func openItemChange() throws -> StoredOpenItemChange {
    var functional: Money?
    if let units = optionalInteger(5) {
      functional = Money(minorUnits: units, try currency(6))
    }
    var change = StoredOpenItemChange(
      item: DocumentNumber(integer(0)), part: try word(1),
      ledger: optionalText(7) ?? EntryHead.primaryLedger, by: DocumentNumber(integer(2)),
      amount: Money(minorUnits: integer(3), try currency(4)), functional: functional)
    if optionalText(8) != nil { change.postingDate = try date(8) }
    if let entity = optionalText(9) {
      change.parties = DueParties(LegalEntityID(entity), LegalEntityID(text(10)))
    }
    return change
  }
}
