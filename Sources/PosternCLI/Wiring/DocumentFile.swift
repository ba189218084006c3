internal import Foundation
internal import Intake
internal import Ledger

/// The documents in a file or on standard input, read in chunks: memory does not grow with it.
final class DocumentFile {
  private let handle: FileHandle
  private let path: String
  private var stream: DocumentStream
  private var ready: [DocumentPiece] = []
  private var nextReady = 0
  private var isFinished = false

  private static let chunk = 1 << 18

  /// - Throws: ``Problem`` `file_unreadable`.
  init(_ path: String, limits: IntakeLimits) throws(Problem) {
    self.path = path
    stream = DocumentStream(format: .auto, limits: limits)
    guard path != "-" else {
      handle = .standardInput
      return
    }
    handle = try InputFile.open(
      path, insteadOfFolder: "Name the files in it, for instance \(path)/*.xml")
  }

  /// The next document; nil at the end.
  func next() throws -> DocumentPiece? {
    while nextReady == ready.count {
      guard !isFinished else { return nil }
      nextReady = 0
      let data = try handle.read(upToCount: DocumentFile.chunk) ?? Data()
      if data.isEmpty {
        ready = stream.finish()
        isFinished = true
      } else {
        ready = stream.push(data)
      }
    }
    defer { nextReady += 1 }
    return ready[nextReady]
  }
}
