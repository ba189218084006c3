internal import ArgumentParser
internal import Ledger
internal import PosternService
internal import SQLStore
internal import StrictJSON

/// The audit trail.
struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the audit trail.", subcommands: [Verify.self])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recompute the hash chain; name the first record that was changed.")

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let problem = try Installation(options).openStore().verifyAuditChain()
      if options.isJSON {
        var writer = JSONWriter()
        writer.object { writer in
          writer.key("intact")
          writer.bool(problem == nil)
          if let problem {
            writer.key("problem")
            writer.write(problem)
          }
        }
        Console.print(bytes: writer.bytes)
      } else {
        Console.print(problem?.text ?? "The chain is intact.")
      }
      if problem != nil { throw ExitStatus.doneWithTrouble.code }
    }
  }
}
