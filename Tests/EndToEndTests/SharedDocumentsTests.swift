import Foundation
import FoundationXML
import TestSupport
import Testing

/// Every public sample invoice, against what it says itself.
@Suite(
  .enabled(if: SharedData.isPresent, "the sample documents are not beside the repository"))
struct SharedDocumentsTests {
  static let files =
    SharedData.files(in: "en16931", withExtensions: ["xml", "XML"])
    + SharedData.files(in: "peppol", withExtensions: ["xml", "XML"])

  @Test func `every sample document's entries agree with its totals`() async throws {
    let files = Self.files
    try #require(files.count > 20)
    let desk = try await Desk("shared")
    let ending = try await Desk.run(
      ["explain"] + files.map { SharedData.path + "/" + $0 }
        + ["--output", "json", "--config", desk.configuration])
    let explained = try JSON(ending.output)["documents"].array
    #expect(ending.status == 0, "\(ending.errors)")
    try #require(explained.count == files.count)
    for (file, document) in zip(files, explained) {
      #expect(
        document["verdict"].string == "accepted",
        "\(file): \(document["errors"]) \(document["exceptions"])")
      let told = try TermsOfInvoice(file: SharedData.path + "/" + file)
      let sums = try Sums(of: document["entries"].array, sign: told.isCredit ? -1 : 1)
      #expect(sums.receivable == told.payable, "BT-115 of \(file)")
      #expect(sums.tax == told.tax, "BT-110 of \(file)")
      #expect(sums.net == told.net, "BT-109 of \(file)")
      #expect(sums.prepaid == told.prepaid, "BT-113 of \(file)")
      #expect(sums.rounding == told.rounding, "BT-114 of \(file)")
    }
  }

  @Test func `every sample document is taken, or conflicts with one of its number`() async throws {
    let desk = try await Desk("shared-submit")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    let paths = Self.files.map { SharedData.path + "/" + $0 }
    let first = try await Desk.run(
      ["submit"] + paths + ["--output", "json", "--config", desk.configuration])
    let totals = try JSON(first.output)["totals"]
    #expect(totals["invalid"].int == 0 && totals["exception"].int == 0)
    let accepted = try #require(totals["accepted"].int)
    // A conflict is an open exception, which the exit status tells.
    try await desk.settle(status: totals["conflict"].int == 0 ? 0 : 1)
    let books = try await erp.journal("DEMO")
    #expect(books.count == (try await desk.keys().count))
    #expect(
      try await desk.json("list", "documents", "--state", "posted", "--limit", "1000")[
        "documents"
      ].array.count == accepted)
    #expect(
      try await desk.json("reconcile")["reconciliations"].array.allSatisfy {
        $0["tiesOut"] == .bool(true)
      })
  }
}

/// What the entries of one document add up to by role, in the document's own direction.
private struct Sums {
  var receivable = Decimal.zero
  var tax = Decimal.zero
  var net = Decimal.zero
  var prepaid = Decimal.zero
  var rounding = Decimal.zero

  struct UnknownRole: Error { let role: String }

  /// - Parameter sign: −1 for a credit note.
  init(of entries: [JSON], sign: Decimal) throws {
    for line in entries.flatMap({ $0["lines"].array }) {
      let amount = try #require(line["amount"].string.flatMap { Decimal(string: $0) })
      let debit = sign * (line["side"].string == "debit" ? amount : -amount)
      switch line["role"].string ?? "" {
      case "receivable", "customerCredit": receivable += debit
      case "taxPayable": tax -= debit
      case "revenue", "discount", "deferredRevenue", "customerAdvance": net -= debit
      case "unappliedCash": prepaid += debit
      case "rounding": rounding -= debit
      case let role: throw UnknownRole(role: role)
      }
    }
  }
}

/// The totals an invoice states, read with other means than the product's.
private struct TermsOfInvoice {
  let isCredit: Bool
  let net: Decimal
  let tax: Decimal
  let prepaid: Decimal
  let rounding: Decimal
  let payable: Decimal

  private static let creditCodes: Set<String> = ["81", "83", "381", "396", "532"]

  init(file: String) throws {
    let document = try XMLDocument(data: Data(contentsOf: URL(fileURLWithPath: file)), options: [])
    let root = try #require(document.rootElement())
    let isUBL = root.localName != "CrossIndustryInvoice"
    func texts(_ path: [String], with attribute: (String, String)? = nil) throws -> [String] {
      let steps = path.map { "/*[local-name()='\($0)']" }.joined()
      let condition = attribute.map { "[@\($0.0)='\($0.1)']" } ?? ""
      return try root.nodes(forXPath: "/*\(steps)\(condition)").compactMap {
        $0.stringValue?.trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
    func amount(_ path: [String], _ attribute: (String, String)? = nil) throws -> Decimal {
      try texts(path, with: attribute).first.flatMap { Decimal(string: $0) } ?? 0
    }
    if isUBL {
      let currency = try texts(["DocumentCurrencyCode"]).first ?? ""
      let code = try texts(["InvoiceTypeCode"]).first ?? ""
      isCredit = root.localName == "CreditNote" || Self.creditCodes.contains(code)
      let total = "LegalMonetaryTotal"
      net = try amount([total, "TaxExclusiveAmount"])
      tax = try amount(["TaxTotal", "TaxAmount"], ("currencyID", currency))
      prepaid = try amount([total, "PrepaidAmount"])
      rounding = try amount([total, "PayableRoundingAmount"])
      payable = try amount([total, "PayableAmount"])
    } else {
      let settlement = ["SupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement"]
      let total = settlement + ["SpecifiedTradeSettlementHeaderMonetarySummation"]
      let currency = try texts(settlement + ["InvoiceCurrencyCode"]).first ?? ""
      let code = try texts(["ExchangedDocument", "TypeCode"]).first ?? ""
      isCredit = Self.creditCodes.contains(code)
      net = try amount(total + ["TaxBasisTotalAmount"])
      let named = try texts(total + ["TaxTotalAmount"], with: ("currencyID", currency))
      let plain = try texts(total + ["TaxTotalAmount"])
      tax = (named.first ?? plain.first).flatMap { Decimal(string: $0) } ?? 0
      prepaid = try amount(total + ["TotalPrepaidAmount"])
      rounding = try amount(total + ["RoundingAmount"])
      payable = try amount(total + ["DuePayableAmount"])
    }
  }
}
