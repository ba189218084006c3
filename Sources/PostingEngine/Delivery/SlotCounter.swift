package import Ledger

/// How much happened within the last stretch of time, counted in slots of equal length.
///
/// Errs on the side of too much: what is in a slot counts until the whole slot is older than the
/// span. Small enough for a month, and its slots can be kept in a store.
package struct SlotCounter: Hashable, Sendable {
  package let slotLength: Duration
  package let span: Duration
  private var slots: [Slot] = []
  /// Before it every slot is too old.
  private var first = 0
  private var sum = 0

  private struct Slot: Hashable {
    var index: Int64
    var count: Int
  }

  package init(slotLength: Duration, span: Duration) {
    precondition(slotLength > .zero && span >= slotLength, "a span holds a slot")
    self.slotLength = slotLength
    self.span = span
  }

  /// The number of the slot that a moment falls into.
  package static func slot(of moment: Moment, length: Duration) -> Int64 {
    let (quotient, rest) = moment.milliseconds.quotientAndRemainder(
      dividingBy: length.wholeMilliseconds)
    return rest < 0 ? quotient - 1 : quotient
  }

  package mutating func add(_ count: Int, at now: Moment) {
    add(count, slot: SlotCounter.slot(of: now, length: slotLength))
  }

  /// Adds what a store kept. A slot earlier than the last one counts in the last one.
  package mutating func add(_ count: Int, slot index: Int64) {
    guard count > 0 else { return }
    sum += count
    if first < slots.count, let last = slots.indices.last, slots[last].index >= index {
      slots[last].count += count
    } else {
      slots.append(Slot(index: index, count: count))
    }
  }

  package func total(at now: Moment) -> Int {
    var total = sum
    for slot in slots[first...] {
      guard end(of: slot) + span <= now else { break }
      total -= slot.count
    }
    return total
  }

  /// When no more than `most` are counted, if nothing is added; `now` when that is so already.
  package func moment(whenAtMost most: Int, at now: Moment) -> Moment {
    var total = sum
    var moment = now
    for slot in slots[first...] {
      let end = end(of: slot) + span
      if end > now {
        guard total > most else { break }
        moment = end
      }
      total -= slot.count
    }
    return moment
  }

  /// Lets go of what no longer counts.
  package mutating func forget(at now: Moment) {
    while first < slots.count, end(of: slots[first]) + span <= now {
      sum -= slots[first].count
      first += 1
    }
    if first > SlotCounter.mostForgotten {
      slots.removeFirst(first)
      first = 0
    }
  }

  /// The clock was set back by so much.
  package mutating func moveBack(by back: Duration) {
    let slotsBack = back.wholeMilliseconds / slotLength.wholeMilliseconds
    for index in slots.indices { slots[index].index -= slotsBack }
  }

  private static let mostForgotten = 64

  private func end(of slot: Slot) -> Moment {
    Moment(milliseconds: (slot.index + 1) * slotLength.wholeMilliseconds)
  }
}
