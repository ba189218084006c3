import Ledger

/// The journal format of hledger 1.25 and later.
///
/// Accounts and commodities are declared before their first use, so that `hledger check --strict` finds
/// them; amounts have no group separators; costs are total (`@@`), because unit prices round.
struct HledgerJournal: JournalWriter {
  private let accounts: AccountPaths
  private var declared: Set<String> = []
  private var currencies: Set<Currency> = []

  init(_ accounts: AccountPaths) { self.accounts = accounts }

  func head() -> String {
    "; Journal of Postern. The code is the document's reference, 'postingkey' the entry's key.\n"
      + "decimal-mark .\n"
  }

  mutating func text(of exported: ExportedEntry) -> String {
    let entry = exported.entry
    let head = entry.head
    var declarations = ""
    var lines = ""
    for line in entry.lines {
      let amount = ExportedAmount(line)
      for currency in amount.currencies where currencies.insert(currency).inserted {
        let decimals = String(repeating: "0", count: currency.decimals)
        declarations += "commodity 1000.\(decimals) \(currency.code)\n"
      }
      let path = accounts.path(of: line, in: head)
      if declared.insert(path).inserted { declarations += "account \(path)\n" }
      // Two blanks end the name of the account.
      lines += "    \(path)  \(amount.text())  ; role:\(line.role.rawValue)"
      if let party = line.party { lines += ", party:\(Self.tag(party))" }
      if let tax = line.tax { lines += ", tax:\(Self.tag(tax.code))" }
      lines += "\n"
    }
    let status = exported.state == "posted" ? "*" : "!"
    let code = PlainText.oneLine(head.reference, without: ["(", ")", ";"])
    let description = PlainText.oneLine(head.description, without: [";", "|"])
    var tags = [
      "postingkey:\(exported.key)", "entity:\(Self.tag(head.legalEntity.code))",
      "kind:\(head.kind.rawValue)", "document:\(Self.tag(head.source.document.description))",
    ]
    if let reverses = head.reverses { tags.append("reverses:\(Self.tag(reverses))") }
    return (declarations.isEmpty ? "" : "\n" + declarations)
      + "\n\(head.postingDate)=\(head.documentDate) \(status) (\(code)) \(description)"
      + "  ; \(tags.joined(separator: ", "))\n" + lines
  }

  /// The value of a tag ends at a comma.
  private static func tag(_ text: String) -> String { PlainText.oneLine(text, without: [","]) }
}
