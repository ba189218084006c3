import AdapterKit
import Ledger
import PostingEngine
import SQLStore

// A person who works the exception list and looks into the ERPs, but never guesses.

extension SimulatedWorld {
  private static let listLimit = 1_000

  var openExceptions: [PostingException] {
    var filter = ListFilter()
    filter.state = ExceptionState.open.rawValue
    filter.limit = SimulatedWorld.listLimit
    return queries { try $0.exceptions(filter) } ?? []
  }

  /// Reads the store as it is; nil after a failure, which ends the run.
  @discardableResult
  func queries<Result>(_ body: (any PostingQueries) throws -> Result) -> Result? {
    do {
      return try workers[0].store.read(body)
    } catch {
      fail(.noDefect, "The store cannot be read: \(error)")
      return nil
    }
  }

  /// Goes through the list once.
  ///
  /// - Parameter diligence: how many of a hundred exceptions are worked on.
  func operate(diligence: Int, using random: inout SimulationRandom) {
    for exception in openExceptions where random.chance(diligence) {
      guard let desk = workers.first(where: { $0.isUp }) else { return }
      let decision = decision(on: exception, using: &random)
      guard decision != .leave else { continue }
      var isDone = false
      desk.perform {
        do {
          isDone = try desk.carryOut(decision, on: exception)
        } catch let problem as Problem
          where ["not_resolvable", "not_discardable"].contains(problem.code)
        {
          log("operator: \(problem.code)")
        }
      }
      log(
        "operator: \(decision) for exception \(exception.id ?? 0) \(exception.exceptionClass)"
          + (isDone ? "" : ", not done"))
      ringAll()
    }
  }

  enum Decision: Hashable {
    case leave, retry, absent, discard
    case resolve(String)
  }

  private func decision(
    on exception: PostingException, using random: inout SimulationRandom
  ) -> Decision {
    guard let number = exception.posting,
      let posting = queries({ try $0.posting(number) }) ?? nil
    else {
      if exception.exceptionClass == "identity_conflict" {
        return random.chance(30) ? .discard : .leave
      }
      return .retry
    }
    let erp = erp(of: posting.connection)
    let standing = erp.standing(of: posting.entry)
    if exception.exceptionClass == "late_success" {
      voidSecond(of: posting, in: erp)
      return standing == .pending ? .leave : .retry
    }
    switch (posting.state, standing) {
    case (.rejected, .absent) where !posting.isDoubtful:
      return random.chance(8) ? .discard : .retry
    case (.rejected, .booked(let number)), (.unknown, .booked(let number)),
      (.submitted, .booked(let number)):
      // A person may also let the engine look.
      return random.chance(20) ? .retry : .resolve(number)
    case (.rejected, .absent), (.unknown, .absent), (.submitted, .absent):
      return random.chance(20) ? .retry : .absent
    case (_, .pending): return random.chance(20) ? .retry : .leave
    default: return .leave
    }
  }

  /// What is in an ERP twice, or was given up, somebody takes back there.
  private func voidSecond(of posting: StoredPosting, in erp: SimulatedERP) {
    let kept = posting.state == .cancelled ? nil : posting.receipt?.number
    for booking in erp.bookings(of: posting.entry) where booking.number != kept {
      erp.void(booking.number)
    }
  }

  func erp(of connection: ConnectionID) -> SimulatedERP {
    guard let erp = erps.first(where: { SimulatedGroup.connection($0.number) == connection })
    else { preconditionFailure("every connection has an ERP") }
    return erp
  }
}

extension Worker {
  /// - Returns: whether anything changed.
  fileprivate func carryOut(
    _ decision: SimulatedWorld.Decision, on exception: PostingException
  ) throws -> Bool {
    let now = clock
    let person = ExceptionDecision(actor: "operator")
    switch decision {
    case .leave: return false
    case .resolve(let number):
      try write { try person.resolve(exception, erpNumber: number, at: now, in: $0) }
    case .absent: try write { try person.declareAbsent(exception, at: now, in: $0) }
    case .discard:
      try write { try person.discard(exception, reason: "Given up", at: now, in: $0) }
    case .retry:
      let retry = ExceptionRetry(acceptance: world.acceptance, actor: "operator")
      var converter = world.acceptance.makeConverter()
      let result = try write {
        try retry.retry(exception, at: now, using: &converter, in: $0)
      }
      return result == .done
    }
    return true
  }
}
