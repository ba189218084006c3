/// Documents as JSON texts.
enum Sample {
  /// An invoice over `net` at 19 per cent tax.
  ///
  /// - Parameter net: whole currency units.
  static func invoice(
    _ id: String, entity: String = "DEMO", net: Int = 100, revision: Int? = nil,
    product: String = "PLAN", date: String = "2026-10-31", customer: String = "C-1"
  ) -> String {
    billed("invoice", id, entity, net, revision, product, date, customer, extra: "")
  }

  /// A credit memo over `net` that applies to an invoice where one is named.
  static func creditMemo(
    _ id: String, entity: String = "DEMO", net: Int = 100, invoice: String? = nil
  ) -> String {
    let applies = invoice.map {
      #""appliesTo":[{"invoice":"\#($0)","amount":"\#(amount(hundredths: net * 119))"}],"#
    }
    return billed(
      "creditMemo", id, entity, net, nil, "PLAN", "2026-10-31", "C-1", extra: applies ?? "")
  }

  static func payment(
    _ id: String, entity: String = "DEMO", amount: String, invoice: String? = nil
  ) -> String {
    let applications = invoice.map {
      #","applications":[{"invoice":"\#($0)","amount":"\#(amount)"}]"#
    }
    return #"{"type":"payment","source":"demo","id":"\#(id)","entity":"\#(entity)","#
      + #""documentDate":"2026-10-31","currency":"EUR","customer":{"id":"C-1"},"#
      + #""method":"bankTransfer","account":"BANK","amount":"\#(amount)"\#(applications ?? "")}"#
  }

  private static func billed(
    _ type: String, _ id: String, _ entity: String, _ net: Int, _ revision: Int?,
    _ product: String, _ date: String, _ customer: String, extra: String
  ) -> String {
    let tax = amount(hundredths: net * 19)
    let number = revision.map { #""revision":\#($0),"# } ?? ""
    return #"{"type":"\#(type)","source":"demo","id":"\#(id)",\#(number)"entity":"\#(entity)","#
      + #""documentDate":"\#(date)","currency":"EUR","customer":{"id":"\#(customer)"},\#(extra)"#
      + #""lines":[{"id":"1","product":"\#(product)","net":"\#(net).00","taxes":[{"code":"S-19","#
      + #""category":"S","rate":"19","base":"\#(net).00","amount":"\#(tax)"}]}],"#
      + #""totals":{"net":"\#(net).00","tax":"\#(tax)","gross":"\#(amount(hundredths: net * 119))"}}"#
  }

  static func amount(hundredths: Int) -> String {
    let cents = String(hundredths % 100)
    return "\(hundredths / 100)." + (cents.count == 1 ? "0" : "") + cents
  }
}
