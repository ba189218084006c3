internal import ArgumentParser
internal import Ledger
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// Actions that wait for a second person.
extension Exceptions {
  struct Proposals: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Actions that wait for a second person.")

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let store = try Installation(options).openStore()
      var listing = Listing(
        options, "proposals",
        [("Id", .right), ("At", .left), ("By", .left), ("Exceptions", .right), ("Action", .left)])
      for proposal in try store.read({ try $0.openProposals() }) {
        listing.add(
          [
            String(proposal.id ?? 0), proposal.at.text, proposal.actor,
            String(proposal.exceptions.count), proposal.action.text,
          ]) { $0.write(proposal) }
      }
      listing.finish(empty: "Nothing waits for a second person.")
    }
  }

  struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Carry out what another person proposed.")

    @Argument(help: "The proposal's id.")
    var id: Int64
    @OptionGroup var who: ActorOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let installation = try Installation(options)
      let desk = installation.exceptionDesk(try installation.openStore())
      let (_, rows) = try await desk.run(as: who.actor).approve(id)
      ActionListing(rows: rows, isDryRun: false).print(options)
      if rows.contains(where: \.result.isOpen) { throw ExitStatus.doneWithTrouble.code }
    }
  }

  struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put away what somebody proposed; nothing is done.")

    @Argument(help: "The proposal's id.")
    var id: Int64
    @OptionGroup var who: ActorOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
      let installation = try Installation(options)
      let desk = installation.exceptionDesk(try installation.openStore())
      var proposal = try await desk.run(as: who.actor).reject(id)
      proposal.state = .rejected
      if options.isJSON {
        var writer = JSONWriter()
        writer.write(proposal)
        Console.print(bytes: writer.bytes)
      } else {
        Console.print("Rejected: \(proposal.action.text).")
      }
    }
  }
}
