internal import ArgumentParser

/// Loads of any size made from a seed, each measured against a yardstick of the same run.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure on this machine: rates, ratios to a yardstick of the same run, memory.",
    discussion: "Works in a folder of its own and removes it. Build with '-c release' for figures.",
    subcommands: [
      BenchIntake.self, BenchRules.self, BenchAdapter.self, BenchAPI.self, BenchPost.self,
      BenchExceptions.self,
    ])
}
