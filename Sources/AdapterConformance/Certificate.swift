import Ledger

/// What an adapter was put through, and how it came out.
public struct Certificate: Sendable {
  /// One check and its result.
  public struct Entry: Sendable {
    public let level: CertificateLevel
    public let name: String
    public let result: ConformanceCheck.Result

    public init(
      _ level: CertificateLevel, _ name: String, _ result: ConformanceCheck.Result
    ) {
      self.level = level
      self.name = name
      self.result = result
    }
  }

  public let adapter: String
  public let asked: CertificateLevel
  public let entries: [Entry]

  public init(adapter: String, asked: CertificateLevel, entries: [Entry]) {
    self.adapter = adapter
    self.asked = asked
    self.entries = entries
  }

  /// The highest level up to which nothing failed and something was shown; nil below bronze.
  public var level: CertificateLevel? {
    var reached: CertificateLevel?
    for level in CertificateLevel.allCases where level <= asked {
      let own = entries.filter { $0.level == level }
      guard own.allSatisfy({ $0.result.faults.isEmpty }), own.contains(where: \.isPassed) else {
        break
      }
      reached = level
    }
    return reached
  }

  /// A certificate for people.
  public var markdown: String {
    var text = "# Certificate of \(adapter): \(level?.rawValue ?? "none")\n"
    for level in CertificateLevel.allCases where level <= asked {
      text += "\n## \(level.rawValue)\n\n"
      for entry in entries where entry.level == level {
        switch entry.result {
        case .passed: text += "- passed: \(entry.name)\n"
        case .failed(let faults):
          text += "- **failed**: \(entry.name): \(faults.joined(separator: "; "))\n"
        case .notApplicable(let reason): text += "- skipped: \(entry.name): \(reason)\n"
        }
      }
    }
    return text
  }

  /// Runs every check up to a level.
  ///
  /// - Parameters:
  ///   - faultRuns: entries posted with faults at random, for gold.
  ///   - more: results that were found elsewhere, as those of recorded exchanges.
  ///   - bench: a fresh one for each check.
  public static func examine(
    _ adapter: String, level: CertificateLevel, faultRuns: FaultRuns, more: [Entry] = [],
    bench: () async throws -> any ConformanceBench
  ) async throws -> Certificate {
    var entries = more
    for check in ConformanceCheck.all where check.level <= level {
      let bench = try await bench()
      let result = try await outcome { try await check.run(on: bench) }
      entries.append(Entry(check.level, check.name, result))
    }
    if level == .gold {
      let bench = try await bench()
      let result = try await outcome { try await faultRuns.run(on: bench) }
      entries.append(
        Entry(
          .gold, "posts \(faultRuns.count) entries with faults at random, nothing twice or lost",
          result))
    }
    return Certificate(adapter: adapter, asked: level, entries: entries)
  }

  /// A check that cannot be made to its end fails, and the others are still made.
  private static func outcome(
    _ check: () async throws -> ConformanceCheck.Result
  ) async throws -> ConformanceCheck.Result {
    do {
      return try await check()
    } catch let problem as Problem {
      return .failed([problem.detail])
    }
  }
}

extension Certificate.Entry {
  var isPassed: Bool { result == .passed }
}
