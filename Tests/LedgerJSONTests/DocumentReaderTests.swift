import Ledger
import LedgerJSON
import StrictJSON
import TestSupport
import Testing

@Suite struct DocumentReaderTests {
  private static func read(
    _ text: String, _ options: DocumentReader.Options = DocumentReader.Options()
  ) -> Result<Document, DocumentFaults> {
    DocumentReader(options).read(Array(text.utf8))
  }

  /// What is wrong with a text, as `code pointer`.
  private static func faults(
    _ text: String, _ options: DocumentReader.Options = DocumentReader.Options()
  ) -> [String] {
    switch read(text, options) {
    case .success: []
    case .failure(let faults): faults.problems.map { "\($0.code) \($0.pointer)" }
    }
  }

  @Test func `reads the example of the contract`() throws {
    let eur = try #require(Currency("EUR"))
    let document = try DocumentReaderTests.read(Samples.example).get()
    #expect(
      document.identity
        == DocumentIdentity(source: "billing-eu", type: .invoice, id: "INV-2026-00042"))
    #expect(document.revision == 1)
    #expect(document.entity == LegalEntityID("ACME-DE"))
    #expect(document.reference == "INV-2026-00042")
    #expect(document.documentDate.text == "2026-10-31")
    #expect(
      document.customer
        == Customer(id: "C-1007", name: "Nordlicht GmbH", country: "DE", taxID: "DE123456789"))
    #expect(
      document.approval == Approval(by: "billing-run-2026-10", at: "2026-10-31T22:15:00Z"))
    guard case .invoice(let invoice) = document.body else {
      Issue.record("an invoice has the body of an invoice")
      return
    }
    #expect(invoice.dueDate?.text == "2026-11-30")
    #expect(invoice.content.totals.payable == Money(minorUnits: 149_940, eur))
    #expect(invoice.content.lines.map(\.kind) == [.charge, .usage])
    let usage = invoice.content.lines[1]
    #expect(usage.quantity?.text == "120000")
    #expect(usage.unitPrice?.text == "0.0005")
    #expect(usage.usage?.meter == "api-calls")
    #expect(usage.usage?.period.dayCount == 31)
    #expect(invoice.content.lines[0].servicePeriod?.dayCount == 365)
    #expect(
      try usage.taxes == [
        TaxDetail(
          code: "DE-19", category: .standard, rate: ExactDecimal("19"),
          base: Money(minorUnits: 6_000, eur), amount: Money(minorUnits: 1_140, eur))
      ])
  }

  @Test func `reads every type of document`() throws {
    let types = try Samples.all.map { try DocumentReaderTests.read($0).get().identity.type }
    #expect(types == DocumentType.handedOver)
  }

  @Test(arguments: [
    // Envelope
    (#""type": "invoice""#, #""type": "bill""#, "unknown_value /type"),
    (#""type": "invoice""#, #""type": "periodRun""#, "unknown_value /type"),
    (#""type": "invoice""#, #""schema": "2", "type": "invoice""#, "unknown_value /schema"),
    (#""source": "billing-eu""#, #""source": """#, "invalid_id /source"),
    (#""source": "billing-eu""#, #""source": "a/b""#, "invalid_id /source"),
    (#""source": "billing-eu", "#, "", "missing_field /source"),
    (#""id": "INV-2026-00042""#, #""id": 42"#, "wrong_type /id"),
    (#""id": "INV-2026-00042""#, #""id": "a\u0007""#, "invalid_id /id"),
    (#""id": "INV-2026-00042""#, #""id": "  ""#, "invalid_id /id"),
    (#""id": "INV-2026-00042""#, #""id": "\u0085""#, "invalid_id /id"),
    (#""entity": "ACME-DE","#, "", "missing_field /entity"),
    (#""entity": "ACME-DE""#, #""entity": null"#, "wrong_type /entity"),
    (#""currency": "EUR""#, #""currency": "EUX""#, "unknown_currency /currency"),
    (#""currency": "EUR""#, #""currency": "eur""#, "unknown_currency /currency"),
    (
      #""documentDate": "2026-10-31""#, #""documentDate": "2026-02-30""#,
      "invalid_date /documentDate"
    ),
    (
      #""documentDate": "2026-10-31""#, #""documentDate": "31.10.2026""#,
      "invalid_date /documentDate"
    ),
    (#""dueDate": "2026-11-30""#, #""dueDate": 20261130"#, "wrong_type /dueDate"),
    (#""dueDate""#, #""dueOn""#, "unknown_field /dueOn"),
    (#""dueDate": "2026-11-30""#, #""appliesTo": []"#, "unknown_field /appliesTo"),
    (#""dueDate": "2026-11-30""#, #""mirrored": true"#, "unknown_field /mirrored"),
    (#""dueDate": "2026-11-30""#, #""revision": 0"#, "out_of_range /revision"),
    (#""dueDate": "2026-11-30""#, #""revision": 1.0"#, "out_of_range /revision"),
    (#""dueDate": "2026-11-30""#, #""revision": "2""#, "wrong_type /revision"),
    (#""dueDate": "2026-11-30""#, #""custom": {"a/b": 1}"#, "wrong_type /custom/a~1b"),
    (#""dueDate": "2026-11-30""#, #""custom": {"": "x"}"#, "invalid_id /custom/"),
    (#""dueDate": "2026-11-30""#, #""dimensions": []"#, "wrong_type /dimensions"),
    (
      #""dueDate": "2026-11-30""#,
      #""exchangeRate": {"to": "USD", "rate": "0", "date": "2026-10-31", "source": "ECB"}"#,
      "out_of_range /exchangeRate/rate"
    ),
    (
      #""dueDate": "2026-11-30""#,
      #""exchangeRate": {"to": "USD", "rate": 1.1, "date": "2026-10-31", "source": "ECB"}"#,
      "amount_not_string /exchangeRate/rate"
    ),
    (#""country": "DE""#, #""country": "Germany""#, "unknown_value /customer/country"),
    (#""name": "Nordlicht GmbH""#, #""name": "a\u0000b""#, "invalid_text /customer/name"),
    (#""id": "C-1007", "#, "", "missing_field /customer/id"),
    (
      #""approval": { "by": "billing-run-2026-10", "at": "2026-10-31T22:15:00Z" },"#, "",
      "not_approved /approval"
    ),
    (#", "at": "2026-10-31T22:15:00Z""#, "", "missing_field /approval/at"),
    (#""2026-10-31T22:15:00Z""#, #""2026-10-31T22:15:00""#, "invalid_moment /approval/at"),
    // Lines
    (#""id": "2""#, #""id": "1""#, "duplicate_line /lines/1/id"),
    (#""kind": "usage""#, #""kind": "refund""#, "unknown_value /lines/1/kind"),
    (#""product": "API-CALLS", "#, "", "missing_field /lines/1/product"),
    (#""net": "60.00""#, #""net": 60.00"#, "amount_not_string /lines/1/net"),
    (#""net": "60.00""#, #""net": "60.000""#, "too_many_decimals /lines/1/net"),
    (#""net": "60.00""#, #""net": "6e1""#, "invalid_amount /lines/1/net"),
    (#""net": "60.00""#, #""net": "6,000.00""#, "invalid_amount /lines/1/net"),
    (#""net": "60.00""#, #""net": "\u0036""#, "invalid_amount /lines/1/net"),
    (#""net": "60.00""#, #""net": "+60""#, "invalid_amount /lines/1/net"),
    (#""net": "60.00""#, #""net": "NaN""#, "invalid_amount /lines/1/net"),
    (#""net": "60.00""#, #""net": "10000000000000.00""#, "amount_too_large /lines/1/net"),
    (#""net": "60.00""#, #""net": null"#, "wrong_type /lines/1/net"),
    (
      #""unitPrice": "0.0005""#, #""unitPrice": "0.0000000000001""#,
      "too_many_decimals /lines/1/unitPrice"
    ),
    (#""unitPrice": "0.0005""#, #""unitPrice": 1"#, "amount_not_string /lines/1/unitPrice"),
    (
      #""category": "S", "rate": "19", "base": "60.00""#, #""category": "X", "base": "60.00""#,
      "unknown_value /lines/1/taxes/0/category"
    ),
    (
      #""rate": "19", "base": "60.00""#, #""rate": "-19", "base": "60.00""#,
      "out_of_range /lines/1/taxes/0/rate"
    ),
    (#""base": "60.00", "#, "", "missing_field /lines/1/taxes/0/base"),
    (
      #""base": "60.00", "#, #""base": "60.00", "accountingAmount": "1", "#,
      "unknown_field /lines/1/taxes/0/accountingAmount"
    ),
    (
      #""from": "2026-11-01", "through": "2027-10-31""#,
      #""from": "2027-11-01", "through": "2027-10-31""#, "invalid_period /lines/0/servicePeriod"
    ),
    (#""meter": "api-calls", "#, "", "missing_field /lines/1/usage/meter"),
    // Totals
    (#""net": "1260.00""#, #""net": "1260.01""#, "totals_net /totals/net"),
    (#""tax": "239.40""#, #""tax": "239.41""#, "totals_tax /totals/tax"),
    (#""gross": "1499.40""#, #""gross": "1499.41""#, "totals_gross /totals/gross"),
    (
      #""gross": "1499.40""#, #""gross": "1499.40", "payable": "1.00""#,
      "totals_payable /totals/payable"
    ),
    (#", "gross": "1499.40""#, "", "missing_field /totals/gross"),
    (
      #""gross": "1499.40""#, #""gross": "1499.40", "discount": "0""#,
      "unknown_field /totals/discount"
    ),
    (
      #""totals": {"#,
      #""documentTaxes": [{"code": "X", "base": "1260.00", "amount": "239.40"}], "totals": {"#,
      "tax_in_two_places /lines/0/taxes/0/base"
    ),
  ])
  func `names the fault and where it is`(
    original: String, replacement: String, expected: String
  ) {
    #expect(Samples.example.contains(original))
    let faults = DocumentReaderTests.faults(
      Samples.example.replacing(original, with: replacement, maxReplacements: 1))
    #expect(faults.first == expected)
  }

  @Test(arguments: [
    (Samples.creditMemo, #""71.00"}]"#, #""71.01"}]"#, "over_applied /appliesTo"),
    (
      Samples.creditMemo, #""accountingAmount":"130.00","#, "",
      "missing_field /documentTaxes/0/accountingCurrency"
    ),
    (
      Samples.creditMemo, #""130.00""#, #""130.005""#,
      "too_many_decimals /documentTaxes/0/accountingAmount"
    ),
    (
      Samples.creditMemo, #""130.00""#, #"130"#,
      "amount_not_string /documentTaxes/0/accountingAmount"
    ),
    (
      Samples.creditMemo, #""SEK""#, #""XXX""#,
      "unknown_currency /documentTaxes/0/accountingCurrency"
    ),
    (
      Samples.creditMemo, #""precedingInvoices""#, #""dueDate":"2026-10-31","precedingInvoices""#,
      "unknown_field /dueDate"
    ),
    (
      Samples.creditMemo, #""precedingInvoices":["INV-1"]"#, #""precedingInvoices":[1]"#,
      "wrong_type /precedingInvoices/0"
    ),
    (
      Samples.creditMemo, #""taxes":[{"code":"S-19"}]"#,
      #""taxes":[{"code":"S-19","amount":"11.40"}]"#, "tax_in_two_places /lines/0/taxes/0/amount"
    ),
    (Samples.payment, #""amount":"105.00""#, #""amount":"105.01""#, "over_applied /applications"),
    (Samples.payment, #""amount":"100.00""#, #""amount":"-100.00""#, "negative_amount /amount"),
    (Samples.payment, #""card""#, #""cash""#, "unknown_value /method"),
    (
      Samples.payment, #""120""#, #""-120""#,
      "negative_amount /applications/0/amountInInvoiceCurrency"
    ),
    (
      Samples.payment, #""120""#, #""1e2""#,
      "invalid_amount /applications/0/amountInInvoiceCurrency"
    ),
    (
      Samples.payment, #""120""#, #""120","invoiceCurrency":"JPY""#,
      "unknown_field /applications/0/invoiceCurrency"
    ),
    (Samples.payment, #","account":"stripe-eur""#, "", "missing_field /account"),
    (Samples.payment, #""kind":"processing","#, "", "missing_field /fees/0/kind"),
    (Samples.refund, #"{"payment":"P-1"}"#, "{}", "exactly_one /of"),
    (Samples.refund, #""payment":"P-1""#, #""payment":"P-1","creditMemo":"C""#, "exactly_one /of"),
    (
      Samples.refund, #""payment":"P-1""#, #""invoice":"I""#,
      "unknown_field /of/invoice, exactly_one /of"
    ),
    (Samples.chargeback, #""opened""#, #""closed""#, "unknown_value /stage"),
    (Samples.writeOff, "true", #""yes""#, "wrong_type /recovery"),
    (Samples.payout, #""items":["P-1""#, #""items":[{}"#, "wrong_type /items/0"),
    (
      Samples.application, #"[{"invoice":"INV-1","amount":"1.00"}]"#, "[]",
      "missing_field /applications"
    ),
    (Samples.void, #""type":"invoice""#, #""type":"entry""#, "unknown_value /of/type"),
    (Samples.milestone, #""percent":"33.3""#, #""percent":"100.1""#, "out_of_range /percent"),
    (Samples.milestone, #","percent":"33.3""#, "", "exactly_one /percent"),
    (
      Samples.milestone, #""percent":"33.3""#, #""percent":"1","amount":"1""#,
      "exactly_one /percent"
    ),
    (Samples.milestone, #""contract":"K-1","#, "", "missing_field /contract"),
    (Samples.contractChange, #""2026-11-15""#, #""2026-11-31""#, "invalid_date /effective"),
    (Samples.ratedUsage, #""count":2"#, #""count":3"#, "control_total /batch/count"),
    (Samples.ratedUsage, #""count":2"#, #""count":2.0"#, "out_of_range /batch/count"),
    (Samples.ratedUsage, #""1.30""#, #""1.31""#, "control_total /batch/amount"),
  ])
  func `names the fault of every other type`(
    sample: String, original: String, replacement: String, expected: String
  ) {
    #expect(sample.contains(original))
    let faults = DocumentReaderTests.faults(
      sample.replacing(original, with: replacement, maxReplacements: 1))
    #expect(faults.joined(separator: ", ") == expected)
  }

  @Test func `reports every fault at once, in the order of the contract`() {
    let text = #"""
      {"totals":{"net":"1","tax":0,"gross":"1"},"lines":[{"id":"1","net":"1.005"},{"id":"1"}],
       "curency":"EUR","currency":"EU","type":"invoice","customer":{},"id":"","documentDate":"x",
       "entity":"A","source":"s","dueDate":"2026-13-01","method":"card"}
      """#
    #expect(
      DocumentReaderTests.faults(text) == [
        "unknown_field /curency", "unknown_field /method", "invalid_id /id",
        "invalid_date /documentDate", "unknown_currency /currency", "missing_field /customer/id",
        "not_approved /approval", "invalid_date /dueDate", "missing_field /lines/0/product",
        "missing_field /lines/1/product", "missing_field /lines/1/net",
        "duplicate_line /lines/1/id",
        "amount_not_string /totals/tax",
      ])
  }

  @Test func `says what, why and what to do`() throws {
    let text = Samples.example.replacing(#""net": "1260.00""#, with: #""net": "1250.00""#)
    guard case .failure(let faults) = DocumentReaderTests.read(text) else {
      Issue.record("the totals do not add up")
      return
    }
    #expect(
      faults.problems.first
        == Problem(
          code: "totals_net", pointer: "/totals/net",
          detail: "totals.net is 1250.00 EUR, but the lines sum to 1260.00 EUR",
          fix:
            "Correct the totals or the lines in the billing system and hand the document over again"
        ))
    #expect(faults.source == "billing-eu")
    #expect(faults.type == .invoice)
    #expect(faults.id == "INV-2026-00042")
  }

  @Test func `takes source, entity and approval from the options`() throws {
    let text = Samples.example
      .replacing(#""source": "billing-eu", "#, with: "")
      .replacing(#", "entity": "ACME-DE""#, with: "")
      .replacing(
        #""approval": { "by": "billing-run-2026-10", "at": "2026-10-31T22:15:00Z" },"#, with: "")
    let options = DocumentReader.Options(defaultSource: "crm", isApprovalTrusted: true) {
      LegalEntityID("ACME-\($0?.country ?? "")-\($1?.code ?? "")")
    }
    let document = try DocumentReaderTests.read(text, options).get()
    #expect(document.identity.source == "crm")
    #expect(document.entity == LegalEntityID("ACME-DE-EUR"))
    #expect(document.approval == Approval(by: "crm", at: nil))
  }

  @Test func `takes tax in accounting currency with and without its currency`() throws {
    func stated(_ text: String) throws -> StatedAmount? {
      guard case .creditMemo(let memo) = try DocumentReaderTests.read(text).get().body else {
        return nil
      }
      return memo.content.documentTaxes.first?.accountingAmount
    }
    let unnamed = Samples.creditMemo.replacing(#","accountingCurrency":"SEK""#, with: "")
    let krona = try #require(Currency("SEK"))
    #expect(try stated(Samples.creditMemo) == StatedAmount(ExactDecimal(130), in: krona))
    #expect(try stated(unnamed) == StatedAmount(ExactDecimal(130)))
    let negative = unnamed.replacing(#""130.00""#, with: #""-0.005""#)
    #expect(try stated(negative) == StatedAmount(try ExactDecimal("-0.005")))
  }

  @Test(arguments: ["120", "0.5", "0"])
  func `takes an amount in the currency of the invoice as it is`(amount: String) throws {
    let text = Samples.payment.replacing(#""120""#, with: "\"\(amount)\"")
    guard case .payment(let payment) = try DocumentReaderTests.read(text).get().body else {
      Issue.record("a payment has the body of a payment")
      return
    }
    #expect(
      try payment.applications.first?.amountInInvoiceCurrency == ExactDecimal(amount))
  }

  @Test(arguments: [
    ("payout", Samples.payout, true), ("void", Samples.void, true),
    ("ratedUsage", Samples.ratedUsage, true), ("payment", Samples.payment, false),
    ("refund", Samples.refund, false),
  ])
  func `asks for a customer where there is one`(
    name: String, sample: String, isOptional: Bool
  ) throws {
    let text = sample.replacing(#""customer":{"id":"C-1007"},"#, with: "")
    #expect(text != sample)
    #expect(DocumentReaderTests.faults(text) == (isOptional ? [] : ["missing_field /customer"]))
    #expect(try DocumentReaderTests.read(sample).get().customer?.id == "C-1007")
  }

  @Test(arguments: [
    ("a|b / c", true), (String(repeating: "x", count: 256), true),
    (String(repeating: "é", count: 256), true), (String(repeating: "é", count: 257), false),
    (String(repeating: "x", count: 257), false), ("x\u{7F}", false), ("x\u{2028}", false),
    (" x", true), ("Ω", true),
  ])
  func `takes ids of 1 to 256 printable characters`(id: String, isTaken: Bool) {
    let text = Samples.example.replacing("INV-2026-00042", with: id)
    #expect(DocumentReaderTests.faults(text) == (isTaken ? [] : ["invalid_id /id"]))
  }

  @Test func `negative totals are refused, or left to be mirrored when all agree`() throws {
    let line = #""lines":[{"id":"1","product":"P","net":"-5.00"}],"#
    func text(_ totals: String) -> String {
      Samples.refund
        .replacing(#""type":"refund""#, with: #""type":"invoice""#)
        .replacing(
          #""amount":"10.00","account":"bank-1","of":{"payment":"P-1"}"#,
          with: line + "\"totals\":{\(totals)}")
    }
    let mirrored = DocumentReader.Options(allowsNegativeGross: true)
    let allNegative = #""net":"-5.00","tax":"0","gross":"-5.00""#
    #expect(
      DocumentReaderTests.faults(text(allNegative)) == [
        "negative_amount /totals/net", "negative_amount /totals/gross",
      ])
    #expect(DocumentReaderTests.faults(text(allNegative), mirrored) == [])
    #expect(
      DocumentReaderTests.faults(text(#""net":"-5.00","tax":"6.00","gross":"1.00""#), mirrored)
        == ["negative_amount /totals/net", "totals_tax /totals/tax"])
    #expect(
      DocumentReaderTests.faults(text(#""net":"-5.00","tax":"1.00","gross":"-4.00""#), mirrored)
        == ["negative_amount /totals/tax", "totals_tax /totals/tax"])
  }

  @Test func `limits the lines of a document and the faults reported`() {
    let options = DocumentReader.Options(maximumLines: 1)
    #expect(DocumentReaderTests.faults(Samples.example, options) == ["too_large /lines"])
    let lines = Array(repeating: "{}", count: 5_000).joined(separator: ",")
    #expect(
      DocumentReaderTests.faults("{\"type\":\"invoice\",\"lines\":[\(lines)]}").count == 1_000)
  }

  @Test(arguments: Samples.all)
  func `a document that is cut off anywhere is refused`(sample: String) {
    let bytes = Array(sample.utf8)
    for length in 0..<bytes.count {
      if case .success = DocumentReader().read(Array(bytes[..<length])) {
        Issue.record("read after \(length) of \(bytes.count) bytes")
      }
    }
  }

  @Test(arguments: Samples.all)
  func `a document with a value of another kind anywhere is refused`(sample: String) throws {
    let values = try JSONText(sample).withBorrowed { json in
      json.scalars(in: BorrowedJSON.root).map {
        Int(json.nodes[$0].start)..<Int(json.nodes[$0].end)
      }
    }
    #expect(values.count > 8)
    for value in values {
      for wrong in ["null", "[[]]", "1.5", "{\"~\":0}"] {
        var bytes = Array(sample.utf8)
        let isString = bytes[value.lowerBound - 1] == UInt8(ascii: "\"")
        let range =
          isString ? value.lowerBound - 1..<value.upperBound + 1 : value
        let original = String(decoding: bytes[range], as: UTF8.self)
        bytes.replaceSubrange(range, with: Array(wrong.utf8))
        if case .success = DocumentReader().read(bytes) {
          Issue.record("took \(wrong) for \(original) at byte \(range.lowerBound)")
        }
      }
    }
  }

  @Test(arguments: [
    (#"{"type":"invoice","type":"invoice"}"#, "duplicate_key /type"),
    ("[]", "wrong_type "), ("null", "wrong_type "), ("{", "invalid_json "),
    (
      String(repeating: #"{"custom":"#, count: 100),
      "too_deep " + String(repeating: "/custom", count: 32)
    ),
  ])
  func `refuses a text before it is a document`(text: String, expected: String) {
    #expect(DocumentReaderTests.faults(text) == [expected])
  }
}

extension BorrowedJSON {
  /// The values below a node that are neither objects nor arrays.
  fileprivate func scalars(in node: Int) -> [Int] {
    guard kind(node) == .object || kind(node) == .array else { return [node] }
    var result: [Int] = []
    var child = first(node)
    while child < next(node) {
      let value = kind(node) == .object ? child + 1 : child
      result += scalars(in: value)
      child = next(value)
    }
    return result
  }
}
