internal import Foundation

/// How far long work is, on one line of standard error; silent when that is no terminal.
struct Progress {
  private let what: String
  private let isShown = Console.errorIsTerminal
  private let startedAt = ContinuousClock.now
  private var shownAt: ContinuousClock.Instant?

  private static let interval: Duration = .milliseconds(200)

  init(_ what: String) { self.what = what }

  mutating func show(_ count: Int) {
    guard isShown else { return }
    let now = ContinuousClock.now
    if let shownAt, now - shownAt < Progress.interval { return }
    shownAt = now
    let seconds = max((now - startedAt) / .seconds(1), 0.001)
    Console.writeError("\r\(count) \(what), \(Int(Double(count) / seconds))/s   ")
  }

  /// Clears the line.
  func finish() {
    if isShown, shownAt != nil { Console.writeError("\r\u{1B}[K") }
  }
}
