import Ledger

/// Takes discounts off the lines they belong to: those of the same tax category and rate, in
/// proportion to their net amounts, by largest remainder.
enum DiscountSpread {
  private struct Key: Hashable {
    let category: TaxCategory?
    let rate: ExactDecimal?

    init(line index: Int, taxes: TaxGroups) {
      let key = taxes.firstGroup(ofLine: index).map { taxes.groups[$0].key }
      category = key?.category
      rate = key?.rate
    }
  }

  /// The net amount of each line after discounts, in minor units; nil when there is no discount. A
  /// discount that finds no line with a positive amount keeps its own.
  static func nets(of lines: [DocumentLine], taxes: TaxGroups) -> [Int64]? {
    guard lines.contains(where: { $0.kind == .discount }) else { return nil }
    var nets = lines.map(\.net.minorUnits)
    var discounts: [Key: [Int]] = [:]
    var receivers: [Key: [Int]] = [:]
    for (index, line) in lines.enumerated() {
      if line.kind == .discount {
        discounts[Key(line: index, taxes: taxes), default: []].append(index)
      } else if nets[index] > 0 {
        receivers[Key(line: index, taxes: taxes), default: []].append(index)
      }
    }
    for (key, places) in discounts {
      guard let receivers = receivers[key],
        let total = try? Money.sum(places.map { lines[$0].net }, in: lines[places[0]].net.currency)
      else { continue }
      let shares = total.shared(by: receivers.map { nets[$0] })
      for (place, share) in zip(receivers, shares) { nets[place] += share.minorUnits }
      for place in places { nets[place] = 0 }
    }
    return nets
  }
}
