/// Whether and how an entity defers the revenue of lines with a service period.
package struct Deferral: Hashable, Sendable {
  /// What holds for one product, or one family of products.
  package struct Exception: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
      case product(String)
      case family(String)
    }

    package var subject: Subject
    /// nil: not deferred.
    package var method: DeferralMethod?

    package init(_ subject: Subject, _ method: DeferralMethod?) {
      self.subject = subject
      self.method = method
    }
  }

  /// nil: not deferred.
  package var method: DeferralMethod?
  /// A product's own goes before its family's, the first of equals first.
  package var exceptions: [Exception]

  package init(_ method: DeferralMethod?, exceptions: [Exception] = []) {
    self.method = method
    self.exceptions = exceptions
  }

  package static let off = Deferral(nil)
  package static let daily = Deferral(.daily)

  /// Whether nothing is ever deferred.
  package var isOff: Bool { method == nil && exceptions.allSatisfy { $0.method == nil } }

  /// nil where lines of the product are not deferred.
  package func method(product: String, family: String?) -> DeferralMethod? {
    if exceptions.isEmpty { return method }
    let own = exceptions.first { $0.subject == .product(product) }
    let inherited = family.flatMap { family in
      exceptions.first { $0.subject == .family(family) }
    }
    guard let exception = own ?? inherited else { return method }
    return exception.method
  }
}
