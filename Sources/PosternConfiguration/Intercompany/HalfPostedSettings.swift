/// What becomes of a document of which some entities' ERPs have their part and others do not.
package struct HalfPostedSettings: Hashable, Sendable {
  package enum Course: String, Hashable, Sendable, CaseIterable { case wait, ask, compensate }

  package var course: Course = .ask
  /// How long the parts may lie apart before that happens; nil means the engine's own.
  package var after: Duration?

  package init() {}
}
