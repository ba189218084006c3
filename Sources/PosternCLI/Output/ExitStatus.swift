internal import ArgumentParser

/// What the exit status of every verb means.
enum ExitStatus: Int32 {
  case done = 0
  /// Done, with exceptions or differences, which were listed.
  case doneWithTrouble = 1
  /// The command line or the configuration is wrong.
  case usage = 2
  /// The work could not be done.
  case failed = 3

  var code: ExitCode { ExitCode(rawValue) }
}
