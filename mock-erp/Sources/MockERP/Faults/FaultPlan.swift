/// Decides which planted fault meets which call.
///
/// A probability is drawn from the seed, the rule, the call's operation, company and first key, and how
/// often the rule has met these: the same requests meet the same faults, however calls interleave.
public actor FaultPlan {
  /// What a rule is matched against.
  public struct Subject: Hashable, Sendable {
    public let dialect: String
    public let company: String?
    public let operation: String
    public let keys: [String]

    public init(dialect: String, company: String?, operation: String, keys: [String]) {
      self.dialect = dialect
      self.company = company
      self.operation = operation
      self.keys = keys
    }
  }

  /// A rule and what became of it.
  public struct Entry: Hashable, Sendable {
    public let rule: FaultRule
    /// Calls that were like the match, whether or not the rule acted.
    public fileprivate(set) var matched = 0
    public fileprivate(set) var acted = 0
  }

  private let seed: UInt64
  private var list: [Entry] = []
  private var draws: [UInt64: UInt32] = [:]

  public init(_ rules: [FaultRule] = [], seed: UInt64) {
    self.seed = seed
    list = rules.map { Entry(rule: $0) }
  }

  public var entries: [Entry] { list }

  /// Replaces all rules; their counts and draws begin anew.
  public func set(_ rules: [FaultRule]) {
    list = rules.map { Entry(rule: $0) }
    draws = [:]
  }

  /// The first rule that acts on this call; nil when none does.
  public func next(for subject: Subject) -> FaultRule? {
    for index in list.indices where list[index].rule.match.fits(subject) {
      list[index].matched += 1
      let entry = list[index]
      let calls = entry.rule.match.calls
      if !calls.isEmpty, !calls.contains(entry.matched) { continue }
      if let times = entry.rule.times, entry.acted >= times { continue }
      if let probability = entry.rule.probability,
        draw(rule: index, for: subject) >= probability
      {
        continue
      }
      list[index].acted += 1
      return entry.rule
    }
    return nil
  }

  /// A number from 0 up to 1.
  private func draw(rule: Int, for subject: Subject) -> Double {
    var hash = StableHash(seed)
    hash.add(String(rule))
    hash.add(subject.dialect)
    hash.add(subject.operation)
    hash.add(subject.company ?? "")
    hash.add(subject.keys.first ?? "")
    let turn = draws[hash.value, default: 0]
    draws[hash.value] = turn + 1
    hash.add(String(turn))
    return Double(hash.mixed >> 11) / Double(UInt64(1) << 53)
  }
}

extension FaultRule.Match {
  func fits(_ subject: FaultPlan.Subject) -> Bool {
    Self.fits(dialect, subject.dialect) && Self.fits(company, subject.company ?? "")
      && Self.fits(operation, subject.operation)
      && (externalKey == nil || subject.keys.contains { Self.fits(externalKey, $0) })
  }

  private static func fits(_ pattern: String?, _ text: String) -> Bool {
    guard let pattern else { return true }
    guard pattern.hasSuffix("*") else { return pattern == text }
    return text.hasPrefix(pattern.dropLast())
  }
}

/// A hash that is the same in every process: FNV-1a, finished by the mixer of SplitMix64.
private struct StableHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ seed: UInt64) { add(String(seed)) }

  mutating func add(_ text: String) {
    for byte in text.utf8 { step(byte) }
    step(0)
  }

  private mutating func step(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  var mixed: UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
