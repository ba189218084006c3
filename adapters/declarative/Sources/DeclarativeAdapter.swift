public import AdapterKit
import HTTPAdapterKit
public import HTTPTransport
public import Ledger

/// Posts journal entries as `adapters/<name>/adapter.yaml` says.
public struct DeclarativeAdapter: FindsPostings, ReadsBooks, ReadsPeriods {
  let definition: DeclarativeDefinition
  let connection: DeclarativeConnection
  private let http: any HTTPClient
  private let now: @Sendable () -> Moment

  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    _ definition: DeclarativeDefinition, settings: AdapterSettings, http: any HTTPClient,
    now: @escaping @Sendable () -> Moment
  ) throws(SettingsFault) {
    self.definition = definition
    connection = try DeclarativeConnection(settings, definition)
    self.http = AuthorizedHTTPClient(http, authorization: connection.authorization)
    self.now = now
  }

  public var descriptor: AdapterDescriptor {
    var descriptor = definition.traits
    descriptor.maximumBatchSize = definition.batch == nil ? 1 : connection.limits.batchSize
    descriptor.maximumLines = connection.limits.maximumLines
    descriptor.quietPeriod = connection.limits.quietPeriod
    return descriptor
  }

  public var capabilities: Set<AdapterCapability> { definition.capabilities }

  private var answers: AnswerReader {
    AnswerReader(table: connection.table, redact: connection.redaction, now: now())
  }

  // MARK: Requests

  func send(
    _ template: RequestTemplate, _ subject: RootFields.Subject, cursor: String? = nil
  ) async throws(Problem) -> HTTPResponse {
    let request = try template.request(subject, connection, cursor: cursor)
    do throws(HTTPFailure) {
      return try await http.send(request)
    } catch {
      throw Problem(
        code: "erp_not_reached",
        detail: "The ERP gave no answer: \(connection.redaction(error.detail))",
        fix: "Check 'url' of the connection, and the network")
    }
  }

  func refused(_ response: HTTPResponse, _ what: String) -> Problem {
    let refusal = definition.submit.rule.refusal
    let answer = refusal.answer(
      AnswerTree(response), response, status: response.status, connection.redaction, now: now())
    let detail = "\(what) was refused by the ERP: \(answer.words)"
    if case .retryLater(let later) = connection.table.outcome(ofRequest: answer, about: what) {
      return Problem(code: later.problem.code, detail: detail, fix: later.problem.fix)
    }
    return Problem(code: "erp_refused", detail: detail, fix: "Check the connection and the ERP")
  }

  /// A key that no entry has.
  private static let nobody = PostingKey("POSTERNCHECK0000")

  /// Without a request of its own it is the look-up of what nobody posted: it changes nothing.
  public func check() async -> [Problem] {
    guard let check = definition.check else {
      guard definition.find != nil, let nobody = Self.nobody,
        case .cannotTell(let problem) = await find(nobody)
      else { return [] }
      return [problem]
    }
    do throws(Problem) {
      let response = try await send(check.request, .nothing)
      guard response.isSuccess else { return [refused(response, "The check")] }
      guard check.condition.holds(in: AnswerTree(response)) else {
        return [
          Problem(
            code: "connection_misconfigured",
            detail: "The ERP's answer to the check is not the one that the adapter expects",
            fix: "Check 'url', 'company' and the parameters of the connection")
        ]
      }
      return []
    } catch {
      return [error]
    }
  }

  // MARK: Submitting

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    if let rule = definition.batch, batch.count > 1 { return await submit(batch, rule) }
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for submission in batch { outcomes[submission.key] = await submit(submission) }
    return outcomes
  }

  private func submit(_ submission: Submission) async -> PostingOutcome {
    let subject = "Entry \(submission.key)"
    switch await post(definition.submit.request, .submission(submission), about: subject) {
    case .failure(let stop): return stop.outcome
    case .success(let response):
      return answers.outcome(
        of: response, for: submission, definition.submit.rule, definition.traits.keyField)
    }
  }

  private func submit(
    _ batch: [Submission], _ rule: DeclarativeDefinition.Batch
  ) async -> [PostingKey: PostingOutcome] {
    let subject = "A batch of \(batch.count) entries"
    func all(_ outcome: PostingOutcome) -> [PostingKey: PostingOutcome] {
      Dictionary(batch.map { ($0.key, outcome) }) { first, _ in first }
    }
    switch await post(rule.request, .batch(batch), about: subject) {
    case .failure(let stop): return all(stop.outcome)
    case .success(let response):
      let tree = AnswerTree(response)
      guard rule.rule.statuses.contains(response.status) else {
        let answer = rule.rule.refusal.answer(
          tree, response, status: response.status, connection.redaction, now: now())
        let outcome = connection.table.outcome(ofRequest: answer, about: subject)
        guard case .rejected(let rejection) = outcome, batch.count > 1 else { return all(outcome) }
        guard descriptor.dividesRefusedBatches else { return all(.inRefusedBatch(rejection)) }
        // One malformed entry must not hold up the others.
        let half = batch.count / 2
        let first = await submit(Array(batch.prefix(half)))
        return first.merging(await submit(Array(batch.dropFirst(half)))) { first, _ in first }
      }
      guard let results = tree?.list(at: rule.results), let keySource = rule.rule.key else {
        return all(
          .unknown(.outcomeUnknown("\(subject) was sent, and the answer lists no results")))
      }
      var outcomes: [PostingKey: PostingOutcome] = [:]
      let keys = Dictionary(
        batch.map { (definition.traits.keyField.text(for: $0.key), $0.key) }
      ) { first, _ in first }
      for result in results {
        guard let key = keySource.text(in: result, response).flatMap({ keys[$0] }) else { continue }
        let outcome = answers.outcome(
          of: result, response, for: key, rule.rule, definition.traits.keyField)
        let isSecond = outcomes[key].map { $0 != outcome } ?? false
        outcomes[key] =
          isSecond
          ? .unknown(.outcomeUnknown("The ERP gave entry \(key) two different verdicts")) : outcome
      }
      return outcomes
    }
  }

  /// Why a request has no answer.
  private struct Stop: Error {
    let outcome: PostingOutcome
  }

  private func post(
    _ template: RequestTemplate, _ subject: RootFields.Subject, about text: String
  ) async -> Result<HTTPResponse, Stop> {
    let request: HTTPRequest
    do throws(Problem) {
      request = try template.request(subject, connection)
    } catch {
      return .failure(Stop(outcome: .rejected(Rejection(.validation, error))))
    }
    do throws(HTTPFailure) {
      return .success(try await http.send(request))
    } catch {
      return .failure(Stop(outcome: error.outcome(about: text, connection.redaction)))
    }
  }

  // MARK: Looking up

  public func find(_ key: PostingKey) async -> Finding {
    guard let rule = definition.find else {
      return .cannotTell(.lookUpUnclear("The adapter has no look-up"))
    }
    do throws(Problem) {
      let response = try await send(rule.request, .key(key))
      let tree = AnswerTree(response)
      if rule.absent.contains(response.status) {
        // A page is somebody else's: a gateway knows nothing of entries.
        let isWord = tree.map { !$0.isPage } ?? response.body.allSatisfy { $0 <= 0x20 }
        return isWord ? .absent : .cannotTell(refused(response, "The look-up"))
      }
      guard response.status == 200 else { return .cannotTell(refused(response, "The look-up")) }
      guard let tree, rule.condition.holds(in: tree), let items = tree.list(at: rule.items) else {
        return .cannotTell(
          .lookUpUnclear(
            "The answer to the look-up of \(key) is not the one that 'find' expects: "
              + connection.redaction(String(response.text.prefix(120)))))
      }
      if let more = tree.text(at: rule.more), !["false", "0"].contains(more) {
        return .cannotTell(.lookUpUnclear("The look-up of \(key) gave more than one page"))
      }
      if items.isEmpty, rule.condition.texts.isEmpty, let code = definition.errorCode(in: tree) {
        return .cannotTell(
          .lookUpUnclear(
            "The answer to the look-up of \(key) has an empty list and the code "
              + "\(connection.redaction(code)): 'find.where' has to say what a good answer says"))
      }
      let ours = definition.traits.keyField.text(for: key)
      return Finding(
        items.map { item in
          let told = item.text(at: rule.key)
          return FoundDocument(
            key: told == ours ? key.text : told, id: item.text(at: rule.id),
            number: item.text(at: rule.number), isPosted: rule.posted.holds(in: item))
        }, for: key)
    } catch {
      return .cannotTell(error)
    }
  }
}
