internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import PostingRules
internal import SQLStore
internal import StrictJSON

/// What entities owe one another, as both sides have it.
struct IntercompanyListing {
  let check: IntercompanyCheck

  /// - Parameters:
  ///   - periods: through the end of the last of them; none means everything.
  ///   - entities: only pairs with one of them; none means all.
  init(
    _ installation: Installation, _ store: SQLStore, periods: [FiscalPeriod],
    entities: [String]
  ) throws {
    let rules = installation.configuration.rules.entities
    let balances = try store.read {
      try $0.intercompanyBalances(through: periods.map(\.lastDay).max() ?? .last)
    }
    let wanted = balances.filter { balance in
      entities.isEmpty || entities.contains(balance.entity.code)
        || entities.contains(balance.partner.code)
    }
    check = IntercompanyCheck(wanted) { ledger, entity in
      rules[entity]?.ledger(ledger) != nil
    }
  }

  func show(_ options: GlobalOptions) {
    var listing = Listing(
      options, "intercompany",
      [
        ("Ledger", .left), ("Due from", .left), ("To", .left), ("In books of creditor", .right),
        ("In books of debtor", .right), ("Difference", .right),
      ])
    for pair in check.pairs {
      listing.add(
        [
          pair.ledger, pair.debtor.code, pair.creditor.code, pair.dueFrom.description,
          pair.dueTo.description, pair.difference.description,
        ]) { $0.write(pair) }
    }
    listing.finish(empty: "No entity owes another anything.")
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ pair: IntercompanyCheck.Pair) {
    object { writer in
      for (name, text) in [
        ("ledger", pair.ledger), ("creditor", pair.creditor.code), ("debtor", pair.debtor.code),
        ("currency", pair.dueFrom.currency.code), ("dueFrom", pair.dueFrom.text),
        ("dueTo", pair.dueTo.text), ("difference", pair.difference.text),
      ] {
        writer.key(name)
        writer.string(text)
      }
    }
  }
}
