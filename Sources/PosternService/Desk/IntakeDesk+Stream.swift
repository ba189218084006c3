package import Intake
package import Ledger
package import PostingEngine

extension IntakeDesk {
  /// Documents in one commit of a stream.
  package static let batchCount = 256
  /// Bytes in one commit of a stream, one larger document apart.
  package static let batchBytes = 8 << 20
  /// Batches that are read and converted while one is written.
  private static let batchesAhead = 3

  /// Takes a stream of documents of any length in bounded memory: verdicts come in the order of
  /// the documents, each after its commit.
  ///
  /// - Parameter next: the next document; nil at the end.
  package func take(
    _ next: () throws -> DocumentPiece?, format: IntakeFormat = .auto, from code: String? = nil,
    mayHandOver: @escaping @Sendable (LegalEntityID) -> Bool = { _ in true },
    onVerdicts: ([Verdict]) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Batch).self) { group in
      var started = 0
      var taken = 0
      var running = 0
      var isAtEnd = false
      var ready: [Int: Batch] = [:]
      while true {
        while !isAtEnd, running < IntakeDesk.batchesAhead {
          let pieces = try IntakeDesk.batch(next)
          guard !pieces.isEmpty else {
            isAtEnd = true
            break
          }
          group.addTask { [started] in
            (
              started,
              self.prepare(pieces, format: format, from: code, mayHandOver: mayHandOver)
            )
          }
          started += 1
          running += 1
        }
        guard let (number, batch) = try await group.next() else { return }
        running -= 1
        ready[number] = batch
        while let batch = ready.removeValue(forKey: taken) {
          try await onVerdicts(try await take(batch))
          taken += 1
        }
      }
    }
  }

  private static func batch(_ next: () throws -> DocumentPiece?) throws -> [DocumentPiece] {
    var pieces: [DocumentPiece] = []
    var bytes = 0
    while pieces.count < batchCount, bytes < batchBytes, let piece = try next() {
      if case .success(let content) = piece.content { bytes += content.count }
      pieces.append(piece)
    }
    return pieces
  }
}
