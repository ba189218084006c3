public import Foundation

/// A file that says what is expected. `UPDATE_GOLDEN=1 swift test` rewrites it, and the test fails all
/// the same so that the difference gets read.
public struct GoldenFile: Sendable {
  public let path: String
  private let isRewriting: Bool

  public init(
    _ path: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.path = path
    isRewriting = environment["UPDATE_GOLDEN"] == "1"
  }

  /// Where a test's fixtures are: the folder `Fixtures` beside the test's file.
  public static func fixtures(besides file: String) -> String {
    URL(fileURLWithPath: file).resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("Fixtures").path
  }

  /// The first difference for people; nil when the file holds `bytes`.
  ///
  /// - Throws: when the file cannot be written, only while rewriting.
  public func difference(from bytes: [UInt8]) throws -> String? {
    let expected = FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    guard expected != bytes else { return nil }
    if isRewriting {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
      return "\(path) was rewritten: read the difference"
    }
    guard let expected else { return "\(path) is missing" }
    let lines = zip(Self.lines(expected), Self.lines(bytes))
    for (number, (left, right)) in lines.enumerated() where left != right {
      return "\(path), line \(number + 1): expected \(left), got \(right)"
    }
    return "\(path) has \(expected.count) bytes, got \(bytes.count)"
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
  }
}
