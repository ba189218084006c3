public import AdapterKit
import HTTPAdapterKit
public import HTTPTransport
public import Ledger
import SOAPTransport
import XMLTree

/// Posts journal entries by SAP S/4HANA's Journal Entry – Post, and finds them by our key in the
/// header's reference.
public struct SAPS4HANAAdapter: FindsPostings, PollsTickets, ReadsBooks, ReversesPostings {
  public static let name = "sap-s4hana"

  /// Keys of the connection's file that belong to this adapter or to every connection.
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "company", "release", "version", "servicePath", "lookUp",
    "lookUpPath", "parameters", "auth", "lookUpAuth", "csrf", "user", "logicalSystem",
    "documentType", "documentTypes", "keyField", "keyPrefix", "reconciliationAccount", "taxLines",
    "taxCodes", "taxAmountCheck", "dimensions", "tradingPartners", "ledger", "ledgerGroups",
    "ledgerServicePath", "reversal", "reversalReason", "errors",
  ])

  let settings: SAPS4HANASettings
  let cube: SAPCube
  private let answers: SAPS4HANAAnswers
  private let mapping: SAPS4HANAMapping
  private let clients: [SAPService: SOAPClient]
  private let now: @Sendable () -> Moment

  /// - Parameters:
  ///   - http: carries the requests; what stands under `auth` is added here, a client certificate is
  ///     the client's own.
  ///   - now: the creation time of messages, and for `Retry-After` that names a date.
  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    settings: AdapterSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment
  ) throws(SettingsFault) {
    let settings = try SAPS4HANASettings(settings, knownKeys: Self.knownKeys)
    self.settings = settings
    answers = SAPS4HANAAnswers(settings: settings)
    mapping = SAPS4HANAMapping(settings: settings)
    cube = SAPCube(
      settings: settings,
      http: AuthorizedHTTPClient(http, authorization: settings.lookUpAuthorization))
    let authorized = AuthorizedHTTPClient(http, authorization: settings.authorization)
    // Tokens are the business of OData's part of the gateway.
    let tokens = settings.address(settings.lookUpPath.map { $0 + "/" } ?? settings.servicePath)
    let writing: any HTTPClient =
      settings.usesCSRFTokens ? CSRFProtectedClient(authorized, fetchingFrom: tokens) : authorized
    clients = [
      .allLedgers: settings.servicePath, .ledgerGroup: settings.ledgerServicePath,
    ].mapValues {
      SOAPClient(http: writing, url: settings.address($0), timeout: settings.limits.timeout)
    }
    self.now = now
  }

  public var descriptor: AdapterDescriptor {
    var descriptor = AdapterDescriptor(
      name: Self.name, summary: "SAP S/4HANA Journal Entry – Post, found again by OData",
      maximumBatchSize: settings.limits.batchSize, batchIsAtomic: false,
      maximumLines: settings.limits.maximumLines,
      idempotency: settings.lookUpPath == nil ? .none : .lookUpOnly,
      confirmation: settings.ledgerGroups.isEmpty ? .immediate : .acknowledged,
      quietPeriod: settings.limits.quietPeriod, carriesFunctionalAmounts: true)
    descriptor.keyField = settings.keyField
    descriptor.wantsDocuments = true
    descriptor.taxMode = settings.checksTaxAmounts ? .checked : .asSent
    descriptor.reversal = settings.reversal == .native ? .native : .oppositeEntry
    return descriptor
  }

  public var capabilities: Set<AdapterCapability> {
    guard settings.lookUpPath != nil else { return [] }
    var capabilities: Set<AdapterCapability> = [.findsPostings, .readsBooks]
    // Without a look-up a repeat of a reversal could not be told from the first.
    if settings.reversal == .native { capabilities.insert(.reversesPostings) }
    if !settings.ledgerGroups.isEmpty { capabilities.insert(.pollsTickets) }
    return capabilities
  }

  /// Only the look-up changes nothing, so only it is tried.
  public func check() async -> [Problem] {
    guard settings.lookUpPath != nil else { return [] }
    do throws(Problem) {
      _ = try await cube.rows(where: [], limit: 1)
      return []
    } catch {
      return [error]
    }
  }

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    var requests: [SAPService: [Request]] = [:]
    for submission in batch {
      do throws(Problem) {
        requests[SAPS4HANAMapping.service(for: submission), default: []].append(
          (submission.key, try mapping.request(submission, at: now())))
      } catch {
        outcomes[submission.key] = .rejected(Rejection(.validation, error))
      }
    }
    for service in SAPService.allCases {
      var rest = requests[service, default: []][...]
      // Without a verdict, only the id of a message keeps a repeat away: it is that of one entry.
      let size = service == .ledgerGroup ? 1 : settings.limits.batchSize
      while !rest.isEmpty {
        let part = rest.prefix(size)
        rest = rest.dropFirst(part.count)
        outcomes.merge(await send(part, to: service)) { first, _ in first }
      }
    }
    return outcomes
  }

  private typealias Request = (key: PostingKey, element: XMLElement)

  /// Sends a message. One that is refused as a whole is sent again in halves, as nothing of it was
  /// booked.
  private func send(
    _ batch: ArraySlice<Request>, to service: SAPService
  ) async -> [PostingKey: PostingOutcome] {
    guard let first = batch.first?.key, let client = clients[service] else { return [:] }
    let keys = batch.map(\.key)
    let reading: SAPS4HANAAnswers.Batch
    do throws(SOAPFailure) {
      let answer = try await client.send(
        mapping.message(batch.map(\.element), to: service, first: first, at: now()))
      reading =
        service == .ledgerGroup
        ? answers.outcomes(ofTaken: answer, for: keys, now: now())
        : answers.outcomes(of: answer, for: keys, now: now())
    } catch {
      let subject = keys.count == 1 ? "Entry \(first)" : "A batch of \(keys.count) entries"
      reading = .refused(error.outcome(about: subject, settings.redaction))
    }
    switch reading {
    case .verdicts(let outcomes): return outcomes
    case .refused(.rejected) where batch.count > 1:
      let half = batch.count / 2
      let front = await send(batch.prefix(half), to: service)
      return front.merging(await send(batch.dropFirst(half), to: service)) { first, _ in first }
    case .refused(let outcome):
      return Dictionary(keys.map { ($0, outcome) }) { first, _ in first }
    }
  }

  /// Entries of ledger groups that are in the books by now. Of those that failed SAP says nothing
  /// here: they stay without a verdict.
  public func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for key in tickets.keys {
      if case .found(let receipt) = await find(key) { outcomes[key] = .posted(receipt) }
    }
    return outcomes
  }

  /// Takes a document back by SAP's own reversal. What was reversed before is found by its key. The
  /// service for ledger groups has no reversal: there it is the opposite entry.
  public func reverse(_ order: ReversalOrder) async -> PostingOutcome {
    let key = order.reversal.key
    switch await find(key) {
    case .found(let receipt): return .alreadyPosted(receipt)
    case .cannotTell(let problem):
      return .retryLater(Postponement(problem, scope: .entry))
    case .absent: break
    }
    guard SAPS4HANAMapping.service(for: order.reversal) == .allLedgers else {
      return await submit([order.reversal])[key]
        ?? .unknown(.outcomeUnknown("The ERP's answer does not name entry \(key)"))
    }
    do throws(Problem) {
      let request = try mapping.reversal(
        of: order.original.receipt.id, order.reversal, at: now())
      return await send([(key, request)], to: .allLedgers)[key]
        ?? .unknown(.outcomeUnknown("The ERP's answer does not name entry \(key)"))
    } catch {
      return .rejected(Rejection(.validation, error))
    }
  }
}

extension SOAPFailure {
  /// The outcome of a request without an answer.
  fileprivate func outcome(about subject: String, _ redact: SecretRedaction) -> PostingOutcome {
    switch self {
    case .notWritten(let fault): .notSent(subject, because: redact(fault.detail))
    case .http(let failure): failure.outcome(about: subject, redact)
    }
  }
}
