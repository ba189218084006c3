/// One thing that is wrong: what and why, where, and what to do next.
public struct Problem: Error, Hashable, Sendable {
  /// Stable, for programs: `too_many_decimals`. Each has a section in `docs/problems.md`.
  public let code: String
  /// Where: a JSON pointer, an XPath, or a file with its line; empty for the whole.
  public let pointer: String
  /// What failed and why, for the accountant on duty.
  public let detail: String
  /// What to do next.
  public let fix: String

  public init(code: String, pointer: String = "", detail: String, fix: String) {
    self.code = code
    self.pointer = pointer
    self.detail = detail
    self.fix = fix
  }

  /// The same problem, found below `prefix`.
  public func below(_ prefix: String) -> Problem {
    Problem(code: code, pointer: prefix + pointer, detail: detail, fix: fix)
  }
}
