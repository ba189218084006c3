public import AdapterKit
import Foundation
import Ledger

/// A descriptor as data: what is kept with each release, so that no change goes unnoticed.
public struct DescriptorFacts: Hashable, Sendable {
  /// By name, every fact as text.
  public let facts: [String: String]

  /// - Parameter capabilities: those that the adapter has beyond submitting.
  public init(_ descriptor: AdapterDescriptor, _ capabilities: Set<AdapterCapability>) {
    func list(_ texts: some Sequence<String>) -> String { texts.sorted().joined(separator: " ") }
    func limit(_ number: Int?) -> String { number.map(String.init) ?? "none" }
    func seconds(_ duration: Duration) -> String { "\(duration.components.seconds) s" }
    let currencies =
      switch descriptor.amounts.currencies {
      case .any: "any"
      case .functional: "functional"
      case .only(let known): list(known.map(\.code))
      }
    facts = [
      "entryKinds": list(descriptor.entryKinds.map(\.rawValue)),
      "nativeDocuments": list(descriptor.nativeDocuments.map(\.rawValue)),
      "wantsDocuments": String(descriptor.wantsDocuments),
      "batchSize": String(descriptor.maximumBatchSize),
      "batchIsAtomic": String(descriptor.batchIsAtomic),
      "maximumLines": String(descriptor.maximumLines),
      "idempotency": descriptor.idempotency.rawValue,
      "keyLifetime": descriptor.keyMemory.lifetime.map(seconds) ?? "ever",
      "keyScope": descriptor.keyMemory.scope.rawValue,
      "keyLength": limit(descriptor.keyField.length),
      "keyAlphabet": descriptor.keyField.alphabet.rawValue,
      "keyPrefix": descriptor.keyField.prefix,
      "confirmation": descriptor.confirmation.rawValue,
      "quietPeriod": seconds(descriptor.quietPeriod),
      "concurrency": limit(descriptor.rate.concurrency),
      "perSecond": limit(descriptor.rate.perSecond),
      "perMinute": limit(descriptor.rate.perMinute),
      "perDay": limit(descriptor.rate.perDay),
      "rateScope": descriptor.rate.scope.rawValue,
      "functionalAmounts": String(descriptor.carriesFunctionalAmounts),
      "decimals": limit(descriptor.amounts.decimals),
      "largestAmount": descriptor.amounts.largest.map { String($0) } ?? "none",
      "currencies": currencies,
      "zeroAmounts": String(descriptor.amounts.takesZeroAmounts),
      "taxMode": descriptor.taxMode.rawValue,
      "reversal": descriptor.reversal.rawValue,
      "debris": descriptor.debris.rawValue,
      "capabilities": list(capabilities.map(\.rawValue)),
    ]
  }

  /// - Throws: when the bytes are no JSON object of texts.
  public init(json: [UInt8]) throws {
    facts = try JSONDecoder().decode([String: String].self, from: Data(json))
  }

  /// One object, its members in order, each on a line of its own.
  public var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(facts) else {
      preconditionFailure("texts can be written as JSON")
    }
    return [UInt8](data) + [UInt8(ascii: "\n")]
  }

  /// A sentence for each fact that has changed.
  public func changes(since release: DescriptorFacts) -> [String] {
    Set(facts.keys).union(release.facts.keys).sorted().compactMap { name in
      let (now, before) = (facts[name], release.facts[name])
      guard now != before else { return nil }
      return "\(name) was '\(before ?? "not said")' in the last release and is "
        + "'\(now ?? "not said")'"
    }
  }

  /// What a certificate says of it; `release` is nil where none is kept.
  public func entry(comparedWith release: DescriptorFacts?) -> Certificate.Entry {
    let result: ConformanceCheck.Result
    if let release {
      let changes = changes(since: release)
      result = changes.isEmpty ? .passed : .failed(changes)
    } else {
      result = .notApplicable("No descriptor of a release is kept: 'postern adapters describe'")
    }
    return Certificate.Entry(.gold, "is described as in its last release", result)
  }
}
