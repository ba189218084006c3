/// What is done about documents of which some entities' ERPs have had their part for too long while
/// others have not.
package struct EntrySetCourse: Sendable {
  package enum Kind: Sendable {
    /// Nothing by time alone: only a part that has stopped is told.
    case wait
    /// A person is told.
    case ask
    /// What is posted is reversed by these rules, the rest is not sent any more, and a person is told.
    case compensate(Compensation)
  }

  package var kind: Kind
  /// How long the parts may lie apart.
  package var after: Duration

  package static let patience: Duration = .seconds(3_600)
  /// A person is told after an hour.
  package static let standard = EntrySetCourse(.ask)

  package init(_ kind: Kind, after: Duration = EntrySetCourse.patience) {
    self.kind = kind
    self.after = after
  }
}
