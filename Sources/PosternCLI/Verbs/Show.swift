internal import ArgumentParser
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// One document.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one document: where it stands, entries, attempts, ERP numbers, timeline.")

  @Argument(help: ArgumentHelp("The document: SOURCE/TYPE/ID.", valueName: "id"))
  var id: String

  @Flag(help: "Also what each attempt sent to the ERP and what came back, without secrets.")
  var exchanges = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    guard let identity = DocumentIdentity(id) else {
      throw Problem(
        code: "usage", pointer: id, detail: "This is no document's name",
        fix: "Write SOURCE/TYPE/ID, for instance billing-eu/invoice/INV-1")
    }
    let installation = try Installation(options)
    let store = try installation.openStore()
    let now = installation.clock.now
    let found = try store.read { queries in
      var report = try DocumentReport(identity, at: now, in: queries)
      if exchanges { try report?.readExchanges(in: queries) }
      return report
    }
    guard let report = found else {
      throw Problem(
        code: "not_found", pointer: id, detail: "No such document is here",
        fix: "See 'postern list documents', or 'postern list refused' for what was not taken")
    }
    if options.isJSON {
      var writer = JSONWriter()
      writer.write(report)
      Console.print(bytes: writer.bytes)
    } else {
      Console.print(DocumentReportText(report).text)
    }
  }
}
