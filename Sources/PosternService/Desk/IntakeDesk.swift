package import Intake
package import Ledger
package import PostingEngine
internal import PostingRules
internal import Synchronization

/// Where documents are handed over: read, checked, converted and stored, one verdict each.
///
/// Reading and converting happen in the caller's task; only the writing is serial.
package final class IntakeDesk: Sendable {
  private let reader: IntakeReader
  let acceptance: Acceptance
  private let commit: GroupCommit
  private let clock: any EngineClock
  /// Called after each commit: there may be something to deliver.
  private let onCommit: @Sendable ([Verdict]) -> Void
  /// Converters that no task uses right now.
  private let idleConverters = Mutex<[Converter]>([])
  /// The converter of the writer, for documents that refer to others.
  private let writersConverter: Mutex<Converter>

  package init(
    reader: IntakeReader, acceptance: Acceptance, commit: GroupCommit, clock: any EngineClock,
    onCommit: @escaping @Sendable ([Verdict]) -> Void = { _ in }
  ) {
    self.reader = reader
    self.acceptance = acceptance
    self.commit = commit
    self.clock = clock
    self.onCommit = onCommit
    writersConverter = Mutex(acceptance.makeConverter())
  }

  /// Reverses a document; the reversals are there after the commit.
  ///
  /// - Throws: ``Problem`` `not_found`, `not_reversible` or `settled_since`.
  package func reverse(
    _ identity: DocumentIdentity, on day: CalendarDate?, reason: String, by actor: String
  ) async throws -> Reversal.Result {
    let reversal = reversal(by: actor)
    let now = clock.now
    let result = try await commit.write {
      try reversal.reverse(identity, on: day, reason: reason, at: now, in: $0)
    }
    onCommit([])
    return result
  }

  package func reversal(by actor: String) -> Reversal {
    Reversal(acceptance.compensation, actor: actor)
  }

  /// A document that was read, on its way to the store.
  fileprivate enum Item: Sendable {
    case prepared(PreparedDocument)
    case refused(RefusedDocument)
  }

  /// Documents prepared for one commit.
  package struct Batch: Sendable {
    fileprivate var items: [Item] = []
    package var count: Int { items.count }
  }

  /// Reads and converts, without touching the store.
  ///
  /// - Parameters:
  ///   - code: the source they came through; nil leaves it to each document, then to the default.
  ///   - mayHandOver: whether the caller may hand over documents of an entity.
  package func prepare(
    _ pieces: [DocumentPiece], format: IntakeFormat = .auto, from code: String? = nil,
    mayHandOver: (LegalEntityID) -> Bool = { _ in true }
  ) -> Batch {
    var converter =
      idleConverters.withLock { $0.popLast() } ?? acceptance.makeConverter()
    var batch = Batch()
    batch.items.reserveCapacity(pieces.count)
    for piece in pieces {
      batch.items.append(
        item(
          for: piece, format: format, from: code, mayHandOver: mayHandOver, using: &converter))
    }
    idleConverters.withLock { [converter] in $0.append(converter) }
    return batch
  }

  /// Stores a batch durably; one verdict for each document, in order.
  package func take(_ batch: Batch) async throws -> [Verdict] {
    let now = clock.now
    let items = batch.items
    let verdicts = try await commit.write(weight: items.count) { [self] transaction in
      try writersConverter.withLock { converter in
        try items.map { item in
          switch item {
          case .prepared(let prepared):
            try acceptance.accept(prepared, at: now, using: &converter, in: transaction)
          case .refused(let refused):
            try acceptance.keep(refused, in: transaction)
          }
        }
      }
    }
    onCommit(verdicts)
    return verdicts
  }

  private func item(
    for piece: DocumentPiece, format: IntakeFormat, from code: String?,
    mayHandOver: (LegalEntityID) -> Bool, using converter: inout Converter
  ) -> Item {
    switch reader.read(piece, format: format, from: code) {
    case .refused(let refusal): return refused(piece, refusal.identity, refusal.problems)
    case .document(let document):
      let identity = PartialIdentity(
        source: document.identity.source, type: document.identity.type,
        id: document.identity.id)
      guard mayHandOver(document.entity) else {
        let problem = Problem(
          code: "entity_forbidden", pointer: "/entity",
          detail: "This key may not hand over documents of \(document.entity)",
          fix: "Use a key for that entity")
        return refused(piece, identity, [problem])
      }
      do throws(Problem) {
        return .prepared(try acceptance.prepare(document, using: &converter))
      } catch {
        return refused(piece, identity, [error])
      }
    }
  }

  private func refused(
    _ piece: DocumentPiece, _ identity: PartialIdentity, _ problems: [Problem]
  ) -> Item {
    var content: [UInt8] = []
    if case .success(let bytes) = piece.content {
      content = Array(bytes.prefix(RefusedIntake.maximumContent))
    }
    return .refused(
      RefusedDocument(
        verdict: Verdict(
          source: identity.source, type: identity.type, id: identity.id, kind: .invalid,
          errors: problems),
        refused: RefusedIntake(
          at: clock.now, source: identity.source ?? "",
          identity: identity.complete?.description ?? identity.id, problems: problems,
          content: content)))
  }
}
