internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Simulation
internal import StrictJSON

/// The engine under faults, reproducible by seed.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play the engine against simulated ERPs under faults, reproducible by seed.",
    discussion: """
      Every seed is a story: documents, ERPs of several kinds, and what goes wrong (processes that \
      die, lost and late answers, leases that lapse, closed periods, a full disk …). When it is \
      over, every promise of the design is checked against the ERPs' own books. A story that \
      breaks one is shortened and told. Needs no configuration.
      """)

  @Option(help: ArgumentHelp("The first and the last seed: 1..500.", valueName: "a..b"))
  var seeds = SeedRange(first: 1, last: 100)

  @Option(help: "Threads. Default: one for each core.")
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Switches a guarantee off, to see that it is missed: "
        + Sabotage.allCases.map(\.rawValue).joined(separator: ", ") + "."))
  var sabotage: Sabotage?

  @Option(help: "How results are printed: text for people, or one JSON value.")
  var output: GlobalOptions.OutputFormat = .table

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is 1 or more.") }
  }

  func run() throws {
    let threads = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let start = ContinuousClock.now
    let report = try SeedRun(
      seeds: seeds.first...seeds.last, sabotage: sabotage, jobs: threads
    ).play()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if output == .json {
      printJSON(report, seconds: seconds, jobs: threads)
    } else {
      printText(report, seconds: seconds, jobs: threads)
    }
    if !report.failures.isEmpty { throw ExitStatus.doneWithTrouble.code }
  }

  private func printText(_ report: SeedRun.Report, seconds: Double, jobs: Int) {
    for failure in report.failures {
      guard let violation = failure.violation else { continue }
      Console.print(
        "Seed \(failure.story.seed) breaks \(violation.promise.rawValue): \(violation.detail)")
      for line in failure.story.text { Console.print("  \(line)") }
      Console.print("  What happened, in time since the start:")
      for line in failure.history { Console.print("    \(line)") }
    }
    let rate = Double(report.played) / max(seconds, 0.001)
    Console.print(
      "\(report.played) seeds, \(report.documents) documents, \(report.bookings) bookings, "
        + "\(report.events) events, \(report.failures.count) failures; "
        + "\(Simulate.text(rate)) seeds/s on \(jobs) threads")
  }

  private func printJSON(_ report: SeedRun.Report, seconds: Double, jobs: Int) {
    var writer = JSONWriter()
    writer.object { writer in
      let counts = [
        ("seeds", report.played), ("documents", report.documents), ("bookings", report.bookings),
        ("events", report.events), ("milliseconds", Int(seconds * 1_000)), ("threads", jobs),
      ]
      for (name, count) in counts {
        writer.key(name)
        writer.number(count)
      }
      writer.key("failures")
      writer.array { writer in
        for failure in report.failures { Simulate.write(failure, to: &writer) }
      }
    }
    Console.print(bytes: writer.bytes)
  }

  private static func write(_ failure: Simulator.Outcome, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("seed")
      writer.string(String(failure.story.seed))
      writer.key("promise")
      writer.string(failure.violation?.promise.rawValue ?? "")
      writer.key("detail")
      writer.string(failure.violation?.detail ?? "")
      for (name, lines) in [("story", failure.story.text), ("history", failure.history)] {
        writer.key(name)
        writer.array { writer in
          for line in lines { writer.string(line) }
        }
      }
    }
  }

  private static func text(_ rate: Double) -> String {
    let tenths = Int((rate * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

/// `A..B`, both included.
struct SeedRange: ExpressibleByArgument {
  let first: UInt64
  let last: UInt64

  init(first: UInt64, last: UInt64) {
    self.first = first
    self.last = last
  }

  init?(argument: String) {
    let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first.flatMap({ UInt64($0) }) else { return nil }
    switch parts.count {
    case 1: self.init(first: first, last: first)
    case 3:
      guard parts[1].isEmpty, let last = UInt64(parts[2]), last >= first else { return nil }
      self.init(first: first, last: last)
    default: return nil
    }
  }

  var defaultValueDescription: String { "\(first)..\(last)" }
}

extension Sabotage: ExpressibleByArgument {}
