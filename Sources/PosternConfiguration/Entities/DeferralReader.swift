import Ledger
import PostingRules

/// Reads `deferral` and `deferralExceptions` of an entity's policies.
struct DeferralReader {
  let findings: FindingList

  private static let off = "off"

  func read(_ table: inout TableReader) -> Deferral {
    let method = method(table.value("deferral"), named: "deferral") ?? nil
    let list = table.value("deferralExceptions").map { ListReader.elements($0, findings) } ?? []
    return Deferral(method, exceptions: list.compactMap(exception))
  }

  /// `true` and `on` stand for `daily`; the outer nil is a fault or an absent value.
  private func method(_ value: YAMLValue?, named key: String) -> DeferralMethod?? {
    guard let value else { return nil }
    if let flag = value.flag { return .some(flag ? .daily : nil) }
    if value.text == Self.off { return .some(nil) }
    let method: DeferralMethod? = TableReader.choice(of: value, named: key, findings)
    return method.map { .some($0) }
  }

  private func exception(_ value: YAMLValue) -> Deferral.Exception? {
    guard var table = TableReader(value, .deferralException, findings) else { return nil }
    let product = table.text("product")
    let family = table.text("family")
    let method = method(table.value("method"), named: "method")
    if table.presentKeys.contains("method") == false { table.missing("method") }
    table.finish()
    guard (product == nil) != (family == nil) else {
      findings.error(
        "missing_key", value.place, "An exception is for one product or for one family",
        fix: "Write either 'product' or 'family'")
      return nil
    }
    guard let method else { return nil }
    let subject =
      product.map { Deferral.Exception.Subject.product($0) } ?? family.map { .family($0) }
    return subject.map { Deferral.Exception($0, method) }
  }
}
