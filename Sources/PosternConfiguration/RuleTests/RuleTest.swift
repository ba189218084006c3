package import Ledger

/// A document and what it must become: one case of `tests/*.yaml`.
package struct RuleTest: Hashable, Sendable {
  /// A line that must be there. What is nil may be anything.
  package struct ExpectedLine: Hashable, Sendable {
    package var entity: LegalEntityID?
    package var role: AccountRole?
    package var account: AccountCode
    package var side: Side
    /// In the document's currency, as it was written: `1190.00`.
    package var amount: String
    package var functionalAmount: String?
    package var dimensions: Dimensions
  }

  package enum Expectation: Hashable, Sendable {
    /// These lines and no others, in any order.
    case lines([ExpectedLine])
    /// No entry, for this cause: `missing_mapping`.
    case stops(String)
  }

  package var name: String
  /// The source that hands the document over; nil for the document's own or the default.
  package var source: String?
  /// The document as JSON.
  package var document: String
  package var expectation: Expectation
  /// `tests/invoices.yaml:3`.
  package var place: String
}
