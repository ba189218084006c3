import Foundation

/// The dialect `netsuite`: record service, SuiteQL, jobs and sign-in under `/services/rest`, described
/// in the README.
struct NetSuite: Dialect {
  let name = "netsuite"
  let root = ["services", "rest"]
  let limits: CompanySeed.Limits?

  private let setup: NetSuiteSetup
  private let directory: NetSuiteDirectory
  private let authority: NetSuiteAuthority
  private let jobs: NetSuiteJobs

  /// Records in one asynchronous request.
  static let batchLimit = 100
  static let largestPage = 1000
  /// Internal ids of transactions count from here.
  static let firstID = 64_000

  static func id(of serial: Int) -> String { String(firstID + serial) }

  init(_ configuration: MockERPConfiguration) {
    setup = configuration.netSuite
    limits = setup.concurrency.map { CompanySeed.Limits(concurrency: $0) }
    directory = NetSuiteDirectory(setup.ids, companies: configuration.companies)
    authority = NetSuiteAuthority(setup, now: configuration.now)
    jobs = NetSuiteJobs(setup, now: configuration.now)
  }

  func read(_ request: WireRequest) -> DialectCall {
    let path = Array(request.path.dropFirst(root.count))
    if path.starts(with: ["auth", "oauth2", "v1", "token"]) {
      return answering("IssueToken", authority.token(request))
    }
    guard authority.admits(request) else { return refusing("SignIn", NetSuiteProblem.login) }
    do throws(Trouble) {
      switch (path.first ?? "", path.dropFirst().first ?? "") {
      case ("record", "v1"): return try record(request, path: Array(path.dropFirst(2)))
      case ("query", "v1") where path.count == 3 && path[2] == "suiteql":
        return try query(request)
      case ("async", "v1"): return try job(request, path: Array(path.dropFirst(2)))
      case ("system", "v1") where path.count == 3 && path[2] == "governanceLimits":
        return answering(
          "GetGovernanceLimits",
          .json(.object([("accountConcurrencyLimit", .optional(setup.concurrency))])))
      default: throw NetSuiteProblem.missing
      }
    } catch {
      return refusing("Unknown", error)
    }
  }

  // MARK: Record service

  private func record(_ request: WireRequest, path: [String]) throws(Trouble) -> DialectCall {
    guard let name = path.first, path.count <= 2 else { throw NetSuiteProblem.missing }
    guard let record = NetSuiteRecord(path: name) else {
      return try masterData(request, name: name, id: path.dropFirst().first)
    }
    let id = path.dropFirst().first
    switch (request.method, id) {
    case ("POST", nil): return try create(request, record)
    case ("PUT", let id?) where id.hasPrefix("eid:"):
      return try upsert(request, record, externalID: String(id.dropFirst("eid:".count)))
    case ("GET", let id?): return get(request, record, id: id)
    case ("GET", nil): return try list(request, record)
    case ("PATCH", let id?) where record == .journalEntry:
      return try reverse(request, record, id: id)
    default: throw NetSuiteProblem.method
    }
  }

  private func create(
    _ request: WireRequest, _ record: NetSuiteRecord
  ) throws(Trouble) -> DialectCall {
    let operation = "Post\(record.operation)"
    if request.header("Content-Type")?.contains("type=collection") == true {
      guard isAsynchronous(request) else {
        throw NetSuiteProblem.request("A collection is processed with Prefer: respond-async")
      }
      guard let items = try body(of: request)["items"]?.elements,
        (1...Self.batchLimit).contains(items.count)
      else { throw NetSuiteProblem.content("A collection has 1 to \(Self.batchLimit) items") }
      return submit(
        items.map { item in
          Result { () throws(Trouble) in try reader(for: request).read(item, as: record) }
        }, operation: "Submit\(record.operation)s", request)
    }
    let reading: NetSuiteReader.Reading
    do throws(Trouble) {
      reading = try reader(for: request).read(try body(of: request), as: record)
    } catch {
      return refusing(operation, error)
    }
    if isAsynchronous(request) {
      return submit([.success(reading)], operation: "Submit\(record.operation)", request)
    }
    return post(reading, operation: operation, request)
  }

