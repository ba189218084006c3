import Digest
import Foundation
import XMLTree

/// Words what became of the entries of one message.
struct SAPConfirmation: Sendable {
  /// One entry and what the books said; `verdict` nil when it was only tried and is right.
  struct Part {
    let entry: SAPJournalEntry
    let verdict: Verdict?
    let items: [SAPLogItem]
  }

  static let system = "0M4SMVI"

  /// `MessageHeader/ID` of the whole message.
  let messageID: String
  let moment: Date
  let numberOfRefusal: String

  func element(_ parts: [Part]) -> XMLElement {
    var children: [XMLElement] = [
      header(messageID, sender: true),
      .plain("ConfirmationInterfaceOrignName", SAPOperation.post.name),
    ]
    children += parts.map(confirmation)
    children.append(.plain("Log", [XMLElement]()))
    return XMLElement(
      XMLName(SAPSchema.confirmation.name, in: SAPSchema.namespace),
      children: children.map { .element($0) })
  }

  private func confirmation(_ part: Part) -> XMLElement {
    var number = numberOfRefusal
    var year = "0000"
    if case .posted(let booking) = part.verdict {
      let document = SAPDocument(
        company: part.entry.company, sequence: booking.sequence, fiscalYear: part.entry.fiscalYear)
      number = document.number
      year = document.fiscalYear
    }
    var log = part.items.map(\.severity).max().map {
      [XMLElement.plain("MaximumLogItemSeverityCode", String($0))]
    }
    log = (log ?? []) + part.items.map(\.element)
    return .plain(
      "JournalEntryCreateConfirmation",
      [
        header(part.entry.messageID, sender: false),
        .plain(
          "JournalEntryCreateConfirmation",
          [
            .plain("AccountingDocument", number), .plain("CompanyCode", part.entry.company),
            .plain("FiscalYear", year),
          ]), .plain("Log", log ?? []),
      ])
  }

  private func header(_ id: String, sender: Bool) -> XMLElement {
    let seconds = Timestamp.text(moment).prefix(19) + "Z"
    var children: [XMLElement] = [.plain("UUID", uuid(id, sender: sender))]
    if !id.isEmpty { children.append(.plain("ReferenceID", id)) }
    children.append(.plain("CreationDateTime", String(seconds)))
    if sender { children.append(.plain("SenderBusinessSystemID", Self.system)) }
    return .plain("MessageHeader", children)
  }

  /// Another one for each message and moment.
  private func uuid(_ id: String, sender: Bool) -> String {
    let hash = SHA256.hash("\(id)|\(sender)|\(moment.timeIntervalSince1970)").hex
    var rest = hash[...]
    return [8, 4, 4, 4, 12].map { count in
      defer { rest = rest.dropFirst(count) }
      return String(rest.prefix(count))
    }.joined(separator: "-")
  }
}

/// A line of a log. `id` is `<number>(<class>)`.
struct SAPLogItem: Hashable, Sendable {
  let id: String
  /// 1 information, 2 warning, 3 error.
  let severity: Int
  let note: String

  private static let longestNote = 200

  var element: XMLElement {
    .plain(
      "Item",
      [
        .plain("TypeID", id), .plain("SeverityCode", String(severity)),
        .plain("Note", String(note.prefix(Self.longestNote))),
      ])
  }

  static func posted(_ document: SAPDocument) -> SAPLogItem {
    SAPLogItem(
      id: "605(RW)", severity: 1,
      note: "Document posted successfully: BKPFF \(document.key) \(SAPConfirmation.system)")
  }

  static let checked = SAPLogItem(
    id: "614(RW)", severity: 1,
    note: "Document check - no errors: BKPFF $ \(SAPConfirmation.system)")

  /// The heading of a refusal and its cause.
  static func refused(
    _ refusal: Refusal, _ draft: EntryDraft?, company: String, card: MockBooks.CompanyCard?
  ) -> [SAPLogItem] {
    let heading = SAPLogItem(
      id: "609(RW)", severity: 3, note: "Error in document: BKPFF $ \(SAPConfirmation.system)")
    let line = draft.flatMap { draft in
      refusal.line.flatMap { draft.lines.indices.contains($0) ? draft.lines[$0] : nil }
    }
    let (id, note) = cause(refusal, draft, line, company: company, card: card)
    return [heading, SAPLogItem(id: id, severity: 3, note: note)]
  }

  private static func cause(
    _ refusal: Refusal, _ draft: EntryDraft?, _ line: LineDraft?, company: String,
    card: MockBooks.CompanyCard?
  ) -> (id: String, note: String) {
    let account = line?.account ?? ""
    switch refusal.code {
    case "unbalanced": return ("022(RW)", "FI/CO interface: Balance in transaction currency")
    case "unknown_account":
      return ("507(F5)", "G/L account \(account) is not defined in chart of accounts YCOA")
    case "unknown_party":
      let isVendor = refusal.field == "/Creditor"
      return (
        isVendor ? "104(F5)" : "102(F5)",
        "\(isVendor ? "Vendor" : "Customer") \(refusal.message) is not defined in company code \(company)"
      )
    case "missing_dimension":
      let name = refusal.field?.split(separator: "/").last.map(String.init) ?? ""
      return (
        "808(F5)",
        "Field \(fieldLabels[name] ?? name) is a required field for G/L account \(company) \(account)"
      )
    case "closed_period":
      let date = draft?.postingDate ?? ""
      let period = "0\(date.dropFirst(5).prefix(2)) \(date.prefix(4))"
      let types = card?.periods.first { date.hasPrefix($0.period) }?.accountTypes ?? []
      let closed = draft?.lines.lazy.compactMap(\.accountType).first { types.contains($0) }
      return (
        "201(F5)",
        "Posting period \(period) is not open" + (closed.map { " for account type \($0)" } ?? "")
      )
    case "unknown_company": return ("165(F5)", "Company code \(company) does not exist")
    case "missing_rate": return ("105(SG)", refusal.message)
    case "unknown_entry": return ("397(F5)", "Document \(refusal.message) does not exist")
    case "already_reversed": return ("361(F5)", "Document has already been reversed")
    default: return ("000(RW)", refusal.message)
    }
  }

  private static let fieldLabels = ["ProfitCenter": "Profit Ctr", "CostCenter": "Cost Center"]
}

extension Refusal {
  /// The line that a pointer such as `/lines/2/account` names.
  fileprivate var line: Int? {
    let parts = (field ?? "").split(separator: "/")
    return parts.count > 1 && parts[0] == "lines" ? Int(parts[1]) : nil
  }
}

extension XMLElement {
  /// An unqualified element that holds a text.
  static func plain(_ name: String, _ text: String) -> XMLElement {
    XMLElement(XMLName(name), text: text)
  }

  /// An unqualified element that holds elements.
  static func plain(_ name: String, _ elements: [XMLElement]) -> XMLElement {
    XMLElement(XMLName(name), children: elements.map { .element($0) })
  }
}
