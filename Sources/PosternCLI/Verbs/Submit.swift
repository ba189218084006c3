internal import ArgumentParser
internal import Foundation
internal import Intake
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// Hands documents over.
struct Submit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hand documents over; one verdict each, after it is durable.",
    discussion: "Reads canonical JSON, NDJSON, UBL and CII. '-' is standard input.")

  @Argument(help: ArgumentHelp("Files with documents; '-' is standard input.", valueName: "file"))
  var files: [String]

  @Option(help: "The source they come through. Default: the document's own, then defaultSource.")
  var source: String?

  @Option(help: "The format: auto, json, ndjson, ubl or cii.")
  var format: IntakeFormat = .auto

  @Option(help: "The address of a running service; its key is in POSTERN_API_KEY.")
  var to: String?

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard to == nil else { return try await RemoteSubmission(self).run() }
    let installation = try Installation(options)
    let store = try installation.openBooks()
    let desk = installation.desk(commit: GroupCommit(store: store))
    let limits = installation.configuration.installation.limits
    let streams = try files.map { try DocumentFile($0, limits: limits) }
    var listing = VerdictListing(options)
    do {
      for (file, stream) in zip(files, streams) {
        try await desk.take(
          { try stream.next() }, format: format, from: source,
          onVerdicts: { listing.add($0, from: file) })
      }
    } catch {
      // What was taken until then is taken, and is said.
      listing.finish()
      throw error
    }
    listing.finish()
    if listing.totals.hasTrouble { throw ExitStatus.doneWithTrouble.code }
  }
}

extension IntakeFormat: ArgumentParser.ExpressibleByArgument {}
