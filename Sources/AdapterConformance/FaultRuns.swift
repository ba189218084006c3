import AdapterKit
import Ledger

/// Many entries, each with a fault at random, posted as the engine posts: nothing twice, nothing lost.
public struct FaultRuns: Sendable {
  public let count: Int
  public let seed: UInt64

  public init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  /// What came of them; a bench that can break nothing shows nothing.
  public func run(on bench: any ConformanceBench) async throws -> ConformanceCheck.Result {
    var broken = 0
    var random = SplitMix(state: seed)
    var findings: [String] = []
    // Whole amounts, and one of a single minor unit, which rounding would lose.
    let currency = bench.functionalCurrency
    let samples = [SampleEntry.plain(1, currency)] + SampleEntry.amounts(currency).prefix(1)
    var block: [(number: Int, submission: Submission, end: SampleEnd)] = []
    for number in 0..<count where findings.count < 10 {
      let run = bench.run ^ (seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number) &+ 1)
      let submission = SampleEntry.inRun(run, samples[number % samples.count])
      let faults = FaultRuns.faults
      for _ in 0..<Int(random.next() % 3) {
        let fault = faults[Int(random.next() % UInt64(faults.count))]
        if try await bench.arrange(fault) { broken += 1 }
      }
      block.append((number, submission, try await bench.post(submission)))
      guard block.count == FaultRuns.blockSize || number == count - 1 else { continue }
      // The books are read once for many entries, as some are read as a whole.
      let booked = try await bench.booked(Set(block.map(\.submission.key)))
      for (number, submission, end) in block {
        if let finding = fault(in: booked[submission.key] ?? [], of: submission, end) {
          findings.append("entry \(number) of seed \(seed) \(finding)")
        }
      }
      block = []
    }
    guard findings.isEmpty else { return .failed(findings) }
    return broken > 0 ? .passed : .notApplicable("The bench can break nothing")
  }

  /// Entries that are compared with the books in one go.
  private static let blockSize = 500

  /// What is wrong with an entry that ended so.
  private func fault(
    in booked: [BookedPosting], of submission: Submission, _ end: SampleEnd
  ) -> String? {
    let expected = end == .posted ? 1...1 : end == .unclear ? 0...1 : 0...0
    guard expected.contains(booked.count) else {
      return "ended \(end) and is booked \(booked.count) times"
    }
    let lines = submission.entry.lines.map {
      BookedPosting.Line(account: $0.account, side: $0.side, amount: $0.amount)
    }
    return booked.contains { $0.lines != lines } ? "is booked with other lines" : nil
  }

  private static let faults: [ConformanceFault] = [
    .loseAnswer, .dropRequest, .garbleAnswer, .throttle, .refuse(text: "Period is closed"),
    .answer(status: 500), .answer(status: 502), .answer(status: 503, retryAfter: 1),
    .answer(status: 504), .bookThenAnswer(status: 504), .answer(status: 200, body: "{"),
    .loseVerdict,
  ]
}

/// SplitMix64: the same numbers for the same seed.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
