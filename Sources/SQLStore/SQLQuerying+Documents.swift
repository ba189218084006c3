import Ledger
import PostingEngine

extension SQLQuerying {
  func document(_ identity: DocumentIdentity) throws -> StoredDocument? {
    try connection.first(Queries.document) {
      $0.bind(identity)
    } read: {
      try $0.document()
    }
  }

  func document(_ number: DocumentNumber) throws -> StoredDocument? {
    try connection.first(Queries.documentByNumber) {
      $0.bind(number.value)
    } read: {
      try $0.document()
    }
  }

  func revisions(of identity: DocumentIdentity) throws -> [StoredDocument] {
    try connection.all(Queries.revisions) {
      $0.bind(identity)
    } read: {
      try $0.document()
    }
  }

  func content(of document: DocumentNumber) throws -> [UInt8] {
    let content = try connection.first(Queries.content) {
      $0.bind(document.value)
    } read: {
      $0.bytes(0)
    }
    guard let content else {
      throw StoreFault.missing("document \(document.value)", file: connection.file)
    }
    return content
  }

  func openExceptions(of document: DocumentNumber) throws -> [PostingException] {
    try connection.all(Queries.openExceptionsOfDocument) {
      $0.bind(document.value)
    } read: {
      try $0.exception()
    }
  }

  func openExceptions(of posting: PostingNumber) throws -> [PostingException] {
    try connection.all(Queries.openExceptionsOfPosting) {
      $0.bind(posting.value)
    } read: {
      try $0.exception()
    }
  }
}

extension PreparedStatement {
  func bind(_ identity: DocumentIdentity) {
    bind(identity.source)
    bind(identity.type.rawValue)
    bind(identity.id)
  }

  /// The columns of ``Queries/documentColumns``.
  func document() throws -> StoredDocument {
    let currency = try currency(9)
    var receivable: Money?
    if let units = optionalInteger(13) {
      let ownCurrency = optionalText(14) == nil ? currency : try self.currency(14)
      receivable = Money(minorUnits: units, ownCurrency)
    }
    return StoredDocument(
      number: DocumentNumber(integer(0)),
      identity: DocumentIdentity(source: text(1), type: try word(2), id: text(3)),
      revision: count(4), entity: LegalEntityID(text(5)), customer: optionalText(6),
      reference: text(7), documentDate: try date(8), currency: currency, state: try word(10),
      contentHash: bytes(11), acceptedAt: moment(12), receivable: receivable,
      functionalReceivable: try functionalReceivable(16, rate: optionalRate(15)),
      rate: try optionalRate(15))
  }

  private func functionalReceivable(_ column: Int32, rate: ExchangeRate?) throws -> Money? {
    guard let units = optionalInteger(column), let rate else { return nil }
    return Money(minorUnits: units, rate.to)
  }

  /// The columns of ``Queries/exceptionColumns``.
  func exception() throws -> PostingException {
    PostingException(
      id: integer(0), exceptionClass: text(1), cause: text(2), fingerprint: text(3),
      document: optionalInteger(4).map { DocumentNumber($0) },
      posting: optionalInteger(5).map { PostingNumber($0) }, entity: LegalEntityID(text(6)),
      connection: optionalText(7).map { ConnectionID($0) },
      amount: Money(minorUnits: integer(8), try currency(9)), since: moment(10),
      owner: optionalText(11), fix: text(12), state: try word(13),
      heldUntil: optionalMoment(14),
      tags: optionalText(15) == nil ? [] : try json(15).list.compactMap(\.text))
  }
}
