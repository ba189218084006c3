package import Ledger

/// Collects what is found in the files of one folder, and puts it in the order of the files.
///
/// Used by one reader at a time.
package final class FindingList {
  private var entries: [(place: FilePlace, finding: ConfigurationFinding)] = []

  package init() {}

  package func error(_ code: String, _ place: FilePlace, _ detail: String, fix: String) {
    add(.error, code, place, detail, fix: fix)
  }

  package func add(
    _ severity: ConfigurationFinding.Severity, _ code: String, _ place: FilePlace, _ detail: String,
    fix: String
  ) {
    let problem = Problem(
      code: code, pointer: place.description, detail: Self.clipped(detail), fix: Self.clipped(fix))
    append(ConfigurationFinding(severity, problem), at: place)
  }

  package func add(_ problem: Problem, at place: FilePlace) {
    append(ConfigurationFinding(.error, problem), at: place)
  }

  private func append(_ finding: ConfigurationFinding, at place: FilePlace) {
    entries.append((place, finding))
    if finding.severity == .error { errorCount += 1 }
  }

  /// A key or value of a file may be of any length; a message is not.
  private static let longestText = 1_000

  private static func clipped(_ text: String) -> String {
    text.count <= longestText ? text : text.prefix(longestText) + "…"
  }

  package var hasErrors: Bool { errorCount > 0 }

  package private(set) var errorCount = 0

  /// By file and line; what concerns one line in the order in which it was found, each once.
  package var sorted: [ConfigurationFinding] {
    var seen: Set<ConfigurationFinding> = []
    return entries.enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
      .map(\.element.finding)
      .filter { seen.insert($0).inserted }
  }
}
