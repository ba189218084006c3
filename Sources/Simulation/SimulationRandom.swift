/// Random numbers that depend on a seed and a purpose alone: SplitMix64 (Steele, Lea, Flood 2014).
struct SimulationRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// - Parameter purpose: keeps draws for one thing apart from draws for another, so that leaving
  ///   out a part of a story changes nothing elsewhere.
  init(_ seed: UInt64, _ purpose: Int...) {
    state = seed
    for part in purpose {
      state = next() ^ UInt64(bitPattern: Int64(part))
    }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True in so many of a hundred draws.
  mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    precondition(!elements.isEmpty, "there is something to pick from")
    return elements[number(0...elements.count - 1)]
  }

  mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration { .milliseconds(number(range)) }
  mutating func seconds(_ range: ClosedRange<Int>) -> Duration {
    .milliseconds(number(range.lowerBound * 1_000...range.upperBound * 1_000))
  }
}
