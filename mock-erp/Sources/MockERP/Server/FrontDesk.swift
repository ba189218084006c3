import Foundation

/// Takes requests of all dialects through limits, faults and books.
struct FrontDesk: Sendable {
  let books: MockBooks
  let faults: FaultPlan
  let journal: RequestJournal
  let load: LoadMonitor
  let latency: Duration
  let now: @Sendable () -> Date
  let sleep: @Sendable (Duration) async throws -> Void

  /// What goes back to a sender.
  func outcome(of request: WireRequest, in dialect: any Dialect) async -> WireOutcome {
    let call = await dialect.read(request).prepared(from: books)
    let number = await journal.begin(
      at: now(), method: request.method, path: request.target, dialect: dialect.name,
      operation: call.operation, company: call.company, keys: call.keys)
    if case .post(let drafts, _) = call.work {
      await books.noteArrival(of: drafts.map(\.externalKey))
    }
    if let limits = dialect.limits {
      if let wait = await load.enter(dialect.name, limits: limits, at: now()) {
        await journal.end(number, status: 429, fault: nil)
        return .answer(call.trouble(.limitReached(after: wait)))
      }
    }
    let outcome = await outcome(of: call, number: number, in: dialect)
    if dialect.limits != nil { await load.leave(dialect.name) }
    return outcome
  }

  private func outcome(
    of call: DialectCall, number: Int, in dialect: any Dialect
  ) async -> WireOutcome {
    var card: MockBooks.CompanyCard?
    if let company = call.company { card = await books.company(company) }
    if let company = call.company,
      let wait = await load.enter(company, limits: card?.limits, at: now())
    {
      await journal.end(number, status: 429, fault: nil)
      return .answer(call.trouble(.tooManyRequests(after: wait)))
    }
    let rule = await faults.next(
      for: FaultPlan.Subject(
        dialect: dialect.name, company: call.company, operation: call.operation, keys: call.keys))
    let outcome: WireOutcome
    do {
      try await pause(latency)
      outcome = try await self.outcome(of: call, isKnown: card != nil, under: rule)
    } catch {
      // The server is being stopped; nobody gets an answer any more.
      outcome = .close
    }
    if let company = call.company {
      await load.leave(company)
      if case .throttle = rule?.act { await load.noteThrottled(company) }
    }
    var status: Int?
    if case .answer(let response) = outcome { status = response.status }
    await journal.end(number, status: status, fault: rule?.act.word)
    return outcome
  }

  private func outcome(
    of call: DialectCall, isKnown: Bool, under rule: FaultRule?
  ) async throws -> WireOutcome {
    guard let rule else { return .answer(await answer(call, isKnown: isKnown)) }
    try await pause(.milliseconds(rule.delayMilliseconds))
    switch rule.act {
    case .wait: return .answer(await answer(call, isKnown: isKnown))
    case .status(let status): return .answer(call.trouble(.planted(status)))
    case .reset: return .reset
    case .malformed(let booked):
      guard booked else { return .answer(Self.garbage) }
      return .answer(Self.cutOff(await answer(call, isKnown: isKnown)))
    case .bookThenDrop:
      _ = await answer(call, isKnown: isKnown)
      return .close
    case .bookThenStatus(let status):
      _ = await answer(call, isKnown: isKnown)
      return .answer(call.trouble(.planted(status)))
    case .bookThenDelay(let milliseconds):
      let response = await answer(call, isKnown: isKnown)
      try await pause(.milliseconds(milliseconds))
      return .answer(response)
    case .throttle(let seconds):
      return .answer(call.trouble(.tooManyRequests(after: seconds)))
    case .refuse(let refusal):
      return .answer(await answer(call, isKnown: isKnown, refusing: (.every(1), refusal)))
    case .refusePart(let part, let refusal):
      return .answer(await answer(call, isKnown: isKnown, refusing: (part, refusal)))
    case .duplicate:
      let response = await answer(call, isKnown: isKnown)
      if case .post(let drafts, _) = call.work {
        await books.noteArrival(of: drafts.map(\.externalKey))
      }
      _ = await answer(call, isKnown: isKnown)
      return .answer(response)
    }
  }

  /// Does what the call asks. Entries that the fault names are refused unseen.
  private func answer(
    _ call: DialectCall, isKnown: Bool, refusing planted: (FaultRule.Part, Refusal)? = nil
  ) async -> WireResponse {
    switch call.work {
    case .answer(let response): return response
    case .prepare: preconditionFailure("a call is prepared before it is answered")
    case .read(let read):
      if let company = call.company, !isKnown { return call.trouble(.unknownCompany(company)) }
      guard let (_, refusal) = planted else { return await read(books) }
      return call.trouble(
        Trouble(status: 422, code: refusal.code, message: refusal.message, field: refusal.field))
    case .post(let drafts, let word):
      let company = call.company ?? ""
      guard isKnown || drafts.allSatisfy({ $0.company != nil }) else {
        return call.trouble(.unknownCompany(company))
      }
      var verdicts: [Verdict] = []
      for (index, draft) in drafts.enumerated() {
        if let (part, refusal) = planted,
          part.contains(key: draft.externalKey, position: index + 1)
        {
          verdicts.append(.refused(refusal))
        } else {
          verdicts.append(await books.post(draft, to: company))
        }
      }
      return word(verdicts)
    }
  }

  private func pause(_ duration: Duration) async throws {
    if duration > .zero { try await sleep(duration) }
  }

  /// What a proxy in between might say.
  private static let garbage = WireResponse(
    status: 200, headers: [("Content-Type", "text/html")],
    body: Array("<html><body>It works!".utf8))

  /// The first half of an answer.
  private static func cutOff(_ response: WireResponse) -> WireResponse {
    guard case .whole(let bytes) = response.body else { return garbage }
    var cut = response
    cut.body = .whole(Array(bytes.prefix(bytes.count / 2)))
    return cut
  }
}

extension Trouble {
  fileprivate static func planted(_ status: Int) -> Trouble {
    Trouble(
      status: status, code: status == 503 ? "unavailable" : "planted",
      message: "Answered \(status) on demand")
  }
}
