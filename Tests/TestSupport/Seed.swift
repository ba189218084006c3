import Foundation
import Testing

/// Where the randomness of one property test starts. Given as an argument, so a failure names it.
///
/// `PROPERTY_SEED=42` runs that seed alone; `PROPERTY_RUNS=5000` draws so many fresh ones.
package struct Seed: Hashable, Sendable, Codable, ExpressibleByIntegerLiteral {
  package let value: UInt64

  package init(_ value: UInt64) {
    self.value = value
  }

  package init(integerLiteral value: UInt64) {
    self.value = value
  }

  /// Seeds of every ordinary run. A seed that found a fault is added here.
  package static let fixed: [Seed] = (1...32).map { Seed($0) }

  /// Seeds chosen by this process's environment; ``fixed`` without a wish.
  package static let forThisRun = chosen(by: ProcessInfo.processInfo.environment)

  /// Seeds that `environment` asks for.
  ///
  /// - Parameter fallback: used when neither variable holds a number.
  package static func chosen(
    by environment: [String: String], fallback: [Seed] = fixed
  ) -> [Seed] {
    if let seed = environment["PROPERTY_SEED"].flatMap({ UInt64($0) }) {
      return [Seed(seed)]
    }
    if let runs = environment["PROPERTY_RUNS"].flatMap({ Int($0) }), runs > 0 {
      var random = SystemRandomNumberGenerator()
      return (0..<runs).map { _ in Seed(random.next()) }
    }
    return fallback
  }
}

extension Seed: CustomStringConvertible, CustomTestStringConvertible {
  package var description: String { "seed \(value)" }
  package var testDescription: String { "PROPERTY_SEED=\(value)" }
}
