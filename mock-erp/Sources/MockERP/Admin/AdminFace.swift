import Foundation

/// The admin API under `/_admin`: setting up, and looking into the books from outside.
struct AdminFace: Sendable {
  static let root = "_admin"

  let books: MockBooks
  let faults: FaultPlan
  let journal: RequestJournal
  let load: LoadMonitor
  let exchange: FileExchange?
  let dialects: [any Dialect]

  func answer(_ request: WireRequest) async -> WireResponse {
    do throws(Trouble) {
      let path = Array(request.path.dropFirst())
      switch (request.method, path.first, path.count) {
      case ("POST", "reset", 1): return await reset()
      case ("POST", "seed", 1): return try await seed(request)
      case ("GET", "companies", 1): return await companies()
      case ("GET", "journal", 1): return try await entries(request)
      case ("GET", "trial-balance", 1): return try await trialBalance(request)
      case ("GET", "keys", 2): return await key(path[1])
      case ("GET", "requests", 1): return try await requests(request)
      case ("GET", "statistics", 1): return await statistics()
      case ("GET", "faults", 1): return await listFaults()
      case ("PUT", "faults", 1): return try await setFaults(request)
      case ("DELETE", "faults", 1):
        await faults.set([])
        return await listFaults()
      case ("POST", "periods", 4): return try await setPeriod(path)
      case ("POST", "pick-up", 1): return try await pickUp()
      case ("POST", "documents", 3): return try showDocuments(of: path[1], path[2])
      default:
        throw Trouble(
          status: 404, code: "not_found",
          message: "The admin API has no \(request.method) \(request.target)")
      }
    } catch {
      return GenericREST.word(error)
    }
  }

  // MARK: Setting up

  private func reset() async -> WireResponse {
    await books.reset()
    await journal.reset()
    await load.reset()
    await exchange?.reset()
    for dialect in dialects { dialect.reset() }
    return .json(.object([("reset", .boolean(true))]))
  }

  private func seed(_ request: WireRequest) async throws(Trouble) -> WireResponse {
    let companies = try CompanySeed.read(Data(request.body))
    await books.seed(companies)
    return .json(.object([("companies", .array(companies.map { .string($0.code) }))]))
  }

  private func setPeriod(_ path: [String]) async throws(Trouble) -> WireResponse {
    let (company, period) = (path[1], path[2])
    let states: [String: CompanySeed.PeriodState] = ["close": .closed, "open": .open]
    guard let state = states[path[3]] else {
      throw Trouble(status: 404, code: "not_found", message: "A period is closed or opened")
    }
    guard CalendarDay(period + "-01") != nil else {
      throw Self.invalid("A period is written YYYY-MM")
    }
    guard await books.set(period: period, of: company, to: state) else {
      throw .unknownCompany(company)
    }
    return .json(
      .object([
        ("company", .string(company)), ("period", .string(period)),
        ("state", .string(state.rawValue)),
      ]))
  }

  // MARK: Faults

  private func listFaults() async -> WireResponse {
    .json(.array(await faults.entries.map(\.json)))
  }

  private func setFaults(_ request: WireRequest) async throws(Trouble) -> WireResponse {
    let rules: [FaultRule]
    do throws(FaultFile.Fault) {
      rules = try FaultFile.read(String(decoding: request.body, as: UTF8.self))
    } catch {
      throw Trouble(status: 400, code: "invalid_faults", message: error.description)
    }
    await faults.set(rules)
    return await listFaults()
  }

  // MARK: Books

  private func companies() async -> WireResponse {
    var list: [JSONText] = []
    for code in await books.companyCodes {
      let card = await books.company(code)
      list.append(
        .object([
          ("company", .string(code)), ("functionalCurrency", .optional(card?.functionalCurrency)),
          ("entries", .integer(await books.count(of: code))),
        ]))
    }
    return .json(.object([("companies", .array(list))]))
  }

  private func entries(_ request: WireRequest) async throws(Trouble) -> WireResponse {
    let (company, period) = try await scope(of: request)
    let books = books
    return WireResponse(status: 200, contentType: "application/json") {
      let stream = JournalStream(books: books, company: company, period: period)
      return { await stream.next() }
    }
  }