  private func upsert(
    _ request: WireRequest, _ record: NetSuiteRecord, externalID: String
  ) throws(Trouble) -> DialectCall {
    let operation = "Put\(record.operation)"
    var reading: NetSuiteReader.Reading
    do throws(Trouble) {
      reading = try reader(for: request).read(
        try body(of: request), as: record, externalID: externalID)
    } catch {
      return refusing(operation, error)
    }
    let replaced = request.parameter("replace")?.split(separator: ",") ?? []
    reading.draft.native?.change =
      replaced.contains(Substring(record.sublist)) ? .replaceLines : .addLines
    if isAsynchronous(request) {
      return submit([.success(reading)], operation: "Submit\(record.operation)", request)
    }
    return post(reading, operation: operation, request)
  }

  private func post(
    _ reading: NetSuiteReader.Reading, operation: String, _ request: WireRequest
  ) -> DialectCall {
    let view = view(for: request)
    let kind = reading.record.rawValue
    let created = { @Sendable (booking: Booking) in
      WireResponse(
        status: 204,
        headers: [
          ("Location", view.location(of: booking.serial, kind: kind)),
          ("Content-Type", "application/vnd.oracle.resource+json; type=singular"),
        ])
    }
    if reading.reversalDate != nil {
      return inspecting(operation, reading.company, keys: [reading.draft.externalKey]) { books in
        switch await books.book(reading, reportsCodes: setup.reportsCodes) {
        case .success(let booking): created(booking)
        case .failure(let trouble): word(trouble)
        }
      }
    }
    return DialectCall(
      operation: operation, company: reading.company,
      work: .post([reading.draft]) { verdicts in
        switch verdicts.first {
        case .posted(let booking): created(booking)
        case .repeated(let booking):
          word(
            NetSuiteProblem.trouble(
              .repeated(booking.externalKey), reportsCodes: setup.reportsCodes))
        case .refused(let refusal):
          word(NetSuiteProblem.trouble(refusal, reportsCodes: setup.reportsCodes))
        case nil: word(NetSuiteProblem.missing)
        }
      }, trouble: word)
  }

  private func get(_ request: WireRequest, _ record: NetSuiteRecord, id: String) -> DialectCall {
    let isWhole = request.parameter("expandSubResources") == "true"
    let view = view(for: request)
    let keys = id.hasPrefix("eid:") ? [String(id.dropFirst("eid:".count))] : []
    return inspecting("Get\(record.operation)", nil, keys: keys) { books in
      guard let entry = await Self.entry(id, record, in: books) else {
        return word(NetSuiteProblem.missing)
      }
      return .json(
        view.record(
          of: entry, open: await books.open(entry),
          reversal: await books.entries(forKey: entry.reversalKey).first, isWhole: isWhole),
        contentType: "application/vnd.oracle.resource+json; type=singular")
    }
  }

  private func list(
    _ request: WireRequest, _ record: NetSuiteRecord
  ) throws(Trouble) -> DialectCall {
    let limit = request.parameter("limit").map { Int($0) ?? 0 } ?? Self.largestPage
    let offset = request.parameter("offset").map { Int($0) ?? -1 } ?? 0
    guard (1...Self.largestPage).contains(limit), offset >= 0 else {
      throw NetSuiteProblem.request("limit is 1 to \(Self.largestPage), offset not negative")
    }
    let condition = try request.parameter("q").map(RecordCondition.init)
    let view = view(for: request)
    return inspecting("List\(record.operation)s", nil, keys: condition?.keys ?? []) { books in
      let found = await books.allEntries.filter { entry in
        entry.content.native?.kind == record.rawValue && condition?.fits(entry) != false
      }
      let page = found.dropFirst(offset).prefix(limit).map { entry in
        JSONText.object([
          (
            "links",
            .array([
              .object([("rel", "self"), ("href", .string(view.location(of: entry)))])
            ])
          ), ("id", .string(Self.id(of: entry.serial))),
        ])
      }
      return .json(view.collection(Array(page), offset: offset, total: found.count))
    }
  }

