/// Text of documents inside plain text accounting, where some characters mean something.
enum PlainText {
  /// One line without control characters, and with a blank for each of `forbidden`.
  static func oneLine(_ text: String, without forbidden: Set<Unicode.Scalar> = []) -> String {
    var result = ""
    var wasBlank = true
    for scalar in text.unicodeScalars {
      let isBlank =
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format || forbidden.contains(scalar)
      if !isBlank {
        result.unicodeScalars.append(scalar)
      } else if !wasBlank {
        result.append(" ")
      }
      wasBlank = isBlank
    }
    return result.hasSuffix(" ") ? String(result.dropLast()) : result
  }
}
