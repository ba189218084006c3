import Ledger
import PostingEngine
import PostingRules

extension SQLQuerying {
  func dues(of document: DocumentNumber, before point: StorePoint) throws -> [IntercompanyDue] {
    try connection.all(DueStatements.ofDocument) {
      $0.bind(document.value)
      $0.bind(point.openItemChange)
    } read: {
      try $0.due()
    }
  }

  func openDues(_ filter: DueFilter) throws -> [IntercompanyDue] {
    let ignored = "[" + filter.ignored.map { String($0.value) }.joined(separator: ",") + "]"
    return try connection.all(
      filter.parties == nil ? DueStatements.allOpen : DueStatements.openBetween
    ) {
      if let parties = filter.parties {
        $0.bind(parties.entity.code)
        $0.bind(parties.partner.code)
      }
      $0.bind(filter.point.openItemChange)
      $0.bind(ignored)
      $0.bind(filter.day)
    } read: {
      try $0.due()
    }
  }
}

private enum DueStatements {
  static let ofDocument = select(where: "c.item = ? AND c.entity IS NOT NULL AND c.number < ?")
  static let allOpen = open(where: "c.entity IS NOT NULL")
  static let openBetween = open(
    where: "(c.entity, c.partner) IN (SELECT ?1, ?2 UNION ALL SELECT ?2, ?1)")

  /// A due counts from the day on which the document that opened it reached the books.
  private static func open(where condition: String) -> String {
    select(
      where:
        "\(condition) AND c.number < ? AND c.by_document NOT IN (SELECT value FROM json_each(?))")
        + """

        HAVING (sum(c.amount) <> 0 OR sum(coalesce(c.functional, c.amount)) <> 0)
          AND min(coalesce(c.posting_date, (SELECT min(e.posting_date) FROM entries e
            WHERE e.document = c.by_document AND e.ledger = coalesce(c.ledger, 'primary')))) <= ?
        ORDER BY c.item, c.ledger, c.part, c.entity, c.partner
        """
  }

  private static func select(where condition: String) -> String {
    """
    SELECT d.source, d.type, d.id, coalesce(c.ledger, 'primary'), c.entity, c.partner, c.part,
      c.currency, max(c.functional_currency), sum(max(c.amount, 0)),
      sum(max(coalesce(c.functional, c.amount), 0) * (c.amount > 0)), sum(c.amount),
      sum(coalesce(c.functional, c.amount))
    FROM open_item_changes c JOIN documents d ON d.number = c.item
    WHERE \(condition)
    GROUP BY c.item, c.ledger, c.part, c.entity, c.partner, c.currency
    """
  }
}

extension PreparedStatement {
  /// The columns of the statements above.
  fileprivate func due() throws -> IntercompanyDue {
    let currency = try currency(7)
    let functional = optionalText(8) == nil ? currency : try self.currency(8)
    return IntercompanyDue(
      document: DocumentIdentity(source: text(0), type: try word(1), id: text(2)),
      ledger: text(3), parties: DueParties(LegalEntityID(text(4)), LegalEntityID(text(5))),
      part: try word(6),
      item: OpenItem(
        opened: Carrying(
          amount: Money(minorUnits: integer(9), currency),
          functional: Money(minorUnits: integer(10), functional)),
        open: Carrying(
          amount: Money(minorUnits: integer(11), currency),
          functional: Money(minorUnits: integer(12), functional))))
  }
}
