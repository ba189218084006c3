package import Ledger

/// What a document that was handed over is answered with.
package struct Verdict: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case accepted, `repeat`, exception, invalid, conflict
  }

  package var source: String?
  package var type: DocumentType?
  package var id: String?
  package var kind: Kind
  /// What is wrong, for `invalid` and `conflict`.
  package var errors: [Problem]
  /// What stopped it, for `exception`.
  package var exceptions: [PostingException]
  /// What it waits for, in words; nil when it does not wait.
  package var waiting: String?
  /// For a repeat: what the first one got.
  package var first: Kind?
  /// For a repeat: where the document stands now.
  package var state: DocumentState?

  package init(
    source: String?, type: DocumentType?, id: String?, kind: Kind, errors: [Problem] = [],
    exceptions: [PostingException] = [], waiting: String? = nil, first: Kind? = nil,
    state: DocumentState? = nil
  ) {
    self.source = source
    self.type = type
    self.id = id
    self.kind = kind
    self.errors = errors
    self.exceptions = exceptions
    self.waiting = waiting
    self.first = first
    self.state = state
  }

  init(
    _ identity: DocumentIdentity, _ kind: Kind, errors: [Problem] = [],
    exceptions: [PostingException] = [], waiting: String? = nil, first: Kind? = nil,
    state: DocumentState? = nil
  ) {
    self.init(
      source: identity.source, type: identity.type, id: identity.id, kind: kind, errors: errors,
      exceptions: exceptions, waiting: waiting, first: first, state: state)
  }
}
