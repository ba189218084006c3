import Ledger
import PostingRules

/// Reads `intercompany.yaml`: who delivers what another bills, and who collects for another.
struct IntercompanyReader {
  let findings: FindingList

  struct Parsed {
    var agreements = IntercompanyAgreements()
    var halfPosted = HalfPostedSettings()
    var entities: [NamedEntity] = []
    /// The tax codes that deliveries name.
    var taxCodes: [(code: String, place: FilePlace)] = []
  }

  func read(_ document: YAMLValue) -> Parsed {
    var parsed = Parsed()
    guard var table = TableReader(document, .intercompany, findings) else { return parsed }
    for element in elements(&table, "deliveries") { readDelivery(element, into: &parsed) }
    for element in elements(&table, "collections") { readCollection(element, into: &parsed) }
    if let value = table.value("halfPosted") { parsed.halfPosted = halfPosted(value) }
    table.finish()
    return parsed
  }

  private func halfPosted(_ value: YAMLValue) -> HalfPostedSettings {
    var settings = HalfPostedSettings()
    guard var table = TableReader(value, .halfPosted, findings) else { return settings }
    if let course: HalfPostedSettings.Course = table.choice("course") { settings.course = course }
    settings.after = table.duration("after")
    table.finish()
    return settings
  }

  private func elements(_ table: inout TableReader, _ key: String) -> [YAMLValue] {
    guard let value = table.value(key) else { return [] }
    guard let list = value.list else {
      table.wrongType(key, value, expected: "a list of pairs of entities")
      return []
    }
    return list
  }

  private func readDelivery(_ element: YAMLValue, into parsed: inout Parsed) {
    guard var table = TableReader(element, .delivery, findings) else { return }
    let biller = entity("biller", &table, &parsed)
    let deliverer = entity("deliverer", &table, &parsed)
    if table.value("treatment") == nil { table.missing("treatment") }
    let treatment: DeliveryAgreement.Treatment? = table.choice("treatment")
    let markUp = table.decimal("markUp")
    let tax = table.text("tax")
    let from = table.date("from")
    let through = table.date("through")
    table.finish()
    if let tax { parsed.taxCodes.append((tax, table.place(of: "tax"))) }
    guard let biller, let deliverer, let treatment, areTwo(biller, deliverer, at: element.place)
    else { return }
    if treatment == .passThrough, markUp != nil || tax != nil {
      findings.error(
        "agreement_invalid", element.place,
        "\(biller) passes the revenue of \(deliverer) through: no price, and so no mark-up or tax, "
          + "stands between the two",
        fix: "Remove 'markUp' and 'tax', or write treatment: principal")
    }
    if let from, let through, through < from {
      findings.error(
        "empty_range", table.place(of: "through"),
        "The agreement ends on \(through), before it begins on \(from)",
        fix: "Correct one of the dates")
    }
    let agreement = DeliveryAgreement(
      biller: biller, deliverer: deliverer, treatment: treatment, markUp: markUp ?? .zero,
      taxCode: tax, from: from, through: through)
    if parsed.agreements.deliveries.contains(where: { $0.meets(agreement) }) {
      findings.error(
        "agreement_invalid", element.place,
        "Two agreements say how \(deliverer) delivers for \(biller) on the same day",
        fix: "Give them dates that do not overlap, or keep one")
    }
    parsed.agreements.deliveries.append(agreement)
  }

  private func readCollection(_ element: YAMLValue, into parsed: inout Parsed) {
    guard var table = TableReader(element, .collection, findings) else { return }
    let owner = entity("owner", &table, &parsed)
    let collector = entity("collector", &table, &parsed)
    table.finish()
    guard let owner, let collector, areTwo(owner, collector, at: element.place) else { return }
    parsed.agreements.collections.append(CollectionAgreement(owner: owner, collector: collector))
  }

  private func entity(
    _ key: String, _ table: inout TableReader, _ parsed: inout Parsed
  ) -> LegalEntityID? {
    guard let code = table.requiredText(key) else { return nil }
    parsed.entities.append(NamedEntity(id: LegalEntityID(code), place: table.place(of: key)))
    return LegalEntityID(code)
  }

  private func areTwo(
    _ first: LegalEntityID, _ second: LegalEntityID, at place: FilePlace
  ) -> Bool {
    guard first == second else { return true }
    findings.error(
      "agreement_invalid", place, "\(first) cannot agree with itself",
      fix: "Name two entities, or remove the agreement")
    return false
  }
}

extension DeliveryAgreement {
  /// Whether both hold for one pair on one day.
  fileprivate func meets(_ other: DeliveryAgreement) -> Bool {
    biller == other.biller && deliverer == other.deliverer
      && (from ?? .first) <= (other.through ?? .last)
      && (other.from ?? .first) <= (through ?? .last)
  }
}
