internal import Hummingbird
internal import Ledger
internal import PostingEngine
internal import PostingRules
internal import StrictJSON

/// What stands behind control accounts: receivables by age, and deferred revenue.
struct SubledgerAPI: Sendable {
  let store: any PostingStore
  let ruleBook: RuleBook
  let clock: any EngineClock

  func addRoutes(to router: RouterGroup<APIContext>) {
    router.get("/v1/ageing") { request, context in
      try context.require(.read)
      var wanted = try Wanted(request, context.principal, ["asOf"], of: ruleBook)
      let day = try wanted.take("asOf", "no date", fix: "Write YYYY-MM-DD") { CalendarDate($0) }
      let reports = try store.read { queries in
        try wanted.entities.map {
          try AgeingReport(
            of: $0.entity.id, functional: $0.entity.functionalCurrency, on: day ?? clock.now.date,
            in: queries)
        }
      }
      var writer = JSONWriter()
      writer.write(reports)
      return Response.json(writer.bytes)
    }
    router.get("/v1/schedules") { request, context in
      try context.require(.read)
      var wanted = try Wanted(request, context.principal, ["period", "ledger"], of: ruleBook)
      let period =
        try wanted.take("period", "no period", fix: "Write YYYY-MM") { FiscalPeriod($0) }
        ?? FiscalPeriod(containing: clock.now.date)
      let ledger = wanted.texts["ledger"] ?? EntryHead.primaryLedger
      let statements = try store.read { queries in
        try wanted.entities.map {
          try DeferralStatement(of: $0.entity.id, ledger: ledger, over: period, in: queries)
        }
      }
      var writer = JSONWriter()
      writer.write(statements, period)
      return Response.json(writer.bytes)
    }
  }

  /// The query of a request, and the entities that it is about and the caller may see.
  private struct Wanted {
    private(set) var entities: [EntityRules] = []
    private(set) var texts: [String: String] = [:]

    init(
      _ request: Request, _ principal: Principal, _ known: Set<String>, of ruleBook: RuleBook
    ) throws {
      var asked: Set<LegalEntityID> = []
      for (name, value) in request.uri.queryParameters {
        let name = String(name)
        if name == "entity" {
          asked.insert(LegalEntityID(String(value)))
        } else if known.contains(name), texts[name] == nil {
          texts[name] = String(value)
        } else {
          throw ProblemResponse.badRequest(
            name, "'\(name)' is no parameter, or is there twice",
            fix: "See the parameters in /openapi.json")
        }
      }
      guard asked.allSatisfy({ principal.maySee($0) }) else {
        throw ProblemResponse(
          status: .forbidden,
          problem: Problem(
            code: "forbidden", pointer: "entity", detail: "This key does not see that entity",
            fix: "Use a key for it"))
      }
      if let unknown = asked.first(where: { ruleBook.entities[$0] == nil }) {
        throw ProblemResponse.badRequest(
          "entity", "No legal entity '\(unknown)' is configured", fix: "Use one that is")
      }
      entities = ruleBook.entities.values
        .filter { asked.isEmpty ? principal.maySee($0.entity.id) : asked.contains($0.entity.id) }
        .sorted { $0.entity.id < $1.entity.id }
    }

    mutating func take<Value>(
      _ name: String, _ fault: String, fix: String, _ read: (String) -> Value?
    ) throws -> Value? {
      guard let text = texts[name] else { return nil }
      guard let value = read(text) else {
        throw ProblemResponse.badRequest(name, "'\(text)' is \(fault)", fix: fix)
      }
      return value
    }
  }
}
