public import AdapterKit
import HTTPAdapterKit
public import HTTPTransport
public import Ledger
import SOAPTransport
import XMLTree

/// Posts journal entries by SAP S/4HANA's Journal Entry – Post, and finds them by our key in the
/// header's reference.
public struct SAPS4HANAAdapter: FindsPostings, ReadsBooks, ReversesPostings {
  public static let name = "sap-s4hana"

  /// Keys of the connection's file that belong to this adapter or to every connection.
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "company", "release", "version", "servicePath", "lookUp",
    "lookUpPath", "parameters", "auth", "lookUpAuth", "csrf", "user", "logicalSystem",
    "documentType", "documentTypes", "keyField", "keyPrefix", "reconciliationAccount", "taxLines",
    "taxCodes", "taxAmountCheck", "dimensions", "tradingPartners", "ledger", "reversal",
    "reversalReason", "errors",
  ])

  let settings: SAPS4HANASettings
  let cube: SAPCube
  private let answers: SAPS4HANAAnswers
  private let mapping: SAPS4HANAMapping
  private let client: SOAPClient
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
    let address = settings.address(settings.servicePath)
    // Tokens are the business of OData's part of the gateway.
    let tokens = settings.lookUpPath.map { settings.address($0 + "/") } ?? address
    client = SOAPClient(
      http: settings.usesCSRFTokens
        ? CSRFProtectedClient(authorized, fetchingFrom: tokens) : authorized,
      url: address, timeout: settings.limits.timeout)
    self.now = now
  }

  public var descriptor: AdapterDescriptor {
    var descriptor = AdapterDescriptor(
      name: Self.name, summary: "SAP S/4HANA Journal Entry – Post, found again by OData",
      maximumBatchSize: settings.limits.batchSize, batchIsAtomic: false,
      maximumLines: settings.limits.maximumLines,
      idempotency: settings.lookUpPath == nil ? .none : .lookUpOnly, confirmation: .immediate,
      quietPeriod: settings.limits.quietPeriod, carriesFunctionalAmounts: true)
    descriptor.keyField = settings.keyField
    descriptor.wantsDocuments = true
    descriptor.taxMode = settings.checksTaxAmounts ? .checked : .asSent
    descriptor.reversal = settings.reversal == .native ? .native : .oppositeEntry
    return descriptor
  }

  public var capabilities: Set<AdapterCapability> {
    guard settings.lookUpPath != nil else { return [] }
    // Without a look-up a repeat of a reversal could not be told from the first.
    return settings.reversal == .native
      ? [.findsPostings, .readsBooks, .reversesPostings] : [.findsPostings, .readsBooks]
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
    var requests: [(key: PostingKey, element: XMLElement)] = []
    for submission in batch {
      do throws(Problem) {
        requests.append((submission.key, try mapping.request(submission, at: now())))
      } catch {
        outcomes[submission.key] = .rejected(Rejection(.validation, error))
      }
    }
    var rest = requests[...]
    while !rest.isEmpty {
      let part = rest.prefix(settings.limits.batchSize)
      rest = rest.dropFirst(part.count)
      outcomes.merge(await send(part)) { first, _ in first }
    }
    return outcomes
  }

  /// Sends a message. One that is refused as a whole is sent again in halves, as nothing of it was
  /// booked.
  private func send(
    _ batch: ArraySlice<(key: PostingKey, element: XMLElement)>
  ) async -> [PostingKey: PostingOutcome] {
    guard let first = batch.first?.key else { return [:] }
    let keys = batch.map(\.key)
    let reading: SAPS4HANAAnswers.Batch
    do throws(SOAPFailure) {
      let answer = try await client.send(
        mapping.message(batch.map(\.element), first: first, at: now()))
      reading = answers.outcomes(of: answer, for: keys, now: now())
    } catch {
      let subject = keys.count == 1 ? "Entry \(first)" : "A batch of \(keys.count) entries"
      reading = .refused(error.outcome(about: subject, settings.redaction))
    }
    switch reading {
    case .verdicts(let outcomes): return outcomes
    case .refused(.rejected) where batch.count > 1:
      let half = batch.count / 2
      let front = await send(batch.prefix(half))
      return front.merging(await send(batch.dropFirst(half))) { first, _ in first }
    case .refused(let outcome):
      return Dictionary(keys.map { ($0, outcome) }) { first, _ in first }
    }
  }

  /// Takes a document back by SAP's own reversal. What was reversed before is found by its key.
  public func reverse(_ order: ReversalOrder) async -> PostingOutcome {
    let key = order.reversal.key
    switch await find(key) {
    case .found(let receipt): return .alreadyPosted(receipt)
    case .cannotTell(let problem):
      return .retryLater(Postponement(problem, scope: .entry))
    case .absent: break
    }
    do throws(Problem) {
      let request = try mapping.reversal(
        of: order.original.receipt.id, order.reversal, at: now())
      return await send([(key, request)])[key]
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
