import Ledger
import StrictJSON

extension DocumentReading {
  /// Reads the whole document; nil, with ``problems``, when anything is wrong.
  mutating func document() -> Document? {
    let root = BorrowedJSON.root
    guard let slots = fields(of: root, RootField.self) else { return nil }
    if let node = slots[.schema] { schema(node) }
    let type = documentType(required(.type, slots, in: root))
    self.type = type
    let bodyType = mirroring(slots, of: type)
    if let bodyType { noteStray(slots, of: bodyType) }

    let source = self.source(slots)
    let id = identifier(required(.id, slots, in: root))
    self.id = id
    let revision =
      slots[.revision].map { integer($0, in: 1...DocumentReading.largestRevision) } ?? 1
    let entity = self.entity(slots[.entity])
    let reference = slots[.reference].map { identifier($0) } ?? id
    let documentDate = date(required(.documentDate, slots, in: root))
    let postingDate = date(slots[.postingDate])
    currency = currency(required(.currency, slots, in: root))
    let exchangeRate = exchangeRate(slots[.exchangeRate])
    let customer = self.customer(slots, type: type)
    let derived = entity ?? derivedEntity(slots, customer: customer)
    let approval = self.approval(slots, source: source)
    let contract =
      bodyType == .milestone || bodyType == .contractChange
      ? identifier(required(.contract, slots, in: root)) : identifier(slots[.contract])
    let purchaseOrder = identifier(slots[.purchaseOrder])
    let project = identifier(slots[.project])
    let dimensions = pairs(slots[.dimensions])
    let custom = pairs(slots[.custom])
    let body = bodyType.flatMap { self.body(slots, of: $0, contract: contract) }

    guard problems.isEmpty, let type, let source, let id, let revision, let derived, let reference,
      let documentDate, let currency, let approval, let body
    else { return nil }
    return Document(
      identity: DocumentIdentity(source: source, type: type, id: id), revision: revision,
      entity: derived, reference: reference, documentDate: documentDate, postingDate: postingDate,
      currency: currency, exchangeRate: exchangeRate, customer: customer, approval: approval,
      contract: contract, purchaseOrder: purchaseOrder, project: project, dimensions: dimensions,
      custom: custom, body: body)
  }

  /// Types of our own are none that a source hands over.
  private mutating func documentType(_ node: Int?) -> DocumentType? {
    guard let type = value(node, DocumentType.self), let node else { return nil }
    guard !isStored, !DocumentType.handedOver.contains(type) else { return type }
    let known = DocumentType.handedOver.map(\.rawValue).joined(separator: ", ")
    note(
      "unknown_value", at: node, "Documents of type \(type.rawValue) are made here alone",
      fix: "Hand over one of \(known)")
    return nil
  }

  static let largestRevision = Int(Int32.max)

  private mutating func schema(_ node: Int) {
    guard let version = text(node), version != "1" else { return }
    note(
      "unknown_value", at: node, "Version \"\(version.prefix(40))\" of the document is not known",
      fix: "Send \"1\", or leave schema out")
  }

  /// The type of the body: the opposite of the document's where the store kept it mirrored.
  private mutating func mirroring(
    _ slots: Slots<RootField>, of type: DocumentType?
  ) -> DocumentType? {
    guard let node = slots[.mirrored] else { return type }
    guard isStored else {
      noteUnknown(node - 1)
      return type
    }
    guard bool(node) == true else { return type }
    switch type {
    case .invoice: return .creditMemo
    case .creditMemo: return .invoice
    default: return type
    }
  }

  /// Notes fields that other types have.
  private mutating func noteStray(_ slots: Slots<RootField>, of type: DocumentType) {
    let known = RootField.envelope.bits | RootField.body(of: type).bits
    let stray = slots.present & ~known
    guard stray != 0 else { return }
    for field in RootField.allCases where stray & 1 << UInt64(field.rawValue) != 0 {
      guard let node = slots[field] else { continue }
      note(
        "unknown_field", at: node,
        "A document of type \(type.rawValue) has no field \"\(RootField.table.texts[field.rawValue])\"",
        fix: "Correct the type, leave the field out, or carry it under custom")
    }
  }

  private mutating func source(_ slots: Slots<RootField>) -> String? {
    guard let node = slots[.source] else {
      if let source = options.defaultSource {
        self.source = source
        return source
      }
      noteMissing("source", in: BorrowedJSON.root)
      return nil
    }
    guard let source = identifier(node) else { return nil }
    guard !source.utf8.contains(UInt8(ascii: "/")) else {
      note(
        "invalid_id", at: node, "The code of a source holds no slash",
        fix: "Use the code that the configuration gives the source")
      return nil
    }
    self.source = source
    return source
  }

  private mutating func derivedEntity(
    _ slots: Slots<RootField>, customer: Customer?
  ) -> LegalEntityID? {
    guard slots[.entity] == nil else { return nil }
    if let entity = options.entity(customer, currency) { return entity }
    note(
      "missing_field", at: "/entity",
      "entity is missing, and the configuration of the source derives none from this document",
      fix: "Name the legal entity, or add it to entity or entityFrom of the source")
    return nil
  }

  private mutating func exchangeRate(_ node: Int?) -> ExchangeRate? {
    guard let node, let slots = fields(of: node, ExchangeRateField.self) else { return nil }
    let to = currency(required(.to, slots, in: node))
    let rate = decimal(required(.rate, slots, in: node))
    let date = self.date(required(.date, slots, in: node))
    let source = identifier(required(.source, slots, in: node))
    if let rate, rate <= .zero, let place = slots[.rate] {
      note(
        "out_of_range", at: place, "The rate \(rate) is not above zero",
        fix: "Send units of the other currency for one unit of the document's")
      return nil
    }
    guard let to, let rate, let date, let source, let currency else { return nil }
    return ExchangeRate(from: currency, to: to, rate: rate, date: date, source: source)
  }

  private mutating func customer(_ slots: Slots<RootField>, type: DocumentType?) -> Customer? {
    guard let node = slots[.customer] else {
      if !isStored, type?.needsCustomer ?? true {
        noteMissing("customer", in: BorrowedJSON.root)
      }
      return nil
    }
    guard let slots = fields(of: node, CustomerField.self) else { return nil }
    let id = identifier(required(.id, slots, in: node))
    let name = text(slots[.name])
    let country = country(slots[.country])
    let taxID = text(slots[.taxId])
    let parent = identifier(slots[.parent])
    guard let id else { return nil }
    return Customer(id: id, name: name, country: country, taxID: taxID, parent: parent)
  }

  private mutating func approval(_ slots: Slots<RootField>, source: String?) -> Approval? {
    guard let node = slots[.approval] else {
      if options.isApprovalTrusted { return source.map { Approval(by: $0, at: nil) } }
      note(
        "not_approved", at: "/approval", "Nobody approved this document",
        fix: "Hand it over after its approval, or configure the source with approval: trusted")
      return nil
    }
    guard let slots = fields(of: node, ApprovalField.self) else { return nil }
    let by = identifier(required(.by, slots, in: node))
    let at = isStored ? moment(slots[.at]) : moment(required(.at, slots, in: node))
    guard let by else { return nil }
    return Approval(by: by, at: at)
  }
}

extension DocumentType {
  /// Whether a document of this type names a customer.
  var needsCustomer: Bool {
    switch self {
    case .ratedUsage, .payout, .void, .netting, .periodRun: false
    default: true
    }
  }
}
