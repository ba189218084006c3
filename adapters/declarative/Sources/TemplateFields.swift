import AdapterKit
import Ledger
import Mustache

/// What stays the same for every request of a connection.
struct ConnectionFields: Sendable {
  var company: String
  var parameters: [String: String]
  var keyField: KeyField
}

/// The names at the top of a template. A name that nobody knows is a fault, never an empty text.
struct RootFields: MustacheParent {
  enum Subject {
    case submission(Submission)
    case batch([Submission])
    case key(PostingKey)
    case period(FiscalPeriod)
    case nothing
  }

  let subject: Subject
  let connection: ConnectionFields
  /// Of a further page.
  var cursor: String?
  let faults: RenderFaults

  func child(named name: String) -> Any? {
    switch name {
    case "company": return text(connection.company)
    case "parameters": return NamedTexts(texts: connection.parameters, faults: faults)
    default: break
    }
    if let value = subjectField(name) { return value }
    faults.add("there is no name '\(name)' here", in: name)
    return nil
  }

  private func text(_ text: String) -> TemplateValue { TemplateValue(.text(text), faults) }

  private func subjectField(_ name: String) -> Any? {
    switch (subject, name) {
    case (.submission(let submission), _):
      return EntryFields(submission: submission, connection: connection, faults: faults)
        .field(name)
    case (.batch(let batch), "entries"):
      return batch.map { EntryFields(submission: $0, connection: connection, faults: faults) }
    case (.key(let key), "key"): return text(connection.keyField.text(for: key))
    case (.key(let key), "postingKey"): return text(key.text)
    case (.period(let period), "period"): return text(period.text)
    case (.period(let period), "firstDay"): return TemplateValue(.date(period.firstDay), faults)
    case (.period(let period), "lastDay"): return TemplateValue(.date(period.lastDay), faults)
    case (.period, "cursor"): return cursor.map { text($0) } ?? AbsentValue()
    default: return nil
    }
  }
}

/// Texts by names of the user's own: parameters, dimensions.
struct NamedTexts: MustacheParent {
  let texts: [String: String]
  /// Whether a name without a text is a fault.
  var areAllThere = true
  let faults: RenderFaults

  func child(named name: String) -> Any? {
    if let text = texts[name] { return TemplateValue(.text(text), faults) }
    if areAllThere { faults.add("there is no parameter '\(name)'", in: name) }
    return AbsentValue()
  }
}

/// The names of an entry.
struct EntryFields: MustacheParent {
  let submission: Submission
  let connection: ConnectionFields
  let faults: RenderFaults

  /// Inside `entries` every name of the entry is known; others are looked for outside.
  func child(named name: String) -> Any? { field(name) }

  private func text(_ text: String?) -> Any {
    guard let text, !text.isEmpty else { return AbsentValue() }
    return TemplateValue(.text(text), faults)
  }

  private func date(_ date: CalendarDate?) -> Any {
    guard let date else { return AbsentValue() }
    return TemplateValue(.date(date), faults)
  }

  func field(_ name: String) -> Any? {
    let head = submission.entry.head
    switch name {
    case "key": return text(connection.keyField.text(for: submission.key))
    case "postingKey": return text(submission.key.text)
    case "entity": return text(head.legalEntity.code)
    case "ledger": return text(head.ledger)
    case "kind": return text(head.kind.rawValue)
    case "postingDate": return date(head.postingDate)
    case "documentDate": return date(head.documentDate)
    case "period": return text(head.period.text)
    case "currency": return text(head.currency.code)
    case "functionalCurrency": return text(head.functionalCurrency.code)
    case "isForeign": return head.currency != head.functionalCurrency
    case "rate": return text(head.rate?.rate.text)
    case "reference": return text(head.reference)
    case "description": return text(head.description)
    case "reverses": return text(head.reverses)
    case "total": return submission.entry.total.map { TemplateValue(.money($0), faults) }
    case "source": return text("\(head.source.document)")
    case "dueDate": return date(dueDate)
    case "customer": return customer
    case "lines":
      return submission.entry.lines.enumerated().map {
        LineFields(line: $1, number: $0 + 1, faults: faults)
      }
    default: return nil
    }
  }

  private var dueDate: CalendarDate? {
    guard case .invoice(let invoice)? = submission.document?.document.body else { return nil }
    return invoice.dueDate
  }

  private var customer: Any {
    guard let customer = submission.document?.document.customer else { return AbsentValue() }
    let texts = ["id": customer.id, "name": customer.name, "country": customer.country]
      .merging(["taxID": customer.taxID]) { first, _ in first }
    return NamedTexts(texts: texts.compactMapValues { $0 }, areAllThere: false, faults: faults)
  }
}

/// The names of a line.
struct LineFields: MustacheParent {
  let line: JournalLine
  let number: Int
  let faults: RenderFaults

  private func text(_ text: String?) -> Any {
    guard let text, !text.isEmpty else { return AbsentValue() }
    return TemplateValue(.text(text), faults)
  }

  private func money(_ money: Money?) -> Any {
    guard let money else { return AbsentValue() }
    return TemplateValue(.money(money), faults)
  }

  func child(named name: String) -> Any? {
    let isDebit = line.side == .debit
    let zero = Money.zero(line.amount.currency)
    let functionalZero = Money.zero(line.functionalAmount.currency)
    switch name {
    case "number": return text(String(number))
    case "role": return text(line.role.rawValue)
    case "account": return text(line.account.code)
    case "side": return text(line.side.rawValue)
    case "isDebit": return isDebit
    case "isCredit": return !isDebit
    case "amount": return money(line.amount)
    case "debit": return money(isDebit ? line.amount : zero)
    case "credit": return money(isDebit ? zero : line.amount)
    case "signedAmount": return money(isDebit ? line.amount : -line.amount)
    case "functionalAmount": return money(line.functionalAmount)
    case "functionalDebit": return money(isDebit ? line.functionalAmount : functionalZero)
    case "functionalCredit": return money(isDebit ? functionalZero : line.functionalAmount)
    case "signedFunctionalAmount":
      return money(isDebit ? line.functionalAmount : -line.functionalAmount)
    case "party": return text(line.party)
    case "description": return text(line.description)
    case "tax": return line.tax.map { TaxFields(tax: $0, faults: faults) } ?? AbsentValue()
    case "dimensions":
      let pairs = line.dimensions.pairs.map { ($0.name, $0.value) }
      return NamedTexts(
        texts: Dictionary(pairs) { first, _ in first }, areAllThere: false, faults: faults)
    default: return nil
    }
  }
}

/// The names of a line's tax.
struct TaxFields: MustacheParent {
  let tax: JournalLine.Tax
  let faults: RenderFaults

  func child(named name: String) -> Any? {
    func text(_ text: String?) -> Any {
      text.map { TemplateValue(.text($0), faults) } ?? AbsentValue()
    }
    switch name {
    case "code": return text(tax.code)
    case "category": return text(tax.category?.rawValue)
    case "rate": return text(tax.rate?.text)
    case "base": return tax.base.map { TemplateValue(.money($0), faults) } ?? AbsentValue()
    case "jurisdiction": return text(tax.jurisdiction)
    default: return nil
    }
  }
}
