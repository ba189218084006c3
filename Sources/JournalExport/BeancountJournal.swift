import Ledger

/// The format of beancount 2 and 3.
struct BeancountJournal: JournalWriter {
  private let accounts: AccountPaths
  private var opened: Set<String> = []

  /// Without decimals an amount would have no tolerance, and a total cost that is turned into a unit
  /// price of 28 digits would not balance again.
  private static let decimals = 2
  /// Before any entry can be.
  private static let opening = "1900-01-01"

  init(_ accounts: AccountPaths) { self.accounts = accounts }

  func head() -> String {
    """
    ; Journal of Postern. The link is the entry's key.
    option "title" "Postern"
    option "inferred_tolerance_default" "*:0.000001"

    """
  }

  mutating func text(of exported: ExportedEntry) -> String {
    let entry = exported.entry
    let head = entry.head
    var openings = ""
    var lines = ""
    for line in entry.lines {
      let path = accounts.path(of: line, in: head)
      if opened.insert(path).inserted { openings += "\(Self.opening) open \(path)\n" }
      lines += "  \(path)  \(ExportedAmount(line).text(decimals: Self.decimals))\n"
      lines += "    role: \"\(line.role.rawValue)\"\n"
      if let party = line.party { lines += "    party: \(Self.quoted(party))\n" }
      if let tax = line.tax { lines += "    tax: \(Self.quoted(tax.code))\n" }
    }
    let flag = exported.state == "posted" ? "*" : "!"
    var text = openings.isEmpty ? "" : "\n" + openings
    text += "\n\(head.postingDate) \(flag) \(Self.quoted(head.description)) ^\(exported.key)\n"
    text += "  reference: \(Self.quoted(head.reference))\n"
    text += "  document: \(Self.quoted(head.source.document.description))\n"
    text += "  document_date: \(head.documentDate)\n"
    text += "  entity: \(Self.quoted(head.legalEntity.code))\n"
    text += "  kind: \"\(head.kind.rawValue)\"\n"
    if let reverses = head.reverses { text += "  reverses: \(Self.quoted(reverses))\n" }
    return text + lines
  }

  private static func quoted(_ text: String) -> String {
    let escaped = PlainText.oneLine(text).unicodeScalars.reduce(into: "") { result, scalar in
      if scalar == "\"" || scalar == "\\" { result.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return "\"\(escaped)\""
  }
}
