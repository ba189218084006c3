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

  @Argument(
    help: ArgumentHelp(
      "The document: SOURCE/TYPE/ID; or its id or reference, an entry's key, or an ERP's number.",
      valueName: "document"))
  var name: String

  @Flag(help: "Also what each attempt sent to the ERP and what came back, without secrets.")
  var exchanges = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    let store = try installation.openStore()
    let now = installation.clock.now
    let report = try store.read { queries in
      var report = try find(at: now, in: queries)
      if exchanges { try report.readExchanges(in: queries) }
      return report
    }
    if options.isJSON {
      var writer = JSONWriter()
      writer.write(report)
      Console.print(bytes: writer.bytes)
    } else {
      Console.print(DocumentReportText(report).text)
    }
  }

  private func find(at now: Moment, in queries: any PostingQueries) throws -> DocumentReport {
    if let identity = DocumentIdentity(name),
      let report = try DocumentReport(identity, at: now, in: queries)
    {
      return report
    }
    var filter = ListFilter()
    filter.name = name
    let identities = Set(try queries.documents(filter).map(\.identity))
    guard let identity = identities.first,
      let report = try DocumentReport(identity, at: now, in: queries)
    else {
      throw Problem(
        code: "not_found", pointer: name, detail: "No such document is here",
        fix: "See 'postern list documents', or 'postern list refused' for what was not taken")
    }
    guard identities.count == 1 else {
      throw Problem(
        code: "ambiguous_name", pointer: name,
        detail: "It names "
          + identities.map(\.description).sorted().joined(separator: ", "),
        fix: "Write one of them as it stands here")
    }
    return report
  }
}
