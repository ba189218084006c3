internal import ArgumentParser
internal import Intake
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import PostingRules
internal import StrictJSON

/// Shows what documents would give.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Show the entries documents would give, line by line with the reason for each account.",
    discussion: "Writes nothing, and looks at nothing that is stored but the configuration.")

  @Argument(help: ArgumentHelp("Files with documents; '-' is standard input.", valueName: "file"))
  var files: [String]

  @Option(help: "The source they come through. Default: the document's own, then defaultSource.")
  var source: String?

  @Option(help: "The format: auto, json, ndjson, ubl or cii.")
  var format: IntakeFormat = .auto

  @Flag(help: "Also list the rows of the account tables that lost, and why.")
  var considered = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    var pieces: [DocumentPiece] = []
    var origins: [String] = []
    for file in files {
      let stream = try DocumentFile(file, limits: installation.configuration.installation.limits)
      while let piece = try stream.next() {
        pieces.append(piece)
        origins.append(file)
      }
    }
    let explanations = installation.explainer.explain(pieces, format: format, from: source)
    if options.isJSON {
      var writer = JSONWriter(capacity: 1 << 16)
      writer.write(explanations)
      Console.print(bytes: writer.bytes)
    } else {
      for (explanation, file) in zip(explanations, origins) {
        Console.print(
          ExplanationText(explanation, from: file, showsConsidered: considered).text)
      }
      if installation.configuration.hasSampleRates,
        explanations.contains(where: \.usesSampleRates)
      {
        Console.print("Note: exchange rates of the source SAMPLE are samples, not market rates.")
      }
    }
    if explanations.contains(where: { $0.verdict.kind != .accepted }) {
      throw ExitStatus.doneWithTrouble.code
    }
  }
}

extension DocumentExplanation {
  /// Whether a sample rate converted any of its entries.
  fileprivate var usesSampleRates: Bool {
    entries.contains { $0.entry.head.rate?.source == "SAMPLE" }
  }
}
