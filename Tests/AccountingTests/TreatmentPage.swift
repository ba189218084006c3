import Foundation
import Ledger

/// `docs/accounting/<topic>.md`, made of the topic's cases.
struct TreatmentPage {
  let topic: String
  let cases: [AccountingCase]
  /// What stands in `Cases/<topic>/about.md`; empty without it.
  let about: String

  /// `07-payments` is *Payments*.
  var title: String {
    let words = topic.drop { $0.isNumber || $0 == "-" }.replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  var text: String {
    var text = "# \(title)\n\n"
    if !about.isEmpty { text += about + "\n\n" }
    text +=
      "Made from the worked examples in "
      + "[`Tests/AccountingTests/Cases/\(topic)`](../../Tests/AccountingTests/Cases/\(topic)), "
      + "which the tests run\nthrough the rules and the store: this page says what the code does.\n"
    return text + cases.map { Self.section($0) }.joined()
  }

  private static func section(_ accountingCase: AccountingCase) -> String {
    var text = "\n## \(accountingCase.title)\n"
    if !accountingCase.text.isEmpty { text += "\n\(wrapped(accountingCase.text))\n" }
    let policies = accountingCase.policies.sorted { $0.key < $1.key }.map { entity, policies in
      "\(entity) " + policies.map { "`\($0.key): \($0.value)`" }.joined(separator: ", ")
    }
    if !policies.isEmpty { text += "\nPolicies: \(policies.joined(separator: "; ")).\n" }
    return text + accountingCase.steps.map { step($0) }.joined()
  }

  private static func step(_ step: CaseStep) -> String {
    var text = "\n\(step.action.caption)"
    switch step.outcome {
    case .done: break
    case .exception(let name): text += " stops: [`\(name)`](../problems.md#\(name))"
    case .waits: text += " waits"
    case .invalid(let code), .refused(let code):
      text += " is refused: [`\(code)`](../problems.md#\(code))"
    }
    if step.outcome == .done, step.entries.isEmpty { text += " (no entry)" }
    text += step.entries.isEmpty ? ".\n" : ":\n"
    if let sentence = step.text { text += "\n\(wrapped(sentence))\n" }
    return text + step.entries.map { table($0) }.joined()
  }

  private static func table(_ entry: ExpectedEntry) -> String {
    var words = [
      entry.table.map { "**\($0)**" }, entry.entity?.code, entry.ledger.map { "ledger \($0)" },
      entry.kind.map { "`\($0.rawValue)`" }, entry.date?.text, entry.currency?.code,
    ].compactMap { $0 }
    if let functional = entry.functional { words.append("in the books \(functional)") }
    var text = "\n" + words.joined(separator: " · ") + "\n\n"
    let unit = entry.functional == nil ? "" : " \(entry.currency?.code ?? "")"
    text += "| Role | Debit\(unit) | Credit\(unit) |"
    if let functional = entry.functional {
      text += " Debit \(functional) | Credit \(functional) |"
    }
    text += "\n|---|---:|---:|" + (entry.functional == nil ? "\n" : "---:|---:|\n")
    for line in entry.lines {
      text += "| \(label(of: line)) |" + cells(line.amount, line.side)
      if let functional = line.functional { text += cells(functional, line.side) }
      text += "\n"
    }
    return text
  }

  private static func label(of line: ExpectedEntry.Line) -> String {
    let account = line.account.map { "account \($0)" }
    let base = line.base.map { "base \(grouped($0))" }
    return ([line.role.words, line.note, account, line.tax, base, line.party] as [String?])
      .compactMap { $0 }.joined(separator: ", ")
  }

  private static func cells(_ amount: String, _ side: Side) -> String {
    let text = amount.allSatisfy { "0.".contains($0) } ? "–" : grouped(amount)
    return side == .debit ? " \(text) | |" : " | \(text) |"
  }

  /// With commas between thousands.
  static func grouped(_ amount: String) -> String {
    let parts = amount.split(separator: ".", omittingEmptySubsequences: false)
    let sign = parts[0].hasPrefix("-") ? "−" : ""
    let digits = Array(parts[0].drop { $0 == "-" })
    var whole = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { whole.append(",") }
      whole.append(digit)
    }
    return sign + whole + (parts.count > 1 ? "." + parts[1] : "")
  }

  /// Lines of at most 100 characters.
  private static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, last.count + 1 + word.count <= 100 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension CaseStep.Action {
  fileprivate var caption: String {
    func run(_ verb: String, _ run: EntityPeriod) -> String {
      "`postern \(verb) --entity \(run.entity) --period \(run.period)"
        + (run.ledger == EntryHead.primaryLedger ? "`" : " --ledger \(run.ledger)`")
    }
    switch self {
    case .submit(let document):
      let revision = document.revision.map { ", revision \($0)" } ?? ""
      return "`\(document.type)` \(document.id)\(revision), \(document.date)"
    case .reverse(let identity): return "`postern reverse \(identity)`"
    case .post: return "The ERPs have posted everything so far"
    case .recognise(let period): return run("recognise", period)
    case .accrue(let period): return run("accrue", period)
    case .revalue(let period): return run("revalue", period)
    case .summarise(let period): return run("summarise", period)
    case .close(let period): return "\(period.entity) closes \(period.period)"
    case .open(let period): return "\(period.entity) opens \(period.period)"
    case .book(let entry): return "Booked in the ERP: \(entry.description)"
    }
  }
}

extension AccountRole {
  /// `deferredRevenue` is *deferred revenue*, `realisedFXGain` *realised FX gain*.
  fileprivate var words: String {
    var text = ""
    for character in rawValue.replacing("FX", with: " FX ") {
      text +=
        character.isUppercase && !text.hasSuffix(" ") && !text.hasSuffix("F")
        ? " " + character.lowercased() : String(character)
    }
    return text.replacing("FX Gain", with: "FX gain").replacing("FX Loss", with: "FX loss")
      .replacing("FX Clearing", with: "FX clearing").replacing(
        "FX Difference", with: "FX difference"
      )
      .trimmingCharacters(in: .whitespaces)
  }
}
