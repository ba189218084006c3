import Ledger

extension DocumentConversion {
  mutating func convert(_ payout: Payout) {
    let description = describe("Payout")
    let amount = payout.amount.minorUnits
    let from = moneyAccount(payout.from, pointer: "/from")
    let to = moneyAccount(payout.to, pointer: "/to")
    guard let from, let to else { return }
    prove(payout)
    facts.account = to.code
    add(to.role, amount, description: description, pointer: "/to")
    facts.account = from.code
    add(from.role, -amount, description: description, pointer: "/from")
    finishEntry(.payout, description: description)
    if !payout.fees.isEmpty {
      addFees(payout.fees, account: from, description: describe("Fees of payout"))
    }
  }

  /// What a payout contains has to sum to it: charges less fees, refunds and disputes (accounting
  /// treatment, section 7.1).
  private mutating func prove(_ payout: Payout) {
    guard !payout.items.isEmpty, case .stored(let here) = references else { return }
    var sum: Int128 = 0
    for item in Set(payout.candidates(in: document.identity.source).flatMap(\.self)) {
      guard let other = here[item]?.document, other.currency == currency else { continue }
      sum += other.moved(on: payout.from) { references.document($0) }
    }
    let paid = payout.fees.reduce(Int128(payout.amount.minorUnits)) {
      $0 + Int128($1.amount.minorUnits)
    }
    guard sum != paid else { return }
    let difference = money(Int64(clamping: sum - paid))
    stop(
      .payoutMismatch, pointer: "/items",
      detail: "\(document.title) takes \(money(Int64(clamping: paid))) with its fees off "
        + "\(payout.from), but its items moved \(money(Int64(clamping: sum))) there, which is "
        + "\(difference.magnitude.text) \(difference.isNegative ? "less" : "more")",
      fix: "Have the source name all items, or hand over what is missing among them",
      cause: "\(document.entity) \(payout.from)", amount: difference.magnitude)
  }
}

extension Payout {
  /// For each item the documents that it may be: an id alone, or after its type and a slash.
  func candidates(in source: String) -> [[DocumentIdentity]] {
    items.map { item in
      for type in Self.types where item.hasPrefix(type.rawValue + "/") {
        let id = String(item.dropFirst(type.rawValue.count + 1))
        return [DocumentIdentity(source: source, type: type, id: id)]
      }
      return Self.types.map { DocumentIdentity(source: source, type: $0, id: item) }
    }
  }

  /// Looked up, but each alone not waited for.
  func itemReferences(in source: String) -> [DocumentReference] {
    var seen: Set<DocumentIdentity> = []
    return candidates(in: source).flatMap(\.self).filter { seen.insert($0).inserted }
      .map { DocumentReference($0, .follows) }
  }

  private static let types = [DocumentType.payment, .refund, .chargeback]
}

extension Document {
  /// What it moves on a money account, in minor units; debits positive.
  ///
  /// - Parameter find: gives the payment that a chargeback is of.
  fileprivate func moved(
    on account: String, _ find: (DocumentIdentity) -> Document?
  ) -> Int128 {
    func sum(_ fees: [Fee]) -> Int128 { fees.reduce(0) { $0 + Int128($1.amount.minorUnits) } }
    switch body {
    case .payment(let payment) where payment.account == account:
      return Int128(payment.amount.minorUnits) - sum(payment.fees)
    case .refund(let refund) where refund.account == account:
      let amount = Int128(refund.amount.minorUnits)
      return (refund.stage == .failed ? amount : -amount) - sum(refund.fees)
    case .chargeback(let chargeback):
      guard case .payment(let payment)? = find(chargeback.payment)?.body,
        chargeback.account ?? payment.account == account
      else { return 0 }
      let amount = Int128(chargeback.amount.minorUnits)
      let moved = chargeback.stage == .opened ? -amount : chargeback.stage == .won ? amount : 0
      return moved - Int128(chargeback.fee?.minorUnits ?? 0)
    default: return 0
    }
  }
}
