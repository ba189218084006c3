internal import AdapterKit
internal import Ledger

extension Caller {
  /// The most customers that are created in one call; the others wait for the next.
  private static let mostCreated = 10

  /// Creates the customers that the ERP called unknown, each once, and has their entries sent again.
  ///
  /// The refused entries are booked nowhere, so nothing that happens here can post one twice.
  func createMissingCustomers(
    of batch: [Delivery.Claimed], after outcomes: [PostingKey: PostingOutcome]
  ) async -> [PostingKey: PostingOutcome] {
    guard let creator = adapter.partyCreator,
      batch.count == 1 || !adapter.descriptor.batchIsAtomic
    else { return outcomes }
    var outcomes = outcomes
    var results: [Customer: PartyOutcome] = [:]
    for claimed in batch {
      guard let customer = claimed.customer,
        case .rejected(let rejection)? = outcomes[claimed.record.key],
        rejection.rejectionClass == .unknownParty
      else { continue }
      if results[customer] == nil, results.count < Caller.mostCreated {
        results[customer] = await creator.create(customer)
      }
      outcomes[claimed.record.key] = .afterCreating(customer, results[customer], rejection)
    }
    return outcomes
  }
}

extension PostingOutcome {
  /// What a refusal for an unknown customer comes to once the ERP was asked to create it.
  ///
  /// - Parameter outcome: nil when it was not asked yet.
  fileprivate static func afterCreating(
    _ customer: Customer, _ outcome: PartyOutcome?, _ rejection: Rejection
  ) -> PostingOutcome {
    func again(_ code: String, _ detail: String) -> PostingOutcome {
      .retryLater(
        Postponement(
          Problem(code: code, detail: detail, fix: "Nothing: the entry is sent again"),
          scope: .entry))
    }
    switch outcome {
    case .created(let code):
      return again(
        Problem.customerCreatedCode,
        "Customer \(customer.id) was created in the ERP as \(code), and the entry is sent again")
    case .existing(let code):
      return again(
        Problem.customerCreatedCode,
        "Customer \(customer.id) is in the ERP as \(code) by now, and the entry is sent again")
    case nil, .unknown:
      return again(
        "customer_missing",
        "The ERP does not know customer \(customer.id), who is to be created there")
    case .retryLater(let postponement): return .retryLater(postponement)
    case .rejected(let refused):
      let problem = Problem(
        code: rejection.problem.code, pointer: rejection.problem.pointer,
        detail: "\(rejection.problem.detail). It could not be created: \(refused.problem.detail)",
        fix: rejection.problem.fix)
      return .rejected(
        Rejection(
          .unknownParty, problem, erpCode: refused.erpCode ?? rejection.erpCode,
          erpText: refused.erpText ?? rejection.erpText))
    }
  }
}

extension Problem {
  /// A customer is there that the ERP did not know before; the entry was not booked yet.
  static let customerCreatedCode = "customer_created"
}
