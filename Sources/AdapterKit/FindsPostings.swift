public import Ledger

/// An adapter whose ERP can be asked what became of a key.
public protocol FindsPostings: ERPAdapter {
  /// `absent` promises that a posting, draft or job would have been seen; otherwise `cannotTell`.
  func find(_ key: PostingKey) async -> Finding
}
