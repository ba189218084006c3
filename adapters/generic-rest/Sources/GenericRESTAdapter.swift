public import AdapterKit
import Foundation
import HTTPAdapterKit
public import HTTPTransport
public import Ledger

/// Posts journal entries as JSON over HTTP, alone or in batches, and finds them by our key.
public struct GenericRESTAdapter: FindsPostings, ReadsBooks {
  public static let name = "generic-rest"

  /// Keys of the connection's file that belong to this adapter or to every connection.
  public static let knownKeys = SubmissionLimits.keys.union([
    "adapter", "limits", "url", "company", "paths", "auth", "headers", "idempotencyHeader",
    "idempotency", "errors",
  ])

  /// Pages of one period that are read before the ERP is taken to go round in circles.
  static let maximumPages = 1_000_000

  private let settings: GenericRESTSettings
  private let http: any HTTPClient
  private let now: @Sendable () -> Moment

  /// - Parameters:
  ///   - http: carries the requests; the authorization under `auth` is added here.
  ///   - now: for `Retry-After` that names a date.
  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    settings: AdapterSettings, http: any HTTPClient, now: @escaping @Sendable () -> Moment
  ) throws(SettingsFault) {
    self.settings = try GenericRESTSettings(settings, knownKeys: Self.knownKeys)
    self.http = AuthorizedHTTPClient(http, authorization: self.settings.authorization)
    self.now = now
  }

  public var descriptor: AdapterDescriptor {
    AdapterDescriptor(
      name: Self.name, summary: "JSON over HTTP, found again by external key",
      maximumBatchSize: settings.limits.batchSize, batchIsAtomic: false,
      maximumLines: settings.limits.maximumLines, idempotency: settings.idempotency,
      confirmation: .immediate, quietPeriod: settings.limits.quietPeriod,
      carriesFunctionalAmounts: true)
  }

  private var answers: GenericRESTAnswers {
    GenericRESTAnswers(table: settings.table, redact: settings.redaction)
  }

  public func check() async -> [Problem] {
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await get(settings.address(settings.paths.check))
    } catch {
      return [unreachable(error)]
    }
    guard response.status == 200 else { return [refused(response, "The check")] }
    let company = try? JSONDecoder().decode(WireCompany.self, from: Data(response.body))
    guard let code = company?.code, code != settings.company else { return [] }
    return [
      Problem(
        code: "connection_misconfigured",
        detail: "The ERP answered for company \(settings.redaction(code)), not \(settings.company)",
        fix: "Check 'company' and the path 'check' of the connection")
    ]
  }

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    var rest = batch[...]
    while !rest.isEmpty {
      let part = rest.prefix(settings.limits.batchSize)
      rest = rest.dropFirst(part.count)
      outcomes.merge(await send(part)) { first, _ in first }
    }
    return outcomes
  }

  /// Sends a batch. One that is refused as a whole is sent again in halves, or looked up where the
  /// ERP would not notice a repeat: one malformed entry must not hold up the others.
  private func send(_ batch: ArraySlice<Submission>) async -> [PostingKey: PostingOutcome] {
    guard batch.count > 1 else {
      guard let only = batch.first else { return [:] }
      return [only.key: await send(only)]
    }
    let keys = batch.map(\.key)
    var request = HTTPRequest(
      .post, settings.address(settings.paths.batch), headers: headers,
      timeout: settings.limits.timeout)
    var body = JSONBody(capacity: batch.count * Self.usualBytes)
    body.write(batch)
    request.body = body.bytes
    let reading: GenericRESTAnswers.Batch
    do throws(HTTPFailure) {
      reading = answers.outcomes(of: try await http.send(request), for: keys, now: now())
    } catch {
      reading = .refused(
        error.outcome(about: "A batch of \(keys.count) entries", settings.redaction))
    }
    switch reading {
    case .verdicts(let outcomes): return outcomes
    case .refused(.rejected) where descriptor.dividesRefusedBatches:
      let half = batch.count / 2
      let first = await send(batch.prefix(half))
      return first.merging(await send(batch.dropFirst(half))) { first, _ in first }
    case .refused(.rejected(let rejection)):
      return Dictionary(keys.map { ($0, .inRefusedBatch(rejection)) }) { first, _ in first }
    case .refused(let outcome):
      return Dictionary(keys.map { ($0, outcome) }) { first, _ in first }
    }
  }

  private func send(_ submission: Submission) async -> PostingOutcome {
    var request = HTTPRequest(
      .post, settings.address(settings.paths.submit), headers: headers,
      timeout: settings.limits.timeout)
    if let name = settings.idempotencyHeader { request.headers[name] = submission.key.text }
    var body = JSONBody(capacity: Self.usualBytes)
    body.write(submission)
    request.body = body.bytes
    do throws(HTTPFailure) {
      return answers.outcome(of: try await http.send(request), for: submission.key, now: now())
    } catch {
      return error.outcome(about: "Entry \(submission.key)", settings.redaction)
    }
  }

  public func find(_ key: PostingKey) async -> Finding {
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await get(settings.address(settings.paths.find, key: key))
    } catch {
      return .cannotTell(unreachable(error))
    }
    guard response.status == 200 else { return .cannotTell(refused(response, "The look-up")) }
    guard let page = try? JSONDecoder().decode(WireFoundPage.self, from: Data(response.body)) else {
      return .cannotTell(.lookUpUnclear("The answer to the look-up of \(key) cannot be read"))
    }
    return page.finding(key)
  }

  public func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem) {
    var cursor: String?
    for _ in 0..<Self.maximumPages {
      let response: HTTPResponse
      do throws(HTTPFailure) {
        response = try await get(
          settings.address(settings.paths.readBack, period: period, cursor: cursor))
      } catch {
        throw unreachable(error)
      }
      guard response.status == 200 else { throw refused(response, "Reading the books") }
      guard let page = try? JSONDecoder().decode(WireBookedPage.self, from: Data(response.body))
      else { throw .booksUnreadable("A page of period \(period) cannot be read") }
      var postings: [BookedPosting] = []
      for entry in page.entries { postings.append(try BookedPosting(entry)) }
      try consume(postings)
      guard let next = page.nextCursor?.filled else { return }
      guard next != cursor else { break }
      cursor = next
    }
    throw .booksUnreadable("The pages of period \(period) do not end")
  }

  private func get(_ url: String) async throws(HTTPFailure) -> HTTPResponse {
    var headers = settings.headers
    headers["Accept"] = "application/json"
    return try await http.send(
      HTTPRequest(.get, url, headers: headers, timeout: settings.limits.timeout))
  }

  private var headers: HTTPHeaders {
    var headers = settings.headers
    headers["Content-Type"] = "application/json"
    headers["Accept"] = "application/json"
    return headers
  }

  /// An entry of four lines.
  private static let usualBytes = 1_024

  private func unreachable(_ failure: HTTPFailure) -> Problem {
    Problem(
      code: "erp_not_reached",
      detail: "The ERP gave no answer: \(settings.redaction(failure.detail))",
      fix: "Check 'url' of the connection, and the network")
  }

  private func refused(_ response: HTTPResponse, _ what: String) -> Problem {
    let answer = answers.refusal(response, now: now())
    switch settings.table.outcome(ofRequest: answer, about: what) {
    case .retryLater(let postponement):
      return Problem(
        code: postponement.problem.code, detail: "\(what) was refused by the ERP: \(answer.words)",
        fix: postponement.problem.fix)
    case .posted, .alreadyPosted, .submitted, .rejected, .unknown:
      return Problem(
        code: "erp_refused", detail: "\(what) was refused by the ERP: \(answer.words)",
        fix: "Check the connection's paths and the ERP")
    }
  }
}

extension WireFoundPage {
  func finding(_ key: PostingKey) -> Finding {
    guard nextCursor?.filled == nil else {
      return .cannotTell(.lookUpUnclear("The look-up of \(key) gave more than one page"))
    }
    guard code?.filled == nil else {
      return .cannotTell(.lookUpUnclear("The answer to the look-up of \(key) has an error in it"))
    }
    return Finding(
      entries.map { entry in
        FoundDocument(
          key: entry.externalKey, id: entry.id?.text.filled, number: entry.number?.text,
          postedAt: entry.postedAt.flatMap { Moment($0) },
          isPosted: (entry.status ?? "posted") == "posted")
      }, for: key)
  }
}

extension Problem {
  static func booksUnreadable(_ detail: String) -> Problem {
    Problem(
      code: "books_unreadable", detail: detail,
      fix: "Compare the ERP's answer with the adapter's README")
  }
}
