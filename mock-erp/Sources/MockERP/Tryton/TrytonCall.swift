import Foundation

/// One call of a method by a user who is logged in.
struct TrytonCall: Sendable {
  static let userID = 1

  let method: String
  let params: [TrytonValue]
  let user: String

  /// The last argument.
  private var context: [String: TrytonValue]? { params.last?.object }

  /// The company that the call concerns, as far as it says.
  func company(_ state: TrytonState) -> String? {
    if let id = context?["company"]?.id { return state.name("company.company", id) }
    let created = method == "model.account.move.create" ? params.first?.list?.first?.object : nil
    return state.name("company.company", created?["company"]?.id)
  }

  /// The descriptions of the moves it concerns: what is our key to the sender.
  func keys(_ desk: TrytonDesk) -> [String] {
    switch method {
    case "model.account.move.create":
      return params.first?.list?.compactMap { $0.object?["description"]?.text } ?? []
    case "model.account.move.post", "model.account.move.delete":
      let ids = params.first?.list?.compactMap(\.id) ?? []
      let texts = try? desk.use { state throws(TrytonFault) in
        ids.compactMap { state.moves[$0]?.description }
      }
      return texts ?? []
    case "model.account.move.search_read":
      let domain = params.first.flatMap { value in try? TrytonDomain(value) }
      return domain?.wanted("description")?.compactMap(\.text) ?? []
    default: return []
    }
  }

  func run(
    _ desk: TrytonDesk, _ books: MockBooks
  ) async throws(TrytonFault) -> TrytonValue {
    guard context != nil else { throw .page(422) }
    let setting = await setting(desk, books)
    let parts = method.split(separator: ".").map(String.init)
    let arguments = Array(params.dropLast())
    switch method {
    case "common.db.logout": return .boolean(true)
    case "model.res.user.get_preferences":
      return try desk.use { state throws(TrytonFault) in
        .object(state.preferences(setting).merging(["language": .text("en")]) { own, _ in own })
      }
    case "model.res.user.warning.create":
      let names = arguments.first?.list?.compactMap { $0.object?["name"]?.text } ?? []
      return try desk.use { state throws(TrytonFault) in
        state.confirmed.formUnion(names)
        return .list(names.map { _ in .integer(state.next("res.user.warning")) })
      }
    case "model.account.move.create":
      let moves = arguments.first?.list?.compactMap(\.object) ?? []
      await books.noteArrival(of: keys(desk))
      return try desk.use { state throws(TrytonFault) in
        .list(try state.create(moves, setting).map { .integer($0) })
      }
    case "model.account.move.delete":
      let ids = arguments.first?.list?.compactMap(\.id) ?? []
      try desk.use { state throws(TrytonFault) in try state.delete(ids, setting) }
      return .null
    case "model.account.move.post":
      try await post(arguments.first?.list?.compactMap(\.id) ?? [], setting, desk, books)
      return .null
    case "model.party.party.create": return try await createParties(arguments, desk, books)
    case "wizard.account.move.cancel.create":
      return .list([
        .integer(try desk.use { state throws(TrytonFault) in state.next("wizard") }),
        .text("default"), .text("end"),
      ])
    case "wizard.account.move.cancel.execute":
      try await cancel(arguments, setting, desk, books)
      return .object([:])
    case "wizard.account.move.cancel.delete": return .null
    default: break
    }
    guard parts.count > 2, parts[0] == "model", let operation = parts.last else {
      throw .page(403)
    }
    let model = parts[1..<parts.count - 1].joined(separator: ".")
    return try desk.use { state throws(TrytonFault) in
      try read(model, operation, arguments, &state, setting)
    }
  }

  /// The books as this call sees them. Without strictness a company exists once it is named.
  private func setting(_ desk: TrytonDesk, _ books: MockBooks) async -> TrytonContext {
    var codes = Set(await books.companyCodes)
    codes.formUnion(
      (try? desk.use { state throws(TrytonFault) in
        state.allIDs("company.company").compactMap { state.name("company.company", $0) }
      }) ?? [])
    if method.hasPrefix("model.company.company."), let domain = params.first,
      let texts = (try? TrytonDomain(domain))?.texts
    {
      codes.formUnion(texts)
    }
    var cards: [String: MockBooks.CompanyCard] = [:]
    for code in codes { cards[code] = await books.company(code) }
    let settings = desk.current
    let day = ISO8601DateFormatter.string(
      from: desk.now(), timeZone: .gmt, formatOptions: [.withFullDate])
    return TrytonContext(cards: cards, settings: settings, today: day)
  }

