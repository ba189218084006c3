import Foundation
import Intake
import Ledger
import TestSupport
import Testing
import XMLTree

@Suite struct EN16931ReaderTests {
  static let source = IntakeSource(
    code: "billing", entity: LegalEntityID("DEMO"), approval: .trusted)

  /// A document of one line, with its parts to be varied.
  static func invoice(
    net: String = "100.00", rate: String = "19", tax: String = "19.00", gross: String = "119.00",
    extra: String = "", name: String = "Seats", lines: Int = 1
  ) -> String {
    let schema = "urn:oasis:names:specification:ubl:schema:xsd:"
    func amount(_ name: String, _ value: String) -> String {
      "<cbc:\(name) currencyID='EUR'>\(value)</cbc:\(name)>"
    }
    let line = """
      <cac:InvoiceLine><cbc:ID>1</cbc:ID>\(amount("LineExtensionAmount", net))<cac:Item>\
      <cbc:Name>\(name)</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>\
      <cbc:Percent>\(rate)</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item></cac:InvoiceLine>
      """
    return """
      <Invoice xmlns="\(schema)Invoice-2" xmlns:cac="\(schema)CommonAggregateComponents-2" \
      xmlns:cbc="\(schema)CommonBasicComponents-2"><cbc:ID>RE-1</cbc:ID>\
      <cbc:IssueDate>2026-10-31</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>\
      <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>\(extra)\
      <cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity>\
      <cbc:RegistrationName>Kontor Sieben KG</cbc:RegistrationName></cac:PartyLegalEntity>\
      </cac:Party></cac:AccountingCustomerParty><cac:TaxTotal>\(amount("TaxAmount", tax))\
      <cac:TaxSubtotal>\(amount("TaxableAmount", net))\(amount("TaxAmount", tax))\
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>\(rate)</cbc:Percent></cac:TaxCategory>\
      </cac:TaxSubtotal></cac:TaxTotal><cac:LegalMonetaryTotal>\
      \(amount("LineExtensionAmount", net))\(amount("TaxExclusiveAmount", net))\
      \(amount("TaxInclusiveAmount", gross))\(amount("PayableAmount", gross))\
      </cac:LegalMonetaryTotal>\(String(repeating: line, count: lines))</Invoice>
      """
  }

  private func codes(_ text: String, limits: IntakeLimits = .standard) -> [String] {
    switch EN16931Reader(source: Self.source, limits: limits).read(Array(text.utf8)) {
    case .document: []
    case .refused(let refusal): refusal.problems.map(\.code)
    }
  }

  @Test(arguments: [
    ("100.00", "19", "19.00", "119.00", true), ("100.00", "19", "20.00", "120.00", true),
    ("100.00", "19", "18.00", "118.00", true), ("100.00", "19", "20.01", "120.01", false),
    ("100.00", "19", "17.99", "117.99", false), ("-100.00", "19", "-20.00", "-120.00", true),
    ("-100.00", "19", "-20.01", "-120.01", false), ("0.50", "1", "1.01", "1.51", true),
    ("0.50", "1", "1.02", "1.52", false), ("-0.50", "1", "-1.01", "-1.51", true),
    ("-0.50", "1", "-1.02", "-1.52", false), ("-0.50", "1", "1.00", "0.50", true),
    ("-0.50", "1", "1.01", "0.51", false), ("100.00", "5.5", "5.50", "105.50", true),
    ("999999999999.99", "0", "0", "999999999999.99", true),
  ])
  func `lets the tax of a group be one currency unit off, rounded either way`(
    net: String, rate: String, tax: String, gross: String, passes: Bool
  ) {
    let text = Self.invoice(net: net, rate: rate, tax: tax, gross: gross)
    #expect(codes(text) == (passes ? [] : ["br_co_17"]))
  }

  @Test func `skips attachments unread, however large`() {
    let blob = String(repeating: "QUJD", count: 600_000)
    let attachment = """
      <cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>\
      <cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf">\(blob)\
      </cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>
      """
    #expect(codes(Self.invoice(extra: attachment)) == [])
    #expect(codes(Self.invoice(extra: "<cbc:Note>\(blob)</cbc:Note>")) == ["too_large"])
  }