  private func reverse(
    _ request: WireRequest, _ record: NetSuiteRecord, id: String
  ) throws(Trouble) -> DialectCall {
    let body = try body(of: request)
    // The documentation spells the property in lower case in one place.
    guard let date = body["reversalDate"]?.scalar ?? body["reversaldate"]?.scalar else {
      throw NetSuiteProblem.request("Only reversalDate can be changed here")
    }
    let view = view(for: request)
    return inspecting("Patch\(record.operation)", nil, keys: []) { books in
      guard let entry = await Self.entry(id, record, in: books) else {
        return word(NetSuiteProblem.missing)
      }
      switch await books.reverse(entry, on: date, reportsCodes: setup.reportsCodes) {
      case .success:
        return WireResponse(status: 204, headers: [("Location", view.location(of: entry))])
      case .failure(let trouble): return word(trouble)
      }
    }
  }

  /// A transaction by internal id or `eid:` and external id.
  private static func entry(
    _ id: String, _ record: NetSuiteRecord, in books: MockBooks
  ) async -> BookedEntry? {
    if id.hasPrefix("eid:") {
      return await books.entries(forKey: String(id.dropFirst("eid:".count)))
        .first { $0.content.native?.kind == record.rawValue }
    }
    guard let number = Int(id), let entry = await books.entry(serial: number - firstID),
      entry.content.native?.kind == record.rawValue
    else { return nil }
    return entry
  }

  // MARK: Master data

