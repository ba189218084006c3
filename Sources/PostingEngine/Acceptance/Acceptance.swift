internal import Digest
package import Ledger
internal import LedgerJSON
package import PostingRules

/// Takes documents in: same document, same result; a new one is stored with its entries and
/// postings, or with what stopped it, in the caller's transaction.
package struct Acceptance: Sendable {
  package let ruleBook: RuleBook
  package let keys: KeyDerivation
  /// How long a document may wait for what it refers to before a person is asked.
  package let waitLimit: Duration
  /// That of sources with a limit of their own, by code.
  package let waitLimits: [String: Duration]

  package static let defaultWaitLimit: Duration = .seconds(7 * 86_400)

  package init(
    ruleBook: RuleBook, installation: String,
    waitLimit: Duration = Acceptance.defaultWaitLimit, waitLimits: [String: Duration] = [:]
  ) {
    self.waitLimits = waitLimits
    self.ruleBook = ruleBook
    keys = KeyDerivation(installation: installation)
    self.waitLimit = waitLimit
  }

  package var compensation: Compensation { Compensation(ruleBook: ruleBook, keys: keys) }

  /// A converter of these rules for one thread of work.
  package func makeConverter() -> Converter { Converter(ruleBook) }

  /// Works out all that needs no store: content, hash, and the entries of a document that refers
  /// to no other.
  ///
  /// - Throws: ``Problem`` `unknown_entity`.
  package func prepare(
    _ document: Document, using converter: inout Converter
  ) throws(Problem) -> PreparedDocument {
    _ = try entityRules(of: document)
    let content = DocumentWriter.bytes(of: document)
    var conversion: Conversion?
    var records: [EntryRecord] = []
    if document.references.isEmpty, !document.needsStore {
      let converted = converter.convert(document, references: .none)
      if case .entries(let entries, _) = converted {
        records = self.records(of: entries, for: document)
      }
      conversion = converted
    }
    return PreparedDocument(
      document: document, content: content, contentHash: SHA256.hash(content).bytes,
      conversion: conversion, records: records)
  }

  /// The rules of a document's entity.
  ///
  /// - Throws: ``Problem`` `unknown_entity`.
  package func entityRules(of document: Document) throws(Problem) -> EntityRules {
    try entityRules(of: document.entity)
  }

  /// Stores a document once and says what became of it.
  package func accept(
    _ prepared: PreparedDocument, at now: Moment, using converter: inout Converter,
    in transaction: any PostingTransaction
  ) throws -> Verdict {
    let identity = prepared.document.identity
    let latest = try transaction.document(identity)
    if let latest {
      if latest.revision >= prepared.document.revision {
        let same =
          latest.revision == prepared.document.revision
          ? latest
          : try transaction.revisions(of: identity).first {
            $0.revision == prepared.document.revision
          }
        if let same, same.contentHash == prepared.contentHash {
          return try repeated(same, in: transaction)
        }
        return try conflict(prepared, with: same ?? latest, at: now, in: transaction)
      }
    }
    let earlier = latest == nil ? [] : try transaction.revisions(of: identity)
    let plan = try plan(
      for: prepared, inPlaceOf: earlier, using: &converter, in: transaction)
    let number = try transaction.insert(
      NewDocument(
        document: prepared.document, content: prepared.content,
        contentHash: prepared.contentHash, state: plan.state, acceptedAt: now,
        receivable: plan.receivable?.amount, functionalReceivable: plan.receivable?.functional,
        rate: plan.rate))
    let verdict = try carryOut(
      plan, number, prepared.document, inPlaceOf: earlier, at: now, in: transaction)
    try transaction.append(
      AuditRecord(
        at: now, actor: "intake", action: "document.\(verdict.kind.rawValue)", document: number,
        detail: plan.summary, evidence: prepared.contentHash))
    try convertFollowers(of: identity, plan, at: now, using: &converter, in: transaction)
    return verdict
  }

  private func plan(
    for prepared: PreparedDocument, inPlaceOf earlier: [StoredDocument],
    using converter: inout Converter, in transaction: any PostingTransaction
  ) throws -> ConversionPlan {
    guard let conversion = prepared.conversion else {
      return try plan(
        for: prepared.document, inPlaceOf: earlier, using: &converter, in: transaction)
    }
    let plan = ConversionPlan(
      conversion, records: prepared.records, for: prepared.document, self)
    return try adapted(plan, prepared.document, inPlaceOf: earlier, in: transaction)
  }

  /// Converts a document by what the store holds now.
  ///
  /// - Parameter earlier: the revisions that it takes the place of; what they settled counts as
  ///   open again.
  func plan(
    for document: Document, inPlaceOf earlier: [StoredDocument],
    using converter: inout Converter, in transaction: any PostingTransaction
  ) throws -> ConversionPlan {
    if case .void(let target) = document.body {
      return try voidPlan(document, of: target, inPlaceOf: earlier, in: transaction)
    }
    let converted = converter.convert(
      document,
      references: try references(of: document, inPlaceOf: earlier, in: transaction),
      dues: try dues(of: document, inPlaceOf: earlier, in: transaction))
    var records: [EntryRecord] = []
    if case .entries(let entries, _) = converted {
      records = self.records(of: entries, for: document)
    }
    let plan = ConversionPlan(converted, records: records, for: document, self)
    return try adapted(plan, document, inPlaceOf: earlier, in: transaction)
  }

  /// Keeps what was refused, with its faults.
  package func keep(
    _ refused: RefusedDocument, in transaction: any PostingTransaction
  ) throws -> Verdict {
    try transaction.insert(refused.refused)
    return refused.verdict
  }

  /// The entries of a document with the keys that they have for ever.
  package func records(of entries: [JournalEntry], for document: Document) -> [EntryRecord] {
    let set = keys.setKey(of: document.identity, revision: document.revision)
    return entries.map { EntryRecord(key: keys.key(of: $0.head), set: set, entry: $0) }
  }

  private func repeated(
    _ stored: StoredDocument, in transaction: any PostingTransaction
  ) throws -> Verdict {
    let first = try transaction.audit(of: stored.number).lazy.compactMap { record in
      Verdict.Kind(rawValue: String(record.action.dropFirst("document.".count)))
    }.first
    return Verdict(
      stored.identity, .repeat, first: first ?? .accepted, state: stored.state)
  }

  /// The same identity with other content: kept and shown, never an overwrite.
  private func conflict(
    _ prepared: PreparedDocument, with stored: StoredDocument, at now: Moment,
    in transaction: any PostingTransaction
  ) throws -> Verdict {
    let document = prepared.document
    let problem = Problem(
      code: "identity_conflict", pointer: "/id",
      detail: stored.revision > document.revision
        ? "\(document.identity) is here in revision \(stored.revision) since "
          + "\(stored.acceptedAt); revision \(document.revision) came too late"
        : "\(document.identity) revision \(document.revision) is here since "
          + "\(stored.acceptedAt) with other content",
      fix: "Hand a corrected document over with a higher revision, or a new one with its own id")
    let fingerprint = Fingerprint.text([
      "identity_conflict", document.identity.description, Hex.encode(prepared.contentHash),
    ])
    var filter = ListFilter()
    filter.fingerprint = fingerprint
    filter.limit = 1
    if try transaction.exceptions(filter).isEmpty {
      try transaction.insert(
        RefusedIntake(
          at: now, source: document.identity.source, identity: document.identity.description,
          problems: [problem],
          content: Array(prepared.content.prefix(RefusedIntake.maximumContent))))
      try transaction.insert(
        PostingException(
          exceptionClass: problem.code, cause: problem.detail, fingerprint: fingerprint,
          entity: document.entity, amount: document.stakes, since: now, fix: problem.fix))
      try transaction.append(
        AuditRecord(
          at: now, actor: "intake", action: "document.conflict", document: stored.number,
          detail: problem.detail))
    }
    return Verdict(document.identity, .conflict, errors: [problem], state: stored.state)
  }

  /// Reads a document back.
  ///
  /// - Throws: ``Problem`` `stored_document_unreadable`, which only damage to the store explains.
  package func storedDocument(
    _ number: DocumentNumber, in queries: any PostingQueries
  ) throws -> Document {
    switch DocumentReader.stored.read(try queries.content(of: number)) {
    case .success(let document): return document
    case .failure(let faults):
      throw Problem(
        code: "stored_document_unreadable", pointer: faults.problems.first?.pointer ?? "",
        detail: "Document number \(number.value) cannot be read back: "
          + (faults.problems.first?.detail ?? "no reason given"),
        fix: "Check the store's file, and restore a backup if it is damaged")
    }
  }
}

extension Document {
  /// The money that is at stake in it.
  var stakes: Money {
    switch body {
    case .invoice(let invoice): invoice.content.totals.payable.magnitude
    case .creditMemo(let memo): memo.content.totals.payable.magnitude
    case .payment(let payment): payment.amount
    case .refund(let refund): refund.amount
    case .chargeback(let chargeback): chargeback.amount
    case .writeOff(let writeOff): writeOff.amount
    case .payout(let payout): payout.amount
    case .withholdingCertificate(let certificate): certificate.amount
    case .netting(let netting): max(netting.dueTo, netting.dueFrom)
    case .application, .void, .milestone, .contractChange, .ratedUsage, .periodRun:
      .zero(currency)
    }
  }
}
