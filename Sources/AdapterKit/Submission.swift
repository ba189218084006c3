public import Ledger

/// One entry on its way to an ERP.
public struct Submission: Hashable, Sendable {
  public let key: PostingKey
  public let entry: JournalEntry
  /// What the entry was made from; nil unless the descriptor wants documents, and for entries that no
  /// single document explains.
  public let document: SourceDocument?

  public init(key: PostingKey, entry: JournalEntry, document: SourceDocument? = nil) {
    self.key = key
    self.entry = entry
    self.document = document
  }
}

/// What an ERP's native document says besides the entry: customer, lines, taxes, due date, and what it
/// settles.
public struct SourceDocument: Hashable, Sendable {
  public let document: Document
  /// The documents that it refers to, as far as they were posted through the same connection.
  public let references: [DocumentIdentity: PostedDocument]

  public init(_ document: Document, references: [DocumentIdentity: PostedDocument] = [:]) {
    self.document = document
    self.references = references
  }
}

/// A document that an ERP holds already.
public struct PostedDocument: Hashable, Sendable {
  /// Our key for its first entry.
  public let key: PostingKey
  public let receipt: Receipt

  public init(key: PostingKey, receipt: Receipt) {
    self.key = key
    self.receipt = receipt
  }
}

/// How a connection posts what its ERP can hold either way: `postAs` in its file.
public enum PostingForm: String, Hashable, Sendable, CaseIterable {
  /// As journal entries.
  case journal
  /// As the ERP's own invoices, credit memos and payments where it has them.
  case document
}

extension PostingForm {
  /// What `postAs` says; `journal` without it.
  public init(_ reader: inout SettingsReader) {
    self = reader.value(or: .journal) { settings throws(Problem) in
      try settings.choice("postAs", default: PostingForm.journal)
    }
  }
}
