internal import Ledger
internal import PosternService
internal import PostingEngine
internal import PostingRules

/// One document's entries as tables that an accountant reads.
struct ExplanationText {
  let text: String

  /// - Parameter file: names a document that says nothing of itself.
  init(_ explanation: DocumentExplanation, from file: String, showsConsidered: Bool) {
    let verdict = explanation.verdict
    var parts = ["\(verdict.name ?? file): \(verdict.kind.rawValue)"]
    if let waiting = verdict.waiting { parts.append("  \(waiting)") }
    for error in verdict.errors {
      parts.append(
        "  \(error.pointer.isEmpty ? "/" : error.pointer) \(error.code): \(error.detail)")
      parts.append("    fix: \(error.fix)")
    }
    for exception in verdict.exceptions {
      parts.append("  \(exception.exceptionClass): \(exception.cause)")
      parts.append("    fix: \(exception.fix)")
    }
    for (index, record) in explanation.entries.enumerated() {
      parts.append("")
      parts.append(ExplanationText.heading(record))
      parts.append(EntryText.table(record.entry))
      guard showsConsidered, explanation.considered.indices.contains(index) else { continue }
      for (number, rows) in explanation.considered[index].enumerated() {
        parts.append("  line \(number + 1):")
        for row in rows { parts.append("    \(row)") }
      }
    }
    text = parts.joined(separator: "\n") + "\n"
  }

  private static func heading(_ record: EntryRecord) -> String {
    let head = record.entry.head
    var text =
      "\(head.description)\n\(head.legalEntity), \(head.postingDate), \(head.kind.rawValue)"
    text += ", \(head.currency)"
    if let rate = head.rate {
      text += " (functional \(rate.to), \(rate.rate) of \(rate.date) from \(rate.source))"
    }
    return text + ", key \(record.key)"
  }
}

/// The lines of an entry.
enum EntryText {
  static func table(_ entry: JournalEntry) -> String {
    let isForeign = entry.head.currency != entry.head.functionalCurrency
    var columns: [(title: String, alignment: TextTable.Alignment)] = [
      ("Account", .left), ("Role", .left), ("Debit", .right), ("Credit", .right),
    ]
    if isForeign {
      let code = entry.head.functionalCurrency.code
      columns += [("Debit \(code)", .right), ("Credit \(code)", .right)]
    }
    columns += [("For", .left), ("Why", .left)]
    var table = TextTable(columns)
    for line in entry.lines {
      var cells = [line.account.code, line.role.rawValue]
      cells += sides(line.side, line.amount)
      if isForeign { cells += sides(line.side, line.functionalAmount) }
      cells += [
        line.description,
        "\(line.reason.table) row \(line.reason.row): \(line.reason.because)",
      ]
      table.add(cells)
    }
    var total = ["", "Total", sum(entry, .debit, \.amount), sum(entry, .credit, \.amount)]
    if isForeign {
      total += [sum(entry, .debit, \.functionalAmount), sum(entry, .credit, \.functionalAmount)]
    }
    table.add(total + ["", ""])
    return table.text(width: Console.width)
  }

  private static func sides(_ side: Side, _ amount: Money) -> [String] {
    let text = amount.isZero ? "–" : amount.text
    return side == .debit ? [text, ""] : ["", text]
  }

  private static func sum(
    _ entry: JournalEntry, _ side: Side, _ amount: KeyPath<JournalLine, Money>
  ) -> String {
    let amounts = entry.lines.filter { $0.side == side }.map { $0[keyPath: amount] }
    return amounts.dropFirst().reduce(amounts.first) { sum, next in sum.map { $0 + next } }?.text
      ?? ""
  }
}
