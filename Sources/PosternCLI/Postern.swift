internal import ArgumentParser
internal import Glibc

@main struct Postern: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postern",
    abstract: "Approved documents in, balanced journal entries out, once, into every ERP.",
    discussion: """
      A document is named SOURCE/TYPE/ID. Every verb takes --config DIR (default: \
      POSTERN_CONFIG, then ./postern) and --output table|json.

      Exit status: 0 done; 1 done with exceptions or differences (listed); 2 usage or \
      configuration; 3 the work could not be done.
      """,
    version: "0.1.0",
    groupedSubcommands: [
      CommandGroup(
        name: "Set up", subcommands: [Init.self, Check.self, Rules.self, Adapters.self, Keys.self]),
      CommandGroup(
        name: "Documents", subcommands: [Explain.self, Submit.self, Show.self, Reverse.self]),
      CommandGroup(
        name: "Delivery",
        subcommands: [Run.self, Serve.self, Status.self, Connections.self, Plan.self]),
      CommandGroup(
        name: "Finance",
        subcommands: [
          List.self, Exceptions.self, ReplayVerb.self, Reconcile.self, Ageing.self,
        ]),
      CommandGroup(
        name: "Month-end",
        subcommands: [
          Recognise.self, Accrue.self, Schedules.self, Rates.self, Revalue.self, Summarise.self,
        ]),
      CommandGroup(
        name: "Care",
        subcommands: [Backup.self, Restore.self, Audit.self, Simulate.self, Bench.self]),
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      leave(ExitStatus.done.code)
    } catch let status as ExitCode {
      leave(status)
    } catch let error where exitCode(for: error) == .validationFailure {
      Console.error(fullMessage(for: error))
      leave(ExitStatus.usage.code)
    } catch let error where exitCode(for: error) == .success {
      Console.print(fullMessage(for: error))
      leave(ExitStatus.done.code)
    } catch {
      leave(Failure(error).report())
    }
  }

  /// Ends the process without the libraries' clean-up at exit, which would pull OpenSSL away from
  /// under the thread that is still closing connections. All output is written by then.
  private static func leave(_ status: ExitCode) -> Never {
    fflush(nil)
    _exit(status.rawValue)
  }
}
