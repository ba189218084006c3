internal import ArgumentParser
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// Compensates a posted document in its ERPs.
struct Reverse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reverse a posted document by entries of their own.",
    discussion: """
      Everything the document gave is reversed, and its open items are given back. What was never \
      sent is cancelled. A document that others settle is refused: reverse those first. Asked \
      again, it changes nothing and shows what there is. 'postern run' or 'serve' delivers the \
      reversals.
      """)

  @Argument(help: ArgumentHelp("The document: SOURCE/TYPE/ID.", valueName: "id"))
  var id: String

  @Option(
    help: ArgumentHelp(
      "The earliest posting date, YYYY-MM-DD; without it that of each entry.", valueName: "date"))
  var on: String?

  @Option(help: "Why; kept in the audit trail.")
  var reason = "no reason given"

  @Flag(help: "Only show the entries it would make.")
  var dryRun = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let identity = try document()
    let day = try day()
    let installation = try Installation(options)
    let store = try installation.openStore()
    let reversal = Reversal(installation.acceptance.compensation, actor: "operator")
    let result: Reversal.Result
    if dryRun {
      result = try store.read { try reversal.preview(identity, on: day, in: $0) }
    } else {
      let now = installation.clock.now
      result = try await GroupCommit(store: store).write { [reason] in
        try reversal.reverse(identity, on: day, reason: reason, at: now, in: $0)
      }
    }
    show(result)
  }

  private func document() throws -> DocumentIdentity {
    guard let identity = DocumentIdentity(id) else {
      throw Problem(
        code: "usage", pointer: id, detail: "This is no document's name",
        fix: "Write SOURCE/TYPE/ID, for instance billing-eu/invoice/INV-1")
    }
    return identity
  }

  private func day() throws -> CalendarDate? {
    try on.map { try CalendarDate(option: $0, of: "--on") }
  }

  private func show(_ result: Reversal.Result) {
    if options.isJSON {
      var writer = JSONWriter()
      writer.write(result, isDryRun: dryRun)
      return Console.print(bytes: writer.bytes)
    }
    var table = TextTable([
      ("Entity", .left), ("Ledger", .left), ("Date", .left), ("Amount", .right),
      ("Reverses", .left), ("Key", .left), ("State", .left),
    ])
    for record in result.reversals {
      let head = record.entry.head
      table.add([
        head.legalEntity.code, head.ledger, head.postingDate.text,
        record.entry.total?.description ?? "", head.reverses ?? "", record.key.text,
        result.cancelled.contains(record.key) ? "never sent" : "to the ERP",
      ])
    }
    Console.print(table.text(width: Console.width))
    Console.print(
      result.isRepeat
        ? "Reversed already; the document is \(result.document.state.rawValue)."
        : dryRun ? "Nothing was written." : "The document is \(result.document.state.rawValue).")
    guard result.document.identity.type == .periodRun else { return }
    Console.print(
      "A month-end run is taken back as a whole, also what a void had given back already: "
        + "run it again to book what is due then.")
  }
}
