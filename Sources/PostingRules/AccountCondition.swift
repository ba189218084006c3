import Ledger

/// One plain match on one attribute.
package struct AccountCondition: Hashable, Sendable {
  package enum Match: Hashable, Sendable {
    case equals(String)
    case oneOf([String])
    case prefix(String)
    /// Both ends inclusive; compared as numbers where value and bounds are numbers, else as text.
    case range(from: String?, through: String?)
  }

  package var attribute: AttributeName
  package var match: Match

  package init(_ attribute: AttributeName, _ match: Match) {
    self.attribute = attribute
    self.match = match.normalised(for: attribute)
  }

  /// `product = API-CALLS`, as explanations write it.
  package var text: String {
    switch match {
    case .equals(let value): "\(attribute.text) = \(value)"
    case .oneOf(let values): "\(attribute.text) in \(values.joined(separator: ", "))"
    case .prefix(let prefix): "\(attribute.text) starts with \(prefix)"
    case .range(let from?, let through?): "\(attribute.text) from \(from) through \(through)"
    case .range(let from?, nil): "\(attribute.text) from \(from)"
    case .range(nil, let through?): "\(attribute.text) through \(through)"
    case .range(nil, nil): "\(attribute.text) given"
    }
  }

  /// Whether a value satisfies it; nil, an attribute the line does not have, never does.
  package func holds(for value: String?) -> Bool {
    guard let value else { return false }
    switch match {
    case .equals(let wanted): return value == wanted
    case .oneOf(let wanted): return wanted.contains(value)
    case .prefix(let prefix): return value.hasPrefix(prefix)
    case .range(let from, let through):
      if let from, AccountCondition.isBefore(value, from) { return false }
      if let through, AccountCondition.isBefore(through, value) { return false }
      return true
    }
  }

  private static func isBefore(_ left: String, _ right: String) -> Bool {
    guard let first = try? ExactDecimal(left), let second = try? ExactDecimal(right) else {
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    return first < second
  }
}

extension AccountCondition.Match {
  /// How specific the match is: equals before in before prefix before range, smaller first.
  var rank: Int {
    switch self {
    case .equals: 0
    case .oneOf: 1
    case .prefix: 2
    case .range: 3
    }
  }

  /// Rates are compared without trailing zeros: `19.00` is `19`.
  fileprivate func normalised(for attribute: AttributeName) -> Self {
    guard attribute == .taxRate else { return self }
    func plain(_ text: String) -> String { (try? ExactDecimal(text))?.text ?? text }
    return switch self {
    case .equals(let value): .equals(plain(value))
    case .oneOf(let values): .oneOf(values.map(plain))
    case .prefix, .range: self
    }
  }
}
