/// Canonical documents that are read without a fault; tests change them in one place.
enum Samples {
  /// The example of the contract, as it stands there.
  static let example = #"""
    {
      "type": "invoice", "source": "billing-eu", "id": "INV-2026-00042", "entity": "ACME-DE",
      "documentDate": "2026-10-31", "dueDate": "2026-11-30", "currency": "EUR",
      "customer": { "id": "C-1007", "name": "Nordlicht GmbH", "country": "DE", "taxId": "DE123456789" },
      "approval": { "by": "billing-run-2026-10", "at": "2026-10-31T22:15:00Z" },
      "lines": [
        { "id": "1", "product": "PRO-PLAN", "family": "subscription", "net": "1200.00",
          "servicePeriod": { "from": "2026-11-01", "through": "2027-10-31" },
          "taxes": [{ "code": "DE-19", "category": "S", "rate": "19", "base": "1200.00", "amount": "228.00" }] },
        { "id": "2", "kind": "usage", "product": "API-CALLS", "family": "usage", "quantity": "120000",
          "unitPrice": "0.0005", "net": "60.00",
          "usage": { "meter": "api-calls", "quantity": "120000",
                     "period": { "from": "2026-10-01", "through": "2026-10-31" } },
          "taxes": [{ "code": "DE-19", "category": "S", "rate": "19", "base": "60.00", "amount": "11.40" }] }
      ],
      "totals": { "net": "1260.00", "tax": "239.40", "gross": "1499.40" }
    }
    """#

  private static func envelope(_ type: String, _ rest: String) -> String {
    #"""
    {"type":"\#(type)","source":"billing-eu","id":"X-1","entity":"ACME-DE",
     "documentDate":"2026-10-31","currency":"EUR","customer":{"id":"C-1007"},
     "approval":{"by":"ops","at":"2026-10-31T22:15:00+01:00"},\#(rest)}
    """#
  }

  static let creditMemo = envelope(
    "creditMemo",
    #"""
    "lines":[{"id":"1","product":"PRO-PLAN","net":"60.00","taxes":[{"code":"S-19"}]}],
    "documentTaxes":[{"code":"S-19","category":"S","rate":"19.0","base":"60.00","amount":"11.40",
      "accountingAmount":"130.00","accountingCurrency":"SEK"}],
    "totals":{"net":"60.00","tax":"11.40","gross":"71.40","rounding":"-0.40","payable":"71.00"},
    "precedingInvoices":["INV-1"],"appliesTo":[{"invoice":"INV-1","amount":"71.00"}]
    """#)

  static let payment = envelope(
    "payment",
    #"""
    "amount":"100.00","method":"card","account":"stripe-eur",
    "fees":[{"kind":"processing","amount":"2.90","tax":{"code":"DE-19","amount":"0.46"}}],"withholding":[{"code":"WHT","amount":"5.00"}],
    "applications":[{"invoice":"INV-1","amount":"105.00","discount":"2.00",
      "amountInInvoiceCurrency":"120"}],"collectedFor":"ACME-FR"
    """#)

  static let refund = envelope(
    "refund", #""amount":"10.00","account":"bank-1","of":{"payment":"P-1"}"#)
  static let chargeback = envelope(
    "chargeback", #""amount":"10.00","payment":"P-1","fee":"15.00","stage":"opened""#)
  static let writeOff = envelope(
    "writeOff", #""invoice":"INV-1","amount":"10.00","reason":"insolvent","recovery":true"#)
  static let payout = envelope(
    "payout",
    #""from":"stripe-eur","to":"bank-1","amount":"90.00","fees":[],"items":["P-1","P-2"]"#)
  static let application = envelope(
    "application",
    #""from":{"creditMemo":"CM-1"},"applications":[{"invoice":"INV-1","amount":"1.00"}]"#)
  static let void = envelope("void", #""of":{"type":"invoice","id":"INV-1"}"#)
  static let milestone = envelope("milestone", #""contract":"K-1","line":"1","percent":"33.3""#)
  static let contractChange = envelope(
    "contractChange",
    #""contract":"K-1","effective":"2026-11-15","lines":[{"id":"1","product":"P","net":"5.00"}]"#)
  static let ratedUsage = envelope(
    "ratedUsage",
    #"""
    "period":{"from":"2026-10-01","through":"2026-10-31"},
    "items":[{"customer":"C-1","product":"API","meter":"calls","quantity":"12","amount":"1.20"},
      {"customer":"C-2","product":"API","meter":"calls","quantity":"1","amount":"0.10","invoiced":"0.10"}],
    "batch":{"id":"B-1","count":2,"amount":"1.30"}
    """#)

  static let withholdingCertificate = envelope(
    "withholdingCertificate",
    #""payment":"P-1","code":"WHT","amount":"5.00","outcome":"received""#)

  static let netting = envelope(
    "netting",
    #""partner":"UK01","dueTo":"10.00","dueFrom":"4.00","account":"BANK","partnerAccount":"BANK-UK""#
  )

  static let all = [
    example, creditMemo, payment, refund, chargeback, writeOff, payout, application, void,
    milestone, contractChange, ratedUsage, withholdingCertificate, netting,
  ]
}
