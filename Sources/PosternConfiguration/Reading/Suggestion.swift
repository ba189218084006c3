/// Finds the known name that was probably meant.
enum Suggestion {
  /// How many letters may be wrong, missing, too many or swapped, for each so many letters.
  private static let lettersPerFault = 3
  /// Names that a message lists.
  private static let mostListed = 24
  /// Longer words are no mistyped names.
  private static let longestWord = 64
  /// Shorter parts of words are chance.
  private static let shortestPart = 4

  /// The nearest of `names`, ignoring case; nil when none is near. The first wins among equals.
  static func nearest(to word: String, in names: [String]) -> String? {
    guard word.count <= longestWord else { return nil }
    let folded = word.lowercased()
    let allowed = max(1, folded.count / lettersPerFault)
    var best: (name: String, distance: Int)?
    for name in names {
      let distance = distance(folded, name.lowercased())
      if distance <= allowed, distance < (best?.distance ?? .max) { best = (name, distance) }
    }
    return best?.name ?? names.first { isPart($0.lowercased(), of: folded) }
  }

  /// Whether one contains the other: `functionalCurrency` for `currency`.
  private static func isPart(_ name: String, of word: String) -> Bool {
    min(name.count, word.count) >= shortestPart && (word.hasSuffix(name) || name.hasSuffix(word))
  }

  /// `Did you mean 'x'?`, or else what is known.
  static func fix(for word: String, known names: [String]) -> String {
    if let name = nearest(to: word, in: names) { return "Did you mean '\(name)'?" }
    if names.isEmpty { return "Remove it" }
    let more = names.count > mostListed ? " and \(names.count - mostListed) more" : ""
    return "Known here: \(names.prefix(mostListed).joined(separator: ", "))\(more)"
  }

  /// The optimal string alignment distance: a swap of neighbours counts once.
  private static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      for column in 1...right.count {
        let change = left[row - 1] == right[column - 1] ? 0 : 1
        current[column] = min(
          previous[column] + 1, current[column - 1] + 1, previous[column - 1] + change)
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          current[column] = min(current[column], beforePrevious[column - 2] + 1)
        }
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
