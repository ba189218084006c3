internal import AdapterKit
internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import PosternConfiguration

/// An error on its way to a person: what, where, what to do, and the exit status.
struct Failure {
  private let problems: [Problem]
  private let status: ExitStatus

  /// Codes of problems that the caller can put right in the command line or the configuration.
  private static let usageCodes: Set<String> = [
    "keys_required", "unknown_source", "usage", "folder_not_empty", "no_configuration",
    "unknown_connection", "unknown_entity", "reason_missing", "rules_not_activated",
    "second_person_needed", "unknown_adapter", "nothing_to_verify",
  ]

  init(_ error: any Error) {
    switch error {
    case let faults as ConfigurationFaults:
      problems = faults.problems
      status = .usage
    case let problem as Problem:
      problems = [problem]
      status = Failure.usageCodes.contains(problem.code) ? .usage : .failed
    case let fault as SettingsFault:
      problems = fault.problems
      status = .usage
    case let faults as ConnectionFaults:
      problems = faults.problems
      status = .usage
    case let error as CocoaError where error.filePath != nil:
      problems = [
        Problem(
          code: "file_unwritable", pointer: error.filePath ?? "",
          detail: error.localizedDescription,
          fix: "Check the rights of the file and of its folder, and the space on the disk")
      ]
      status = .failed
    default:
      problems = [
        Problem(
          code: "failed", detail: String(describing: error),
          fix: "Look at the message; run again with --log-level debug for more")
      ]
      status = .failed
    }
  }

  /// Says what is wrong on standard error.
  func report() -> ExitCode {
    for problem in problems { Console.error(problem.text) }
    return status.code
  }
}

extension Problem {
  /// For people: `postern: code at place: detail` and what to do.
  var text: String {
    let place = pointer.isEmpty ? "" : " at \(pointer)"
    return "postern: \(code)\(place): \(detail)" + (fix.isEmpty ? "" : "\n  fix: \(fix)")
  }
}
