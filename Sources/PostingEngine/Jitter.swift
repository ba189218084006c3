internal import Synchronization

/// A random source that many tasks draw from; from a seed, so that a run can be repeated.
package final class Jitter: Sendable {
  private let state: Mutex<UInt64>

  package init(seed: UInt64) { state = Mutex(seed) }

  /// SplitMix64 (Steele, Lea and Flood, 2014).
  func next() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// A generator that draws from this source.
  package struct Generator: RandomNumberGenerator, Sendable {
    let source: Jitter
    package mutating func next() -> UInt64 { source.next() }
  }

  package var generator: Generator { Generator(source: self) }
}
