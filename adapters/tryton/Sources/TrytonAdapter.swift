public import AdapterKit
public import HTTPTransport
public import Ledger

/// Posts journal entries as account moves of a Tryton company.
///
/// Creating and posting are two transactions of the server. A draft that a lost answer left behind is
/// found by its key and posted, or replaced when it is not what has to be posted.
public struct TrytonAdapter: FindsPostings, ReadsBooks, ReadsPeriods, ReadsMasterData,
  CreatesParties
{
  public static let name = "tryton"

  /// Keys of the connection's file that belong to this adapter or to every connection.
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "database", "company", "journal", "journals", "auth", "errors",
  ])

  let settings: TrytonSettings
  let session: TrytonSession
  let directory: TrytonDirectory

  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    settings: AdapterSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment
  ) throws(SettingsFault) {
    self.settings = try TrytonSettings(settings, knownKeys: Self.knownKeys)
    session = TrytonSession(settings: self.settings, http: http) { now().milliseconds / 1_000 }
    directory = TrytonDirectory(session: session)
  }

  public var descriptor: AdapterDescriptor {
    var descriptor = AdapterDescriptor(
      name: Self.name, summary: "Tryton account moves by JSON-RPC, found again by description",
      maximumBatchSize: settings.limits.batchSize, batchIsAtomic: true,
      maximumLines: settings.limits.maximumLines, idempotency: .lookUpOnly,
      confirmation: .immediate, quietPeriod: settings.limits.quietPeriod,
      carriesFunctionalAmounts: true)
    descriptor.taxMode = .amountOnly
    descriptor.debris = .drafts
    return descriptor
  }

  public func check() async -> [Problem] {
    do throws(TrytonFailure) {
      _ = try await session.company()
      let codes = Set(settings.journals.values).union([settings.journal])
      var problems: [Problem] = []
      for code in codes.sorted() where try await directory.journal(code) == nil {
        problems.append(.noJournal(code, connectionCompany: settings.company))
      }
      return problems
    } catch {
      return [error.problem("The check", settings.table, settings.redaction)]
    }
  }

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for submission in batch { outcomes[submission.key] = await post(submission) }
    return outcomes
  }

  public func find(_ key: PostingKey) async -> Finding {
    do throws(TrytonFailure) {
      let found = try await moves(under: key)
      // A draft is not in the books: what is submitted again finishes or replaces it.
      if found.count == 1, !found[0].isPosted { return .absent }
      if found.isEmpty { try await session.checkVisibility() }
      return Finding(found.map(\.document), for: key)
    } catch {
      return .cannotTell(
        error.problem("The look-up of \(key)", settings.table, settings.redaction))
    }
  }
}

extension TrytonAdapter {
  private func post(_ submission: Submission) async -> PostingOutcome {
    let subject = "Entry \(submission.key)"
    let move: TrytonMove
    let existing: [TrytonStoredMove]
    do throws(TrytonFailure) {
      existing = try await moves(under: submission.key)
      if existing.count > 1 || existing.first?.isPosted == true {
        return alreadyThere(existing, submission.key)
      }
      move = try await resolve(submission)
    } catch {
      return error.outcome(ofReading: subject, settings.table, settings.redaction)
    }
    do throws(TrytonFailure) {
      let id = try await draft(of: move, existing.first, submission.entry)
      return try await post(id, submission.key)
    } catch {
      return error.outcome(ofChange: subject, settings.table, settings.redaction)
    }
  }

  /// The id of a draft that holds the move: one that is there already and equal, else a new one.
  private func draft(
    of move: TrytonMove, _ existing: TrytonStoredMove?, _ entry: JournalEntry
  ) async throws(TrytonFailure) -> Int64 {
    if let existing {
      let stored = try await lines(of: existing.id, entry.head.functionalCurrency)
      if let stored, move.hasLines(of: stored) { return existing.id }
      _ = try await session.call("model.account.move.delete", [[.integer(existing.id)]])
    }
    let created = try await session.call("model.account.move.create", [[move.record]])
    guard let id = created.list?.first?.integer else { throw .unreadable("no id of a new move") }
    return id
  }

