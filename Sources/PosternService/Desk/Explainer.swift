package import Intake
package import Ledger
package import PostingEngine
package import PostingRules

/// Shows what documents would give, and writes nothing.
///
/// Looks at nothing that is stored: what a document settles counts as here and open, and what needs
/// another document's content is resolved among the documents of the same call.
package struct Explainer: Sendable {
  private let reader: IntakeReader
  private let acceptance: Acceptance

  package init(reader: IntakeReader, acceptance: Acceptance) {
    self.reader = reader
    self.acceptance = acceptance
  }

  package func explain(
    _ pieces: [DocumentPiece], format: IntakeFormat = .auto, from code: String? = nil
  ) -> [DocumentExplanation] {
    let results = pieces.map { reader.read($0, format: format, from: code) }
    var among: [DocumentIdentity: Document] = [:]
    for case .document(let document) in results { among[document.identity] = document }
    var converter = acceptance.makeConverter()
    return results.map { result in
      switch result {
      case .refused(let refusal):
        DocumentExplanation(
          verdict: Verdict(
            source: refusal.identity.source, type: refusal.identity.type,
            id: refusal.identity.id, kind: .invalid, errors: refusal.problems))
      case .document(let document): explain(document, among: among, using: &converter)
      }
    }
  }

  private func explain(
    _ document: Document, among: [DocumentIdentity: Document], using converter: inout Converter
  ) -> DocumentExplanation {
    let identity = document.identity
    func verdict(
      _ kind: Verdict.Kind, errors: [Problem] = [], exceptions: [PostingException] = [],
      waiting: String? = nil
    ) -> Verdict {
      Verdict(
        source: identity.source, type: identity.type, id: identity.id, kind: kind,
        errors: errors, exceptions: exceptions, waiting: waiting)
    }
    do throws(Problem) {
      _ = try acceptance.entityRules(of: document)
    } catch {
      return DocumentExplanation(verdict: verdict(.invalid, errors: [error]))
    }
    let explanation = converter.explain(document, references: .assumed(among: among))
    var result: DocumentExplanation
    switch explanation.conversion {
    case .entries(let entries, _):
      result = DocumentExplanation(verdict: verdict(.accepted))
      result.entries = acceptance.records(of: entries, for: document)
      result.considered = explanation.considered
    case .waiting(let reason):
      result = DocumentExplanation(verdict: verdict(.accepted, waiting: reason.text))
    case .stopped(let stops):
      result = DocumentExplanation(
        verdict: verdict(
          .exception,
          exceptions: stops.map { stop in
            acceptance.exception(for: stop, of: document, number: nil, at: .never)
          }))
    }
    result.document = document
    return result
  }
}

/// What one document would give.
package struct DocumentExplanation: Sendable {
  package var verdict: Verdict
  /// nil when it could not be read.
  package var document: Document?
  package var entries: [EntryRecord] = []
  /// By entry, then line: the rows of the account table that were considered.
  package var considered: [[[ConsideredRow]]] = []

  package var entity: LegalEntityID? { document?.entity }
}
