package import Ledger

/// What became of one document that was handed over.
package enum IntakeResult: Hashable, Sendable {
  case document(Document)
  case refused(IntakeRefusal)
}
