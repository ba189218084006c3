/// Why a call to a process has no answer.
struct ProcessFailure: Error, Hashable {
  /// Whether the process may have acted on it.
  let mayHaveActed: Bool
  let detail: String

  static func notSent(_ detail: String) -> ProcessFailure {
    ProcessFailure(mayHaveActed: false, detail: detail)
  }
  static func lost(_ detail: String) -> ProcessFailure {
    ProcessFailure(mayHaveActed: true, detail: detail)
  }
}
