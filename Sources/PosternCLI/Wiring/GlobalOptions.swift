internal import ArgumentParser
internal import Foundation
internal import Logging

/// What every verb takes.
struct GlobalOptions: ParsableArguments {
  enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case table, json }

  @OptionGroup var place: PlaceOptions

  @Option(help: "How results are printed: a table for people, or one JSON value.")
  var output: OutputFormat = .table

  var folder: String { place.folder }

  var isJSON: Bool { output == .json }

  func logger() -> Logger { place.logger() }
}

/// Which configuration, and how loud.
struct PlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration folder. Default: POSTERN_CONFIG, then ./postern.", valueName: "dir"))
  var config: String?

  @Option(help: "The least important messages to log: trace, debug, info, notice, warning, error.")
  var logLevel: LogLevel = .info

  @Option(help: "How messages are logged on standard error: text or json.")
  var logFormat: LogFormat = .text

  var folder: String {
    config ?? ProcessInfo.processInfo.environment["POSTERN_CONFIG"] ?? "./postern"
  }

  func logger() -> Logger {
    var logger = Logger(label: "postern") { _ in StandardErrorLog(format: logFormat) }
    logger.logLevel = logLevel.level
    return logger
  }
}

/// The levels of the log, as an option.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case trace, debug, info, notice, warning, error

  var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
