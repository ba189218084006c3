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
    let day = periods.map(\.lastDay).max() ?? .last
    let (balances, dues) = try store.read {
      (
        try $0.intercompanyBalances(through: day), try $0.openDues(DueFilter(through: day))
      )
    }
    let wanted = Set(try installation.entities(entities).map(\.entity.id))
    func isWanted(_ parties: DueParties) -> Bool {
      entities.isEmpty || wanted.contains(parties.entity) || wanted.contains(parties.partner)
    }
    check = IntercompanyCheck(
      balances.filter { isWanted(DueParties($0.entity, $0.partner)) },
      dues: dues.filter { isWanted($0.parties) }
    ) { ledger, entity in
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
        ]) { $0.write(pair, check.unmatched) }
    }
    listing.finish(empty: "No entity owes another anything.")
    guard !options.isJSON else { return }
    for part in check.unmatched {
      Console.print(
        "\(part.document): \(part.pair.creditor) has \(part.pair.dueFrom) due from "
          + "\(part.pair.debtor), which has \(part.pair.dueTo) due to it")
    }
  }
}

extension JSONWriter {
  fileprivate mutating func write(
    _ pair: IntercompanyCheck.Pair, _ unmatched: [IntercompanyCheck.Unmatched]
  ) {
    object { writer in
      for (name, text) in [
        ("ledger", pair.ledger), ("creditor", pair.creditor.code), ("debtor", pair.debtor.code),
        ("currency", pair.dueFrom.currency.code), ("dueFrom", pair.dueFrom.text),
        ("dueTo", pair.dueTo.text), ("difference", pair.difference.text),
      ] {
        writer.key(name)
        writer.string(text)
      }
      writer.key("unmatched")
      writer.array { writer in
        for part in unmatched where part.pair.isOf(pair) {
          writer.object { writer in
            for (name, text) in [
              ("document", part.document.description), ("dueFrom", part.pair.dueFrom.text),
              ("dueTo", part.pair.dueTo.text),
            ] {
              writer.key(name)
              writer.string(text)
            }
          }
        }
      }
    }
  }
}
