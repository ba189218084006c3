internal import Foundation

/// Standard output and error, written whole.
enum Console {
  static func print(_ text: String) { write(text + "\n", to: .standardOutput) }

  static func print(bytes: [UInt8]) {
    try? FileHandle.standardOutput.write(contentsOf: Data(bytes + [UInt8(ascii: "\n")]))
  }

  static func error(_ text: String) { write(text + "\n", to: .standardError) }

  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal; nil when standard output is none.
  static var width: Int? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  static func writeError(_ text: String) { write(text, to: .standardError) }

  static func write(_ text: String) { write(text, to: .standardOutput) }

  private static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