  @Test func `refuses what is beyond the limits`() {
    let deep = String(repeating: "<cac:X>", count: 70) + String(repeating: "</cac:X>", count: 70)
    #expect(codes(Self.invoice(extra: deep)) == ["too_deep"])
    let limits = IntakeLimits(bodyBytes: 20_000, lines: 2)
    #expect(
      codes(Self.invoice(name: String(repeating: "x", count: 30_000)), limits: limits) == [
        "too_large"
      ])
    #expect(codes(Self.invoice(lines: 2), limits: limits) == ["br_co_10"])
    #expect(codes(Self.invoice(lines: 3), limits: limits) == ["too_large"])
  }

  @Test func `refuses sums past what can be held`() {
    let text = Self.invoice(net: "9999999999999.99", rate: "0", tax: "0", gross: "9999999999999.99")
    #expect(codes(text) == [])
    let doubled = text.replacingOccurrences(
      of: "<cbc:TaxInclusiveAmount currencyID='EUR'>9999999999999.99",
      with: "<cbc:TaxInclusiveAmount currencyID='EUR'>10000000000000.00")
    #expect(codes(doubled) == ["amount_too_large"])
  }

  @Test func `lists a thousand problems at most`() {
    let listed = codes(Self.invoice(net: "x", lines: 2_000))
    #expect(listed.count == 1_000)
    #expect(listed.last == "more_problems")
  }

  /// Numbering each by trying all numbers before it would take minutes.
  @Test(.timeLimit(.minutes(5)))
  func `numbers line ids that are all the same`() throws {
    let text = Self.invoice(net: "0", tax: "0", gross: "0", lines: 10_000)
    guard case .document(let document) = EN16931Reader(source: Self.source).read(Array(text.utf8))
    else {
      Issue.record("refused")
      return
    }
    let ids = try #require(document.content).lines.map(\.id)
    #expect(Set(ids).count == 10_000)
    #expect(ids.last == "1#10000")
  }

  @Test func `refuses every beginning of a document`() {
    let bytes = Array(Self.invoice().utf8)
    let reader = EN16931Reader(source: Self.source)
    for length in 0..<bytes.count {
      guard case .refused(let refusal) = reader.read(Array(bytes.prefix(length))) else {
        Issue.record("took the first \(length) bytes")
        return
      }
      #expect(refusal.problems.map(\.code) == ["invalid_xml"], "\(length) bytes")
    }
  }

  @Test(arguments: Seed.forThisRun)
  func `takes only documents that tie, whatever bytes change`(seed: Seed) {
    var random = SeededGenerator(seed)
    let original = Array(Self.invoice(lines: 1).utf8)
    let reader = EN16931Reader(source: Self.source)
    let digits = Array("0123456789.-<>&'\" aZ".utf8)
    for _ in 0..<100 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = digits[Int.random(in: digits.indices, using: &random)]
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      switch reader.read(bytes) {
      case .refused(let refusal):
        #expect(!refusal.problems.isEmpty)
        #expect(refusal.problems.allSatisfy { !$0.detail.isEmpty && !$0.fix.isEmpty })
      case .document(let document):
        guard let content = document.content else {
          Issue.record("no invoice and no credit memo")
          continue
        }
        let net = content.lines.reduce(Money.zero(document.currency)) { $0 + $1.net }
        #expect(content.totals.net == net)
        #expect(content.totals.gross == content.totals.net + content.totals.tax)
      }
    }
  }

  @Test func `tells the roots that it reads`() {
    let schema = "urn:oasis:names:specification:ubl:schema:xsd:"
    #expect(EN16931Reader.reads(XMLName("Invoice", in: schema + "Invoice-2")))
    #expect(EN16931Reader.reads(XMLName("CreditNote", in: schema + "CreditNote-2")))
    #expect(!EN16931Reader.reads(XMLName("Invoice", in: schema + "CreditNote-2")))
    #expect(!EN16931Reader.reads(XMLName("Invoice")))
  }
}
