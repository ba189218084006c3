import Synchronization

/// What the communication user may see.
final class SAPRights: Sendable {
  private let documents = Mutex(true)

  /// Without the right to them a query finds nothing, and says nothing of why.
  var seesDocuments: Bool {
    get { documents.withLock { $0 } }
    set { documents.withLock { $0 = newValue } }
  }
}
