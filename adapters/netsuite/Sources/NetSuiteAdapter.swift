public import AdapterKit
import Digest
public import HTTPTransport
public import Ledger

/// Posts journal entries, invoices, credit memos and customer payments of one NetSuite subsidiary by
/// SuiteTalk REST, and finds them by external id.
public struct NetSuiteAdapter: FindsPostings, PollsTickets, ReadsBooks, ReadsPeriods,
  ReadsMasterData
{
  public static let name = "netsuite"

  /// Keys of the connection's file that belong to this adapter or to every connection.
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "company", "auth", "postAs", "references", "currencies", "periods",
    "items", "taxCodes", "dimensions", "otherDimensions", "customFields", "approvalStatus",
    "customForm", "intercompany", "partners", "readNumbers", "asynchronous", "keyPrefix",
    "queries", "concurrency", "decimals", "errors",
  ])

  let settings: NetSuiteSettings
  let session: NetSuiteSession
  let directory: NetSuiteDirectory

  /// - Parameters:
  ///   - http: carries the requests; the authorization under `auth` is added here.
  ///   - now: dates assertions and signatures.
  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    settings: AdapterSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment
  ) throws(SettingsFault) {
    self.settings = try NetSuiteSettings(settings, knownKeys: Self.knownKeys)
    session = NetSuiteSession(settings: self.settings, http: http, now: now)
    directory = NetSuiteDirectory(session: session)
  }

  public var descriptor: AdapterDescriptor {
    var descriptor = AdapterDescriptor(
      name: Self.name, summary: "NetSuite records by SuiteTalk REST, found again by external id",
      maximumBatchSize: settings.limits.batchSize, batchIsAtomic: false,
      maximumLines: settings.limits.maximumLines, idempotency: .refusing,
      confirmation: settings.isAsynchronous ? .acknowledged : .immediate,
      quietPeriod: settings.limits.quietPeriod, carriesFunctionalAmounts: false)
    if settings.form == .document {
      descriptor.nativeDocuments = [.invoice, .creditMemo, .payment]
      descriptor.wantsDocuments = true
    }
    descriptor.keyMemory.scope = .recordType
    descriptor.keyField = settings.keyField
    descriptor.rate = settings.rate
    descriptor.amounts = AmountLimits(decimals: settings.decimals, takesZeroAmounts: false)
    descriptor.taxMode = settings.form == .document ? .computed : .amountOnly
    descriptor.debris = settings.isAsynchronous ? .jobs : .none
    return descriptor
  }

  public func check() async -> [Problem] {
    do throws(NetSuiteFailure) {
      _ = try await session.record(
        .journalEntry, "eid:" + settings.keyField.prefix + Self.nobody, lines: false)
      return []
    } catch {
      return [error.problem("The check", settings.table, settings.redaction)]
    }
  }

  /// An external id that no record has.
  private static let nobody = "POSTERN-CHECK"

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for submission in batch { outcomes[submission.key] = await post(submission) }
    return outcomes
  }

  public func find(_ key: PostingKey) async -> Finding {
    do throws(NetSuiteFailure) {
      var found: [FoundDocument] = []
      for record in settings.records {
        if let stored = try await stored(record, key, lines: false) {
          found.append(stored.document(key, settings.keyField))
        }
      }
      return Finding(found, for: key)
    } catch {
      return .cannotTell(
        error.problem("The look-up of \(key)", settings.table, settings.redaction))
    }
  }

  func stored(
    _ record: NetSuiteRecord, _ key: PostingKey, lines: Bool
  ) async throws(NetSuiteFailure) -> NetSuiteStored? {
    try await session.record(record, "eid:" + settings.keyField.text(for: key), lines: lines)
  }
}

extension NetSuiteAdapter {
  private func post(_ submission: Submission) async -> PostingOutcome {
    let subject = "Entry \(submission.key)"
    let message: NetSuiteMessage
    let body: [UInt8]
    do throws(NetSuiteFailure) {
      message = try await prepare(submission)
      body = message.body.json(
        try await directory.names(of: message.body.references, for: submission.key))
    } catch {
      return error.outcome(ofReading: subject, settings.table, settings.redaction)
    }
    do throws(NetSuiteFailure) {
      if settings.isAsynchronous {
        return try await start(message, body, submission.key)
      }
      let response = try await session.send(
        .post, NetSuiteSession.records + message.record.rawValue, headers: Self.strict, body: body)
      return try await verdict(on: response, message, submission.key)
    } catch {
      return error.outcome(ofChange: subject, settings.table, settings.redaction)
    }
  }

