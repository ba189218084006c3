/// What exceptions of one cause have in common, as text.
package enum Fingerprint {
  /// The parts of a cause, joined.
  package static func text(_ parts: [String]) -> String {
    parts.map { $0.replacing("|", with: "||") }.joined(separator: " | ")
  }

  /// A place in a document without its running numbers: `/lines/3/net` is `/lines/#/net`.
  package static func withoutDigits(_ pointer: String) -> String {
    var result = ""
    var isInNumber = false
    for character in pointer {
      let isDigit = character.isASCII && character.isNumber
      if isDigit, !isInNumber { result.append("#") }
      if !isDigit { result.append(character) }
      isInNumber = isDigit
    }
    return result
  }
}
