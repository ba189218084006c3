public import AdapterKit
public import HTTPTransport
public import Ledger
import SOAPTransport
import XMLTree

/// Posts journal entries to a document/literal SOAP service, and finds them by our key.
public struct GenericSOAPAdapter: FindsPostings {
  public static let name = "generic-soap"

  /// Keys of the connection's file that belong to this adapter or to every connection.
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "company", "version", "soapAction", "auth", "idempotency", "errors",
  ])

  private let settings: GenericSOAPSettings
  private let client: SOAPClient
  private let now: @Sendable () -> Moment
  private let nonce: @Sendable () -> [UInt8]

  /// - Parameters:
  ///   - http: carries the requests; what stands under `auth` is added here.
  ///   - now: the creation time of a `UsernameToken`, and for `Retry-After` that names a date.
  ///   - nonce: 16 fresh unpredictable bytes for each `UsernameToken`.
  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    settings: AdapterSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment,
    nonce: @escaping @Sendable () -> [UInt8] = GenericSOAPAdapter.systemNonce
  ) throws(SettingsFault) {
    self.settings = try GenericSOAPSettings(settings, knownKeys: Self.knownKeys)
    client = SOAPClient(
      http: AuthorizedHTTPClient(http, authorization: self.settings.authorization),
      url: self.settings.url, timeout: self.settings.limits.timeout)
    self.now = now
    self.nonce = nonce
  }

  /// From the system's generator.
  @Sendable public static func systemNonce() -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<WSSecurity.nonceBytes / 8).flatMap { _ in
      withUnsafeBytes(of: random.next() as UInt64, Array.init)
    }
  }

  public var descriptor: AdapterDescriptor {
    AdapterDescriptor(
      name: Self.name, summary: "SOAP \(settings.version.rawValue), found again by external key",
      maximumBatchSize: settings.limits.batchSize, batchIsAtomic: false,
      maximumLines: settings.limits.maximumLines, idempotency: settings.idempotency,
      confirmation: .immediate, quietPeriod: settings.limits.quietPeriod,
      carriesFunctionalAmounts: true)
  }

  private var answers: GenericSOAPAnswers {
    GenericSOAPAnswers(table: settings.table, redact: settings.redaction)
  }

  public func check() async -> [Problem] {
    let body: XMLElement
    switch await ask(.getCompany, [company]) {
    case .success(let element): body = element
    case .failure(let problem): return [problem]
    }
    guard let code = body.part("Code"), code != settings.company else { return [] }
    return [
      Problem(
        code: "connection_misconfigured",
        detail: "The ERP answered for company \(settings.redaction(code)), not \(settings.company)",
        fix: "Check 'company' of the connection")
    ]
  }

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    var elements: [(key: PostingKey, element: XMLElement)] = []
    for submission in batch {
      do throws(Problem) {
        elements.append((submission.key, try GenericSOAPMapping.element(submission)))
      } catch {
        outcomes[submission.key] = .rejected(Rejection(.validation, error))
      }
    }
    var rest = elements[...]
    while !rest.isEmpty {
      let part = rest.prefix(settings.limits.batchSize)
      rest = rest.dropFirst(part.count)
      outcomes.merge(await send(part)) { first, _ in first }
    }
    return outcomes
  }

  /// Sends a batch. One that is refused as a whole is sent again in halves, or looked up where the
  /// ERP would not notice a repeat: one malformed entry must not hold up the others.
  private func send(
    _ batch: ArraySlice<(key: PostingKey, element: XMLElement)>
  ) async -> [PostingKey: PostingOutcome] {
    let keys = batch.map(\.key)
    let reading: GenericSOAPAnswers.Batch
    do throws(SOAPFailure) {
      let answer = try await client.send(
        message(.postJournalEntries, [company] + batch.map(\.element)))
      reading = answers.outcomes(of: answer, for: keys, now: now())
    } catch {
      let subject = keys.count == 1 ? "Entry \(keys[0])" : "A batch of \(keys.count) entries"
      reading = .refused(error.outcome(about: subject, settings.redaction))
    }
    switch reading {
    case .verdicts(let outcomes): return outcomes
    case .refused(.rejected) where batch.count > 1 && descriptor.dividesRefusedBatches:
      let half = batch.count / 2
      let first = await send(batch.prefix(half))
      return first.merging(await send(batch.dropFirst(half))) { first, _ in first }
    case .refused(.rejected(let rejection)) where batch.count > 1:
      return Dictionary(keys.map { ($0, .inRefusedBatch(rejection)) }) { first, _ in first }
    case .refused(let outcome):
      return Dictionary(keys.map { ($0, outcome) }) { first, _ in first }
    }
  }

  public func find(_ key: PostingKey) async -> Finding {
    let body: XMLElement
    switch await ask(
      .findJournalEntry, [company, GenericSOAPMapping.part("ExternalKey", key.text)])
    {
    case .success(let element): body = element
    case .failure(let problem): return .cannotTell(problem)
    }
    return Finding(
      body.all(WireName.of("JournalEntry")).map { entry in
        FoundDocument(
          key: entry.part("ExternalKey"), id: entry.part("Id"), number: entry.part("Number"),
          postedAt: entry.part("PostedAt").flatMap { Moment($0) })
      }, for: key)
  }

  private var company: XMLElement { GenericSOAPMapping.part("Company", settings.company) }

  /// The answer's element of an operation that changes nothing.
  private func ask(
    _ operation: WireOperation, _ parts: [XMLElement]
  ) async -> Result<XMLElement, Problem> {
    let answer: SOAPAnswer
    do throws(SOAPFailure) {
      answer = try await client.send(message(operation, parts))
    } catch {
      return .failure(
        Problem(
          code: "erp_not_reached",
          detail: "The ERP gave no answer: \(settings.redaction(error.detail))",
          fix: "Check 'url' of the connection, and the network"))
    }
    if case .body(let element?) = answer.content, answer.status == 200,
      element.name == operation.answer
    {
      return .success(element)
    }
    let words = answers.words(of: answer, now: now())
    let detail = "\(operation.rawValue) was refused by the ERP: \(words.words)"
    if case .retryLater(let postponement) = settings.table.outcome(ofRequest: words, about: "") {
      return .failure(
        Problem(
          code: postponement.problem.code, detail: detail, fix: postponement.problem.fix))
    }
    return .failure(
      Problem(code: "erp_refused", detail: detail, fix: "Check the connection and the ERP"))
  }

  private func message(_ operation: WireOperation, _ parts: [XMLElement]) -> SOAPMessage {
    // Without milliseconds: some services read no fraction of a second.
    let created = now().text.prefix(19) + "Z"
    let security = settings.security.map {
      $0.header(for: settings.version, created: String(created), nonce: nonce())
    }
    return SOAPMessage(
      settings.version, action: settings.action(of: operation),
      headers: security.map { [$0] } ?? [], body: operation.element(parts),
      prefixes: [WireName.namespace: WireName.prefix])
  }
}