  /// A misspelt field fails the request, which by default it need not.
  static let strict: HTTPHeaders = ["X-NetSuite-PropertyNameValidation": "Error"]

  /// The record, with its period: without one NetSuite may choose another than that of the date.
  private func prepare(
    _ submission: Submission
  ) async throws(NetSuiteFailure) -> NetSuiteMessage {
    var message: NetSuiteMessage
    do throws(Rejection) {
      message = try NetSuiteMessage(submission, settings)
    } catch {
      throw .lacking(error)
    }
    let date = submission.entry.head.postingDate
    guard let period = try await directory.period(of: date) else {
      throw .lacking(
        .unsent(.periodClosed, submission.key, "NetSuite shows no single period for \(date)"))
    }
    message.body.append("postingPeriod", .id(period))
    return message
  }

  /// What the answer to a creation means.
  func verdict(
    on response: HTTPResponse, _ message: NetSuiteMessage?, _ key: PostingKey
  ) async throws(NetSuiteFailure) -> PostingOutcome {
    let subject = "Entry \(key)"
    switch response.status {
    case 204:
      guard let (record, id) = NetSuiteLocation.record(response) else {
        return .unknown(.outcomeUnknown("\(subject) was taken, and the ERP does not say as what"))
      }
      return await posted(record, id)
    case 202:
      guard let job = NetSuiteLocation.job(response) else {
        return .unknown(.outcomeUnknown("\(subject) was taken, and the ERP does not name its job"))
      }
      return .submitted(Ticket(NetSuiteTicket.job(job).text, progress: "accepted"))
    case 200..<300: throw .unreadable(settings.redaction(String(response.text.prefix(120))))
    default:
      let outcome = settings.table.outcome(
        ofRequest: session.refusal(response), about: subject)
      guard case .rejected(let rejection) = outcome,
        rejection.rejectionClass == .duplicateWithOtherContent
      else { return outcome }
      return await repeated(message, key, rejection)
    }
  }

  /// A record that was created: certain, whatever the reading of its number comes to.
  private func posted(_ record: NetSuiteRecord, _ id: String) async -> PostingOutcome {
    guard settings.readsNumbers,
      let stored = try? await session.record(record, id, lines: false)
    else { return .posted(Receipt(id: id, number: id)) }
    return outcome(of: stored)
  }

  func outcome(of stored: NetSuiteStored) -> PostingOutcome {
    if stored.isPosted { return .posted(stored.receipt) }
    if stored.approvalStatus == NetSuiteStored.rejected {
      return .rejected(
        ERPAnswer(text: "Record \(stored.id) was rejected by its approver")
          .rejection(.validation, of: "The record"))
    }
    let ticket = NetSuiteTicket.record(stored.record, stored.id)
    return .submitted(Ticket(ticket.text, progress: "waits for approval"))
  }

  /// The external id is taken: by this entry, or by something else.
  private func repeated(
    _ message: NetSuiteMessage?, _ key: PostingKey, _ rejection: Rejection
  ) async -> PostingOutcome {
    guard let message else { return .rejected(rejection) }
    do throws(NetSuiteFailure) {
      guard let stored = try await stored(message.record, key, lines: true) else {
        return .unknown(
          .outcomeUnknown("NetSuite holds \(key) already, and does not show it to this role"))
      }
      guard stored.says(message.body), stored.subsidiary.map({ $0 == settings.company }) ?? true
      else { return .rejected(rejection) }
      let outcome = outcome(of: stored)
      guard case .posted(let receipt) = outcome else { return outcome }
      return .alreadyPosted(receipt)
    } catch {
      return .unknown(
        error.problem("The look-up of \(key)", settings.table, settings.redaction))
    }
  }
}

extension NetSuiteStored {
  /// - Parameter field: tells our key from the external id.
  func document(_ key: PostingKey, _ field: KeyField) -> FoundDocument {
    let isOurs = externalID == nil || externalID == field.text(for: key)
    return FoundDocument(
      key: isOurs ? key.text : externalID, id: id, number: number ?? id, isPosted: isPosted)
  }
}
