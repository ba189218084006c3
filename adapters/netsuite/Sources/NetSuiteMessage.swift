import AdapterKit
import Ledger

/// The record that a submission becomes, with references still by our codes: a pure value.
struct NetSuiteMessage: Hashable, Sendable {
  var record: NetSuiteRecord
  /// All but the period, which the ERP has to be asked for.
  var body: NetSuiteValue

  /// - Throws: ``Rejection`` for what NetSuite's records cannot say.
  init(
    _ submission: Submission, _ settings: NetSuiteSettings
  ) throws(Rejection) {
    if settings.form == .document, let document = submission.document,
      let native = try NetSuiteMessage(native: submission, document, settings)
    {
      self = native
    } else {
      try self.init(journal: submission, settings)
    }
  }

  init(record: NetSuiteRecord, body: NetSuiteValue) {
    self.record = record
    self.body = body
  }

  /// What every record begins with.
  static func head(
    _ submission: Submission, _ settings: NetSuiteSettings, rate: Bool = true
  ) -> NetSuiteValue {
    let head = submission.entry.head
    var body = NetSuiteValue.object([
      "externalId": .text(settings.keyField.text(for: submission.key)),
      "subsidiary": .id(settings.company),
      "currency": .reference(NetSuiteReference(kind: .currencies, code: head.currency.code)),
      "exchangeRate": rate ? head.rate.map { .number($0.rate.text) } : nil,
      "tranDate": .text(head.postingDate.text),
      "memo": .filled(head.reference) ?? .filled(head.description),
      "approvalStatus": settings.approvalStatus.map { .id($0) },
      "customForm": settings.customForm.map { .id($0) },
    ])
    for (name, part) in settings.customFields.sorted(by: { $0.key < $1.key }) {
      body.append(name, .text(part.text(of: submission)))
    }
    return body
  }

  /// The fields of a line that hold its dimensions.
  ///
  /// - Throws: ``Rejection`` for a dimension that has no field, unless those are left out.
  static func fields(
    _ dimensions: Dimensions, _ key: PostingKey, _ settings: NetSuiteSettings
  ) throws(Rejection) -> [NetSuiteValue.Member] {
    var members: [NetSuiteValue.Member] = []
    for pair in dimensions.pairs {
      guard let field = settings.dimensions[pair.name] else {
        if settings.otherDimensions == .leaveOut { continue }
        throw .unsent(
          .validation, key, "no field of NetSuite is named for the dimension '\(pair.name)'",
          fix:
            "Name a field under 'dimensions' of the connection, or write otherDimensions: leaveOut")
      }
      members.append(NetSuiteValue.Member(name: field.name, value: field.value(pair.value)))
    }
    return members
  }
}

extension NetSuiteMessage {
  /// A journal entry; an advanced intercompany one where the connection says so and a line has a
  /// partner.
  init(journal submission: Submission, _ settings: NetSuiteSettings) throws(Rejection) {
    let entry = submission.entry
    let isAdvanced =
      settings.intercompany == .advanced && entry.lines.contains { $0.partner != nil }
    body = Self.head(submission, settings, rate: !isAdvanced)
    record = isAdvanced ? .advIntercompanyJournalEntry : .journalEntry
    var items: [NetSuiteValue] = []
    items.reserveCapacity(entry.lines.count)
    for line in entry.lines {
      var item = NetSuiteValue.object([
        "account": .reference(NetSuiteReference(kind: .accounts, code: line.account.code)),
        line.side == .debit ? "debit" : "credit": .number(line.amount.text),
        "memo": .filled(line.description) ?? .filled(entry.head.reference),
        "entity": line.party.map { .reference(NetSuiteReference(kind: .customers, code: $0)) },
        "eliminate": line.partner == nil ? nil : .flag(true),
      ])
      if isAdvanced { try item.addIntercompany(line, entry.head, submission.key, settings) }
      for field in try Self.fields(line.dimensions, submission.key, settings) {
        item.append(field.name, field.value)
      }
      items.append(item)
    }
    body.append("line", .object(["items": .list(items)]))
  }
}

extension NetSuiteValue {
  /// What a line of an advanced intercompany journal says besides.
  fileprivate mutating func addIntercompany(
    _ line: JournalLine, _ head: EntryHead, _ key: PostingKey, _ settings: NetSuiteSettings
  ) throws(Rejection) {
    append("lineSubsidiary", .id(settings.company))
    if let rate = head.rate { append("lineFxRate", .number(rate.rate.text)) }
    guard let partner = line.partner else { return }
    guard let subsidiary = settings.partners[partner.code] else {
      throw .unsent(
        .validation, key, "no subsidiary is named for the legal entity \(partner.code)",
        fix: "Write its internal id under 'partners' of the connection")
    }
    append("dueToFromSubsidiary", .id(subsidiary))
  }
}

extension NetSuiteSettings.HeadPart {
  func text(of submission: Submission) -> String {
    let head = submission.entry.head
    return switch self {
    case .key: submission.key.text
    case .reference: head.reference
    case .description: head.description
    case .document: head.source.document.id
    case .documentDate: head.documentDate.text
    case .entity: head.legalEntity.code
    case .kind: head.kind.rawValue
    }
  }
}
