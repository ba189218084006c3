package import Ledger

/// Something that happened to a document, for whoever handed it over: one row of the outbox.
///
/// The store adds it in the transaction that changes the document's state, so that no change goes
/// untold and none is told that did not happen. Readers keep their own place: what they have not
/// confirmed is told again, with the same number.
package struct DocumentEvent: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case accepted
    /// Every posting of it is in its ERP, by the ERP's word or a person's.
    case posted
    /// It stopped: a person has to look.
    case exception
    /// What had stopped it is mended; it is on its way again.
    case resumed
    case reversed, discarded
  }

  /// Rises in the order in which things happened; the event's public id in decimal.
  package var number: Int64
  package var at: Moment
  package var kind: Kind
  package var document: DocumentNumber
  package var identity: DocumentIdentity
  package var revision: Int
  package var entity: LegalEntityID

  package init(
    number: Int64, at: Moment, kind: Kind, document: DocumentNumber, identity: DocumentIdentity,
    revision: Int, entity: LegalEntityID
  ) {
    self.number = number
    self.at = at
    self.kind = kind
    self.document = document
    self.identity = identity
    self.revision = revision
    self.entity = entity
  }
}

extension DocumentEvent.Kind {
  /// What a change of state is told as; nil for one that nobody outside needs to hear of.
  ///
  /// - Parameter old: nil for a document that is new.
  package init?(from old: DocumentState?, to new: DocumentState) {
    switch new {
    case old: return nil
    case .posted: self = .posted
    case .exception: self = .exception
    case .reversed: self = .reversed
    case .discarded: self = .discarded
    case .accepted where old == nil: self = .accepted
    case .accepted, .posting:
      guard old == .exception else { return nil }
      self = .resumed
    }
  }
}

/// What can be asked of the outbox.
package protocol EventQueries {
  /// Events after `cursor`, oldest first, at most `limit`; `state` of the filter is the kind, `since`
  /// and `until` are when it happened.
  func events(_ filter: ListFilter) throws -> [DocumentEvent]
  /// The number of the last event; 0 before the first.
  func lastEvent() throws -> Int64
}
