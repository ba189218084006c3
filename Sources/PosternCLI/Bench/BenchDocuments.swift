internal import Ledger

/// Canonical invoices of four lines, each made from a seed and its number alone.
struct BenchDocuments: Sendable {
  let seed: UInt64
  let lineCount: Int

  init(seed: UInt64, lineCount: Int = 4) {
    self.seed = seed
    self.lineCount = lineCount
  }

  /// The bytes of one invoice; its id is `INV-<number>`.
  func invoice(_ number: Int) -> [UInt8] {
    var random = seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    func draw(_ range: ClosedRange<Int>) -> Int {
      random = (random ^ (random >> 30)) &* 0xBF58_476D_1CE4_E5B9
      random ^= random >> 27
      return range.lowerBound + Int(random % UInt64(range.count))
    }
    var text = #"{"type":"invoice","source":"demo","id":"INV-\#(number)","entity":"DEMO","#
    text += #""documentDate":"2026-10-\#(draw(10...28))","dueDate":"2026-11-30","currency":"EUR","#
    let customer = draw(1_000...9_999)
    text += #""customer":{"id":"C-\#(customer)","name":"Customer \#(customer)","country":"DE"},"#
    text += #""approval":{"by":"billing-run-2026-10","at":"2026-10-31T22:15:00Z"},"lines":["#
    var net = 0
    for line in 1...lineCount {
      // Whole euros at 19 per cent: every tax is whole cents.
      let euros = draw(1...2_000)
      net += euros
      if line > 1 { text += "," }
      text += #"{"id":"\#(line)","kind":"\#(line.isMultiple(of: 2) ? "usage" : "charge")","#
      text += #""product":"\#(BenchDocuments.products[draw(0...3)])","family":"subscription","#
      text += #""description":"Service of October, line \#(line)","net":"\#(euros).00","taxes":["#
      text += #"{"code":"DE-19","category":"S","rate":"19","base":"\#(euros).00","#
      text += #""amount":"\#(BenchDocuments.cents(euros * 19))"}]}"#
    }
    text += #"],"totals":{"net":"\#(net).00","tax":"\#(BenchDocuments.cents(net * 19))","#
    text += #""gross":"\#(BenchDocuments.cents(net * 119))"}}"#
    return Array(text.utf8)
  }

  private static let products = ["PRO-PLAN", "API-CALLS", "STORAGE", "SUPPORT"]

  private static func cents(_ cents: Int) -> String {
    let rest = cents % 100
    return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