  private func trialBalance(_ request: WireRequest) async throws(Trouble) -> WireResponse {
    let (company, period) = try await scope(of: request)
    let balance = await books.trialBalance(of: company, period: period)
    let decimals = balance.functionalCurrency.flatMap(CurrencyTable.decimals) ?? 0
    var total = MockBooks.Balance()
    let accounts = balance.functional.sorted { $0.key < $1.key }.map { account, sums in
      total.debit += sums.debit
      total.credit += sums.credit
      let currencies = (balance.transaction[account] ?? [:]).sorted { $0.key < $1.key }
        .map { currency, sums in
          JSONText.object(
            [("currency", .string(currency))]
              + sums.members(decimals: CurrencyTable.decimals(of: currency) ?? 0))
        }
      return JSONText.object(
        [("account", .string(account))] + sums.members(decimals: decimals)
          + [("currencies", .array(currencies))])
    }
    return .json(
      .object([
        ("company", .string(company)), ("period", .optional(period)),
        ("functionalCurrency", .optional(balance.functionalCurrency)),
        ("accounts", .array(accounts)), ("total", .object(total.members(decimals: decimals))),
      ]))
  }

  private func key(_ key: String) async -> WireResponse {
    let count = await books.count(ofKey: key)
    return .json(
      .object([
        ("externalKey", .string(key)), ("booked", .integer(count.booked)),
        ("received", .integer(count.received)),
      ]))
  }

  // MARK: Requests

  private static let usualRequests = 1000

  private func requests(_ request: WireRequest) async throws(Trouble) -> WireResponse {
    let filter = RequestFilter(request)
    let limit = Int(request.parameter("limit") ?? "") ?? Self.usualRequests
    guard limit > 0 else { throw Self.invalid("limit is a positive number") }
    let records = await journal.records(latest: limit) { filter.fits($0) }
    return .json(.object([("requests", .array(records.map(\.json)))]))
  }

  private func statistics() async -> WireResponse {
    let companies = await load.statistics.sorted { $0.key < $1.key }.map { company, statistics in
      JSONText.object([
        ("company", .string(company)), ("requests", .integer(statistics.requests)),
        ("throttled", .integer(statistics.throttled)),
        ("maximumConcurrency", .integer(statistics.maximumConcurrency)),
        ("maximumPerSecond", .integer(statistics.perSecond.values.max() ?? 0)),
        (
          "perSecond",
          .array(
            statistics.perSecond.sorted { $0.key < $1.key }.map { second, count in
              .object([
                ("second", .string(Timestamp.text(Date(timeIntervalSince1970: Double(second))))),
                ("requests", .integer(count)),
              ])
            })
        ),
      ])
    }
    return .json(.object([("companies", .array(companies))]))
  }

  private func pickUp() async throws(Trouble) -> WireResponse {
    guard let exchange else {
      throw Trouble(
        status: 404, code: "not_found", message: "The mock ERP was started without --exchange")
    }
    return .json(.object([("taken", .integer(await exchange.pickUp()))]))
  }

  /// Hides the documents from the user of a dialect, or shows them again.
  private func showDocuments(of name: String, _ word: String) throws(Trouble) -> WireResponse {
    guard let dialect = dialects.first(where: { $0.name == name }),
      ["hide", "show"].contains(word),
      dialect.hideDocuments(word == "hide")
    else {
      throw Trouble(
        status: 404, code: "not_found",
        message: "Documents are hidden and shown in the dialects sap-s4hana and tryton")
    }
    return .json(.object([("dialect", .string(name)), ("hidden", .boolean(word == "hide"))]))
  }

  // MARK: Parameters

  /// The company, which has to exist, and the period; nil is all of them.
  private func scope(
    of request: WireRequest
  ) async throws(Trouble) -> (company: String, period: String?) {
    guard let company = request.parameter("company"), !company.isEmpty else {
      throw Self.invalid("The parameter company is missing")
    }
    guard await books.company(company) != nil else { throw .unknownCompany(company) }
    guard let period = request.parameter("period"), !period.isEmpty else { return (company, nil) }
    guard CalendarDay(period + "-01") != nil else {
      throw Self.invalid("A period is written YYYY-MM")
    }
    return (company, period)
  }

  private static func invalid(_ message: String) -> Trouble {
    Trouble(status: 400, code: "invalid_parameter", message: message)
  }
}

extension MockBooks.Balance {
  fileprivate func members(decimals: Int) -> [(String, JSONText?)] {
    [
      ("debit", .string(ExactAmount.text(debit, decimals: decimals))),
      ("credit", .string(ExactAmount.text(credit, decimals: decimals))),
      ("balance", .string(ExactAmount.text(debit - credit, decimals: decimals))),
    ]
  }
}
