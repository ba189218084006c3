import Ledger
import PostingEngine
import PostingRules

extension SQLTransaction {
  func insert(_ terms: ScheduleTerms, of document: DocumentNumber) throws -> ScheduleNumber {
    try change {
      let deferredReason = try writer.ids.id(of: terms.deferred.reason)
      let recognisedReason = try writer.ids.id(of: terms.recognised.reason)
      try connection.run(ScheduleStatements.insertSchedule) {
        $0.bind(document.value)
        $0.bind(terms.entity.code)
        $0.bind(terms.ledger)
        $0.bind(terms.line)
        $0.bind(terms.product)
        $0.bind(terms.customer)
        $0.bind(terms.contract)
        $0.bind(terms.method.rawValue)
        $0.bind(terms.service.from)
        $0.bind(terms.service.through)
        $0.bind(terms.usage?.meter)
        $0.bind(terms.usage?.quantity.text)
        $0.bind(terms.currency.code)
        $0.bind(terms.functionalCurrency.code)
        $0.bind(terms.rate.map { StoredJSON($0).json })
        $0.bind(terms.deferred.account.code)
        $0.bind(terms.deferred.dimensions.stored)
        $0.bind(deferredReason)
        $0.bind(terms.recognised.role.rawValue)
        $0.bind(terms.recognised.account.code)
        $0.bind(terms.recognised.dimensions.stored)
        $0.bind(recognisedReason)
        $0.bind(terms.description)
      }
      let number = try connection.first(ScheduleStatements.lastNumber) { $0.integer(0) }
      guard let number else { throw StoreFault.missing("schedule", file: connection.file) }
      return ScheduleNumber(number)
    }
  }

  func insert(_ made: StoredScheduleMovement) throws {
    try change {
      try connection.run(ScheduleStatements.insertMovement) {
        $0.bind(made.schedule.value)
        $0.bind(made.movement.kind.rawValue)
        $0.bind(made.movement.period.text)
        $0.bind(made.movement.amount.amount)
        $0.bind(made.movement.amount.functional)
        $0.bind(made.by.value)
        $0.bind(made.postingDate)
        $0.bind(made.entry?.text)
      }
    }
  }
}

extension Dimensions {
  fileprivate var stored: String? { isEmpty ? nil : StoredJSON(self).json }
}
