internal import ArgumentParser
internal import Intake
internal import Ledger
internal import PosternConfiguration
internal import PostingEngine
internal import PostingRules

/// Parsed documents in memory to entries with their reasons, on one core.
struct BenchRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Documents in memory to entries with their reasons, on one core.")

  @Option(help: "How many invoices.")
  var documents = 50_000
  @Option(help: "Lines in each.")
  var lines = 4
  @Option(help: "The seed they are made from.")
  var seed: UInt64 = 1
  @Option(help: "How often the whole is converted; the best is printed as well.")
  var rounds = 5

  func run() throws {
    let folder = try BenchFolder()
    defer { folder.remove() }
    let installation = try Installation(folder.options())
    let reader = installation.reader
    let source = BenchDocuments(seed: seed, lineCount: lines)
    var parsed: [Document] = []
    parsed.reserveCapacity(documents)
    let reading = Stopwatch()
    for number in 0..<documents {
      guard case .document(let document) = reader.read(source.invoice(number)) else {
        throw Problem(
          code: "bench_refused", detail: "The benchmark's own documents were not accepted",
          fix: "Run 'postern bench rules' from a clean build")
      }
      parsed.append(document)
    }
    Console.print(
      "reading: \((reading.seconds / Double(documents) * 1e6).text(1)) µs a document, "
        + "made and read")
    var converter = Converter(installation.configuration.rules)
    var rates: [Double] = []
    for _ in 0..<max(rounds, 1) {
      var lines = 0
      let watch = Stopwatch()
      for document in parsed {
        if case .entries(let entries, _) = converter.convert(document) {
          for entry in entries { lines += entry.lines.count }
        }
      }
      rates.append(Double(lines) / watch.seconds)
    }
    rates.sort()
    Console.print(
      "rules: \(rates[rates.count / 2].text()) journal lines/s on one core (median of "
        + "\(rates.count); best \((rates.last ?? 0).text())) (goal: 1,000,000)")
  }
}
