import JournalExport
import Ledger
import Testing

@Suite struct JournalWriterTests {
  @Test func `hledger gets what the books are worth in total, and declarations before first use`()
    throws
  {
    #expect(
      try Sample.text(.hledger, [Sample.payment])
        == """
        ; Journal of Postern. The code is the document's reference, 'postingkey' the entry's key.
        decimal-mark .

        commodity 1000.00 EUR
        commodity 1000.00 USD
        account Assets:US01:1810
        account Expenses:US01:7000
        account Assets:US01:1200

        2026-04-15=2026-04-14 * (PAY 1) Payment of odd name  ; postingkey:KEY0000000000001, \
        entity:US01, kind:payment, document:billing/payment/PAY-1
            Assets:US01:1810  1000.00 EUR @@ 1090.00 USD  ; role:bank
            Expenses:US01:7000  10.00 USD  ; role:realisedFXLoss
            Assets:US01:1200  -1000.00 EUR @@ 1100.00 USD  ; role:receivable, party:C 1

        """)
  }

  @Test func `beancount gets two decimals at least, and text in quotes`() throws {
    #expect(
      try Sample.text(.beancount, [Sample.yen])
        == #"""
        ; Journal of Postern. The link is the entry's key.
        option "title" "Postern"
        option "inferred_tolerance_default" "*:0.000001"

        1900-01-01 open Assets:JP01-x:Receivable-x
        1900-01-01 open Income:JP01-x:4400-x2F-1

        2026-04-15 ! "a \"quoted\" \\ name" ^KEY0000000000002
          reference: "INV-1"
          document: "billing/invoice/INV-1"
          document_date: 2026-04-14
          entity: "jP01"
          kind: "invoice"
          Assets:JP01-x:Receivable-x  90.00 JPY
            role: "receivable"
            party: "C,1"
          Income:JP01-x:4400-x2F-1  -90.00 JPY
            role: "revenue"

        """#)
  }

  @Test func `a table has a row for each line, and no cell that a spreadsheet would compute`()
    throws
  {
    let rows = try Sample.text(.csv, [Sample.yen, Sample.payment])
      .split(separator: "\r\n").map(String.init)
    #expect(rows.count == 6)
    #expect(rows[1].contains(#","a ""quoted"" \ name","#), "\(rows[1])")
    #expect(rows[1].contains(#","C,1","#))
    #expect(rows[3].contains(",'=1+2,"), "\(rows[3])")
  }

  @Test func `no two accounts share a name`() {
    let codes = [
      "a", "A", "A-x", "a-x", "-x", "x", "/", "0/", "0", "4400/1", "4400-1", "4400-x2F-1", "Ä", "ä",
      "A-", "a-", "A--x", " ", "-",
    ]
    let paths = codes.map { code in
      AccountPaths().path(
        of: Sample.line(.revenue, code, .credit, "1.00", "EUR"),
        in: Sample.head(.invoice, "EUR", "EUR"))
    }
    #expect(Set(paths).count == codes.count, "\(paths)")
    for path in paths {
      for part in path.split(separator: ":", omittingEmptySubsequences: false) {
        #expect(part.first.map { $0.isASCII && ($0.isUppercase || $0.isNumber) } == true)
        #expect(part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
      }
    }
  }

  @Test func `a chart says what kind an account is, else its role does`() {
    var paths = AccountPaths()
    paths.tell(.equity, of: AccountCode("1200"), in: LegalEntityID("US01"))
    let line = Sample.line(.receivable, "1200", .debit, "1.00", "EUR")
    var head = Sample.head(.invoice, "EUR", "EUR")
    #expect(paths.path(of: line, in: head) == "Equity:US01:1200")
    #expect(AccountPaths().path(of: line, in: head) == "Assets:US01:1200")
    head.ledger = "IFRS"
    #expect(paths.path(of: line, in: head) == "Equity:US01:IFRS:1200")
  }
}