  private func masterData(
    _ request: WireRequest, name: String, id: String?
  ) throws(Trouble) -> DialectCall {
    let table = name.lowercased() == "accountingperiod" ? "accountingperiod" : name.lowercased()
    guard request.method == "GET", SuiteQL.masterTables.contains(table), let id else {
      throw request.method == "GET" ? NetSuiteProblem.missing : NetSuiteProblem.method
    }
    let tables = SuiteQL.Tables(directory: directory)
    return inspecting("GetMasterData", nil, keys: []) { books in
      let rows = await tables.rows(of: table, in: books)
      let column = id.hasPrefix("eid:") ? "externalid" : "id"
      let wanted = id.hasPrefix("eid:") ? String(id.dropFirst("eid:".count)) : id
      guard let row = rows.first(where: { $0[column] == wanted }) else {
        return word(NetSuiteProblem.missing)
      }
      return .json(.object(row.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
  }

  private func query(_ request: WireRequest) throws(Trouble) -> DialectCall {
    guard request.method == "POST" else { throw NetSuiteProblem.method }
    guard request.header("Prefer")?.lowercased().contains("transient") == true else {
      throw NetSuiteProblem.request("The header Prefer: transient is needed")
    }
    guard let text = try body(of: request)["q"]?.scalar else {
      throw NetSuiteProblem.content("The member q has the query")
    }
    let query = try SuiteQL(text)
    let limit = request.parameter("limit").flatMap { Int($0) } ?? Self.largestPage
    let offset = request.parameter("offset").flatMap { Int($0) } ?? 0
    guard (1...Self.largestPage).contains(limit), offset >= 0 else {
      throw NetSuiteProblem.request("limit is 1 to \(Self.largestPage), offset not negative")
    }
    let tables = SuiteQL.Tables(directory: directory, mentions: query.mentions)
    let view = view(for: request)
    return inspecting("SuiteQL", nil, keys: query.keys) { books in
      do throws(Trouble) {
        let rows = try await query.run(on: tables, in: books)
        let page = rows.dropFirst(offset).prefix(limit).map { row in
          JSONText.object(
            [("links", .array([]))] + row.map { ($0.name, .optional($0.value)) })
        }
        return .json(view.collection(Array(page), offset: offset, total: rows.count))
      } catch {
        return word(error)
      }
    }
  }

  // MARK: Jobs

  private func submit(
    _ tasks: [NetSuiteJobs.Task], operation: String, _ request: WireRequest
  ) -> DialectCall {
    let keys = tasks.compactMap { try? $0.get().draft.externalKey }
    let address = jobAddress(for: request)
    let key = request.header("X-NetSuite-Idempotency-Key")
    guard key.map({ UUID(uuidString: $0) != nil }) ?? true else {
      return refusing(operation, NetSuiteProblem.request("The idempotency key is not a UUID"))
    }
    return DialectCall(
      operation: operation, company: nil, keys: keys,
      work: .read { books in
        await books.noteArrival(of: keys)
        switch await jobs.submit(tasks, key: key) {
        case .accepted(let job):
          await jobs.run(in: books)
          return WireResponse(
            status: 202,
            headers: [
              ("Preference-Applied", "respond-async"), ("Location", "\(address)/\(job.number)"),
            ])
        case .known(let job):
          var response = word(
            Trouble(
              status: 400, code: "IDEMPOTENCY_ERROR",
              message: "A request with the same idempotency key is already submitted"))
          response.headers.append(("Location", "\(address)/\(job.number)"))
          return response
        }
      }, trouble: word)
  }

  private func job(_ request: WireRequest, path: [String]) throws(Trouble) -> DialectCall {
    guard request.method == "GET", path.first == "job", path.count >= 2,
      let number = Int(path[1])
    else { throw NetSuiteProblem.missing }
    let rest = Array(path.dropFirst(2))
    let view = view(for: request)
    return inspecting("GetJob", nil, keys: []) { books in
      guard let job = await jobs.job(number) else { return word(NetSuiteProblem.missing) }
      let state: [(String, JSONText?)] = [
        ("completed", .boolean(job.isCompleted)),
        ("progress", job.isCompleted ? "succeeded" : "pending"),
      ]
      if rest.isEmpty { return .json(.object([("id", .string(String(number)))] + state)) }
      guard rest.first == "task" else { return word(NetSuiteProblem.missing) }
      if rest.count == 1 {
        return .json(
          view.collection(
            job.tasks.indices.map { .object([("id", .string(String($0 + 1)))] + state) }))
      }
      guard let task = Int(rest[1]), job.tasks.indices.contains(task - 1) else {
        return word(NetSuiteProblem.missing)
      }
      guard rest.count == 3, rest[2] == "result" else {
        return .json(.object([("id", .string(rest[1]))] + state))
      }
      guard job.isCompleted else { return word(NetSuiteProblem.missing) }
      switch job.results[task - 1] {
      case .failure(let trouble): return word(trouble)
      case .success(let booking):
        let kind = (try? job.tasks[task - 1].get().record) ?? .journalEntry
        return WireResponse(
          status: 204,
          headers: [("Location", view.location(of: booking.serial, kind: kind.rawValue))])
      }
    }
  }

  // MARK: Parts of calls

  private func isAsynchronous(_ request: WireRequest) -> Bool {
    request.header("Prefer")?.lowercased().contains("respond-async") == true
  }

  private func body(of request: WireRequest) throws(Trouble) -> JSONValue {
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(request.body))
    } catch {
      throw NetSuiteProblem.content("The body is not JSON")
    }
  }

  private func reader(for request: WireRequest) -> NetSuiteReader {
    NetSuiteReader(
      setup: setup, directory: directory,
      refusesUnknownNames: request.header("X-NetSuite-PropertyNameValidation")?.lowercased()
        == "error")
  }

  private func view(for request: WireRequest) -> NetSuiteView {
    NetSuiteView(directory: directory, address: base(for: request) + "/record/v1")
  }

  private func jobAddress(for request: WireRequest) -> String {
    base(for: request) + "/async/v1/job"
  }

  private func base(for request: WireRequest) -> String {
    "http://\(request.header("Host") ?? "127.0.0.1")/\(root.joined(separator: "/"))"
  }

  private var word: @Sendable (Trouble) -> WireResponse {
    { [reportsCodes = setup.reportsCodes] in NetSuiteProblem.word($0, reportsCodes: reportsCodes) }
  }

  /// A call that looks into the books, after jobs that are due.
  private func inspecting(
    _ operation: String, _ company: String?, keys: [String],
    _ read: @escaping @Sendable (MockBooks) async -> WireResponse
  ) -> DialectCall {
    DialectCall(
      operation: operation, company: company, keys: keys,
      work: .read { books in
        await jobs.run(in: books)
        return await read(books)
      }, trouble: word)
  }

  private func answering(_ operation: String, _ response: WireResponse) -> DialectCall {
    DialectCall(operation: operation, company: nil, work: .answer(response), trouble: word)
  }

  private func refusing(_ operation: String, _ trouble: Trouble) -> DialectCall {
    answering(operation, word(trouble))
  }
}

extension NetSuiteRecord {
  /// `JournalEntry`, as in names of operations.
  fileprivate var operation: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