  private func read(
    _ model: String, _ operation: String, _ arguments: [TrytonValue], _ state: inout TrytonState,
    _ setting: TrytonContext
  ) throws(TrytonFault) -> TrytonValue {
    func fields(_ position: Int) -> [String] {
      arguments.count > position ? arguments[position].list?.compactMap(\.text) ?? [] : []
    }
    switch operation {
    case "read":
      var records: [TrytonValue] = []
      for id in arguments.first?.list?.compactMap(\.id) ?? [] {
        records.append(try state.read(model, id, fields(1), setting))
      }
      return .list(records)
    case "search", "search_read", "search_count":
      var ids = try state.search(model, TrytonDomain(arguments.first ?? .list([])), setting)
      if operation == "search_count" { return .integer(ids.count) }
      if arguments.count > 3, isDescending(arguments[3]) { ids.reverse() }
      let offset = arguments.count > 1 ? arguments[1].id ?? 0 : 0
      let limit = arguments.count > 2 ? arguments[2].id : nil
      let page = ids.dropFirst(max(0, offset)).prefix(limit ?? .max)
      if operation == "search" { return .list(page.map { .integer($0) }) }
      var records: [TrytonValue] = []
      for id in page { records.append(try state.read(model, id, fields(4), setting)) }
      return .list(records)
    default: throw .page(403)
    }
  }

  /// Records come by id, which is the order in which they were made.
  private func isDescending(_ order: TrytonValue) -> Bool {
    order.list?.first?.list?.last?.text?.uppercased() == "DESC"
  }

  // MARK: What changes the books

  private func post(
    _ ids: [Int], _ setting: TrytonContext, _ desk: TrytonDesk, _ books: MockBooks
  ) async throws(TrytonFault) {
    let drafts = try desk.use { state throws(TrytonFault) in
      try state.beginPosting(ids, setting)
    }
    for (id, company, draft) in drafts {
      let verdict = await books.post(draft, to: company)
      try desk.use { state throws(TrytonFault) in
        switch verdict {
        case .posted(let booking), .repeated(let booking):
          state.posted(id, number: booking.number, on: setting.today)
        case .refused(let refusal):
          for (other, _, _) in drafts where state.moves[other]?.status == .posting {
            state.posted(other, number: nil, on: setting.today)
          }
          throw TrytonFault.user(refusal.message)
        }
      }
    }
  }

  private func cancel(
    _ arguments: [TrytonValue], _ setting: TrytonContext, _ desk: TrytonDesk, _ books: MockBooks
  ) async throws(TrytonFault) {
    guard arguments.count == 3, arguments[2].text == "cancel" else { return }
    let form = arguments[1].object?["default"]?.object ?? [:]
    let ids = context?["active_ids"]?.list?.compactMap(\.id) ?? []
    for id in ids {
      let counter = try desk.use { state throws(TrytonFault) in
        try state.cancellation(
          of: id, description: form["description"]?.text ?? "",
          isReversal: form["reversal"] == .boolean(true), setting)
      }
      try await post([counter], setting, desk, books)
    }
  }

  private func createParties(
    _ arguments: [TrytonValue], _ desk: TrytonDesk, _ books: MockBooks
  ) async throws(TrytonFault) -> TrytonValue {
    var ids: [TrytonValue] = []
    for values in arguments.first?.list?.compactMap(\.object) ?? [] {
      let name = values["name"]?.text ?? ""
      let id = try desk.use { state throws(TrytonFault) in
        let number = String(state.allIDs("party.party").count + 1)
        let code = values["code"]?.text ?? number
        guard !state.newParties.contains(where: { $0.code == code }) else {
          throw .user("The code on party must be unique.")
        }
        state.newParties.append((code, name))
        return (state.id("party.party", code), code)
      }
      await books.add(party: CompanySeed.Party(code: id.1, name: name))
      ids.append(.integer(id.0))
    }
    return .list(ids)
  }
}
