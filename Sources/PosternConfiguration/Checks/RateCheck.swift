import Ledger
import PostingRules

/// Checks that the exchange rates that will be asked for are there.
struct RateCheck {
  let contents: FolderContents
  let findings: FindingList

  private struct Pair: Hashable, Comparable {
    let from: Currency
    let to: Currency

    static func < (left: Pair, right: Pair) -> Bool {
      (left.from, left.to) < (right.from, right.to)
    }
  }

  func run() {
    for (file, count) in contents.sampleRates {
      findings.add(
        .notice, "sample_rates", FilePlace(file: file),
        "\(count) exchange rates are samples (source \(LoadedConfiguration.sampleRateSource))",
        fix: "Replace them with your own before you post real documents")
    }
    for entity in contents.entities { check(entity) }
  }

  private func check(_ entity: EntityReader.Parsed) {
    let policies = entity.rules.policies
    let rows = contents.rates.filter { row in
      (policies.rateType == nil || row.type == policies.rateType)
        && (policies.rateSource == nil || row.rate.source == policies.rateSource)
    }
    if rows.isEmpty, !contents.rates.isEmpty {
      findings.add(
        .warning, "rate_missing", entity.place,
        "No exchange rate has the type and source that the policies of "
          + "\(entity.rules.entity.id) ask for",
        fix: "Correct rateType or rateSource, or add such rates")
      return
    }
    let pairs = Set(rows.map { Pair(from: $0.rate.from, to: $0.rate.to) })
    let functional = entity.rules.entity.functionalCurrency
    for currency in neighbours(of: entity).sorted() where currency != functional {
      guard !pairs.contains(Pair(from: currency, to: functional)) else { continue }
      findings.add(
        .warning, "rate_missing", entity.place,
        "There is no exchange rate from \(currency) to \(functional), the currency of "
          + "\(entity.rules.entity.id)",
        fix: "Add it to a file in rates/: date,from,to,rate,type,source")
    }
  }

  /// The currencies of the entity's groups and of the money accounts it may use.
  private func neighbours(of entity: EntityReader.Parsed) -> Set<Currency> {
    let rules = entity.rules
    let members = contents.entityRules.filter { other in
      other.groups.contains { rules.groups.contains($0) }
    }
    let accounts = contents.bankAccounts.accounts.values.filter {
      $0.entity == rules.entity.id
    }
    return Set(members.map(\.entity.functionalCurrency) + accounts.compactMap(\.currency))
  }
}