  /// Posts a draft and reads what the server calls it. A draft that it refuses is deleted, as it
  /// would keep the period from being closed.
  private func post(
    _ id: Int64, _ key: PostingKey
  ) async throws(TrytonFailure) -> PostingOutcome {
    do throws(TrytonFailure) {
      _ = try await session.call("model.account.move.post", [[.integer(id)]])
    } catch {
      if case .refused = error {
        _ = try? await session.call("model.account.move.delete", [[.integer(id)]])
      }
      throw error
    }
    let posted = try await moves(under: key)
    guard posted.count == 1, let move = posted.first, move.isPosted, let receipt = move.receipt
    else {
      return .unknown(
        .outcomeUnknown("Entry \(key) was posted, and the ERP does not show it as posted"))
    }
    return .posted(receipt)
  }

  private func alreadyThere(_ moves: [TrytonStoredMove], _ key: PostingKey) -> PostingOutcome {
    switch Finding(moves.map(\.document), for: key) {
    case .found(let receipt): .alreadyPosted(receipt)
    case .cannotTell(let problem): .unknown(problem)
    case .absent: .unknown(.outcomeUnknown("The ERP shows entry \(key) without a number"))
    }
  }

  /// The move for an entry, with the ERP's ids.
  private func resolve(_ submission: Submission) async throws(TrytonFailure) -> TrytonMove {
    let head = submission.entry.head
    let company = try await session.company()
    guard company.currency == head.functionalCurrency.code else {
      throw .lacking(.otherCurrency(company.currency, head, submission.key))
    }
    let journalCode = settings.journal(for: head.kind)
    guard let journal = try await directory.journal(journalCode) else {
      throw .unfit(.noJournal(journalCode, connectionCompany: settings.company))
    }
    guard let period = try await directory.period(of: head.postingDate) else {
      throw .lacking(.noPeriod(head.postingDate, submission.key))
    }
    var second: Int64?
    if head.currency != head.functionalCurrency {
      second = try await directory.currency(head.currency)
      guard second != nil else { throw .lacking(.noCurrency(head.currency, submission.key)) }
    }
    var lines: [TrytonMove.Line] = []
    lines.reserveCapacity(submission.entry.lines.count)
    for line in submission.entry.lines {
      guard let account = try await directory.account(line.account) else {
        throw .lacking(.noAccount(line.account, submission.key))
      }
      var party: Int64?
      if account.wantsParty {
        guard let code = line.party else {
          throw .lacking(.partyWanted(line.account, submission.key))
        }
        party = try await directory.party(code)
        guard party != nil else { throw .lacking(.noParty(code, submission.key)) }
      }
      lines.append(
        TrytonMove.Line(line, account: account.id, party: party, secondCurrency: second))
    }
    return TrytonMove(
      company: company.id, period: period, journal: journal, date: head.postingDate,
      description: submission.key.text, origin: try await origin(of: head), lines: lines)
  }

  /// The move that an entry reverses, where the ERP has it under our key.
  private func origin(of head: EntryHead) async throws(TrytonFailure) -> Int64? {
    guard let reversed = head.reverses.flatMap({ PostingKey($0) }) else { return nil }
    let found = try await moves(under: reversed)
    return found.count == 1 ? found.first?.id : nil
  }
}

extension TrytonAdapter {
  /// Every move under a key, drafts too.
  private func moves(under key: PostingKey) async throws(TrytonFailure) -> [TrytonStoredMove] {
    let company = try await session.company()
    let found = try await session.call(
      "model.account.move.search_read",
      [
        [["description", "=", .text(key.text)], ["company", "=", .integer(company.id)]], 0, 3,
        .null,
        ["id", .text(company.postedNumber), "state", "description"],
      ])
    guard let rows = found.list else { throw .unreadable("the list of moves") }
    var moves: [TrytonStoredMove] = []
    for row in rows {
      guard let move = TrytonStoredMove(row, numberIn: company.postedNumber) else {
        throw .unreadable("a move without an id")
      }
      moves.append(move)
    }
    return moves
  }

  /// The lines of a draft; nil when one of them is none that we would send.
  private func lines(
    of move: Int64, _ currency: Currency
  ) async throws(TrytonFailure) -> [TrytonBookedLine]? {
    let found = try await session.call(
      "model.account.move.line.search_read",
      [
        [["move", "=", .integer(move)]], 0, .null, .null, ["account", "party", "debit", "credit"],
      ])
    guard let rows = found.list else { throw .unreadable("the lines of a draft") }
    let lines = rows.compactMap { TrytonBookedLine($0, currency) }
    return lines.count == rows.count ? lines : nil
  }
}
