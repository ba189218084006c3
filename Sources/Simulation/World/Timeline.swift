import Ledger

/// What happens later, in the order of time; things of one moment in the order they were added.
struct Timeline {
  private struct Item {
    let at: Moment
    let number: Int
    let happen: () -> Void

    func isBefore(_ other: Item) -> Bool { (at, number) < (other.at, other.number) }
  }

  /// A binary heap, the earliest first.
  private var items: [Item] = []
  private var added = 0

  mutating func add(at moment: Moment, _ happen: @escaping () -> Void) {
    items.append(Item(at: moment, number: added, happen: happen))
    added += 1
    var child = items.count - 1
    while child > 0, items[child].isBefore(items[(child - 1) / 2]) {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the earliest out; nil when nothing is left, or nothing until `end`.
  mutating func next(until end: Moment) -> (at: Moment, happen: () -> Void)? {
    guard let first = items.first, first.at <= end else { return nil }
    let last = items.removeLast()
    if !items.isEmpty {
      items[0] = last
      sink()
    }
    return (first.at, first.happen)
  }

  mutating func removeAll() { items.removeAll() }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < items.count && items[child].isBefore(items[least]) {
        least = child
      }
      guard least != parent else { return }
      items.swapAt(parent, least)
      parent = least
    }
  }
}
