package import Ledger

/// Derives the legal entity of a document from one of its fields.
package struct EntityMapping: Hashable, Sendable {
  /// The field that decides.
  package enum Field: String, Hashable, Sendable, CaseIterable {
    /// The seller's VAT number (BT-31), else its tax registration (BT-32).
    case sellerTaxID
    /// The seller's id (BT-29), else its registration (BT-30).
    case sellerID
    /// The seller's country (BT-40).
    case sellerCountry
    case customerID, customerCountry, customerTaxID
    case currency
  }

  package var field: Field
  /// The entity for each value, exactly as the document writes it.
  package var entities: [String: LegalEntityID]

  package init(field: Field, entities: [String: LegalEntityID]) {
    self.field = field
    self.entities = entities
  }

  /// The first of `values` that is in the table decides; nil when none is.
  package func entity(for values: [String]) -> LegalEntityID? {
    for value in values {
      if let entity = entities[value] { return entity }
    }
    return nil
  }
}
