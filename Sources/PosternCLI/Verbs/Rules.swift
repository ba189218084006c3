internal import ArgumentParser
internal import PosternConfiguration
internal import StrictJSON

/// The rules that finance owns.
struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Try the rules, and put them in force.",
    subcommands: [Test.self, RulesDiff.self, RulesActivate.self])

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the cases of tests/*.yaml: documents and the lines they must give.")

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let installation = try Installation(options)
      let results = installation.configuration.ruleTests.map { test in
        RuleTestResult(test, installation.explainer)
      }
      var listing = Listing(
        options, "tests", [("Test", .left), ("Result", .left), ("Differences", .left)])
      for result in results {
        listing.add(
          [
            result.name, result.passes ? "passes" : "fails",
            result.differences.joined(separator: "; "),
          ]
        ) { writer in
          writer.object { writer in
            writer.key("name")
            writer.string(result.name)
            writer.key("place")
            writer.string(result.place)
            writer.key("passes")
            writer.bool(result.passes)
            writer.key("differences")
            writer.array { writer in for text in result.differences { writer.string(text) } }
          }
        }
      }
      listing.finish(empty: "No rule tests: write some in tests/*.yaml.")
      if results.contains(where: { !$0.passes }) { throw ExitStatus.doneWithTrouble.code }
    }
  }
}
