/// What a row of an account table can test.
package enum AttributeName: Hashable, Sendable {
  case entity, group, product, family, kind, customer, country, taxCode, taxCategory, taxRate
  case jurisdiction, currency, source, account, method, meter, feeKind
  case ledger, partner
  case dimension(String)
  case custom(String)

  /// Those that are named by one word.
  package static let simple: [AttributeName] = [
    .entity, .group, .product, .family, .kind, .customer, .country, .taxCode, .taxCategory,
    .taxRate, .jurisdiction, .currency, .source, .account, .method, .meter, .feeKind, .ledger,
    .partner,
  ]

  private static let dimensionPrefix = "dimension."
  private static let customPrefix = "custom."

  /// Reads the name as the configuration writes it: `product`, `dimension.department`,
  /// `custom.channel`; nil for anything else.
  package init?(_ text: String) {
    if let name = AttributeName.simple.first(where: { $0.text == text }) {
      self = name
    } else if text.hasPrefix(AttributeName.dimensionPrefix) {
      let name = text.dropFirst(AttributeName.dimensionPrefix.count)
      guard !name.isEmpty else { return nil }
      self = .dimension(String(name))
    } else if text.hasPrefix(AttributeName.customPrefix) {
      let name = text.dropFirst(AttributeName.customPrefix.count)
      guard !name.isEmpty else { return nil }
      self = .custom(String(name))
    } else {
      return nil
    }
  }

  /// The name as the configuration writes it.
  package var text: String {
    switch self {
    case .entity: "entity"
    case .group: "group"
    case .product: "product"
    case .family: "family"
    case .kind: "kind"
    case .customer: "customer"
    case .country: "country"
    case .taxCode: "taxCode"
    case .taxCategory: "taxCategory"
    case .taxRate: "taxRate"
    case .jurisdiction: "jurisdiction"
    case .currency: "currency"
    case .source: "source"
    case .account: "account"
    case .method: "method"
    case .meter: "meter"
    case .feeKind: "feeKind"
    case .ledger: "ledger"
    case .partner: "partner"
    case .dimension(let name): AttributeName.dimensionPrefix + name
    case .custom(let name): AttributeName.customPrefix + name
    }
  }
}
