public import AdapterKit
import Digest
import HTTPTransport
public import Ledger
import StrictJSON

/// Requests that NetSuite runs as jobs.
extension NetSuiteAdapter {
  /// Keys of one posting that are tried: each job that failed takes one.
  private static let mostDerivations = 8

  /// Has a record created by a job. The same request under the same key is answered with the job that
  /// runs it already; one whose job failed gets a key of its own.
  func start(
    _ message: NetSuiteMessage, _ body: [UInt8], _ key: PostingKey
  ) async throws(NetSuiteFailure) -> PostingOutcome {
    var last: PostingOutcome?
    for derivation in 0..<Self.mostDerivations {
      var headers = Self.strict
      headers["Prefer"] = "respond-async"
      headers["X-NetSuite-Idempotency-Key"] = Self.uuid(key, derivation)
      let response = try await session.send(
        .post, NetSuiteSession.records + message.record.rawValue, headers: headers, body: body)
      guard session.refusal(response).code == "IDEMPOTENCY_ERROR" else {
        return try await verdict(on: response, message, key)
      }
      guard let job = NetSuiteLocation.job(response) else {
        return .unknown(.outcomeUnknown("Entry \(key) has a job, and the ERP does not name it"))
      }
      guard let outcome = try await outcome(ofJob: job, message, key) else {
        return .submitted(Ticket(NetSuiteTicket.job(job).text, progress: "running"))
      }
      guard case .rejected = outcome else { return outcome }
      last = outcome
    }
    return last ?? .unknown(.outcomeUnknown("Entry \(key) was not sent"))
  }

  /// A UUID of RFC 4122 in form, the same for the same posting.
  static func uuid(_ key: PostingKey, _ derivation: Int) -> String {
    var bytes = Array(SHA256.hash("\(key.text)/\(derivation)").bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Hex.encode(bytes)
    var rest = digits[...]
    return [8, 4, 4, 4, 12].map { count in
      defer { rest = rest.dropFirst(count) }
      return String(rest.prefix(count))
    }.joined(separator: "-")
  }

  public func poll(_ tickets: [PostingKey: Ticket]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for (key, ticket) in tickets {
      do throws(NetSuiteFailure) {
        switch NetSuiteTicket(ticket.text) {
        case .job(let job):
          if let outcome = try await outcome(ofJob: job, nil, key) { outcomes[key] = outcome }
        case .record(let record, let id):
          if let stored = try await session.record(record, id, lines: false) {
            outcomes[key] = outcome(of: stored)
          }
        case nil:
          outcomes[key] = .unknown(
            .outcomeUnknown("Entry \(key) waits for a ticket that is none of NetSuite"))
        }
      } catch {
        // Nothing is decided by a question that failed: it is asked again.
        continue
      }
    }
    return outcomes
  }

  /// What a job came to; nil while it runs.
  private func outcome(
    ofJob job: String, _ message: NetSuiteMessage?, _ key: PostingKey
  ) async throws(NetSuiteFailure) -> PostingOutcome? {
    guard let state = try await session.read(NetSuiteSession.jobs + job) else {
      return try await whatIsThere(key)
    }
    guard state["completed"]?.bool ?? (state["progress"]?.string == "succeeded") else { return nil }
    let result = try await session.send(.get, NetSuiteSession.jobs + job + "/task/1/result")
    // The result is what the request itself would have been answered.
    if result.status == 200 || result.status == 404 { return try await whatIsThere(key) }
    return try await verdict(on: result, message, key)
  }

  /// The answer where a job's own cannot be read.
  private func whatIsThere(_ key: PostingKey) async throws(NetSuiteFailure) -> PostingOutcome {
    for record in settings.records {
      if let stored = try await stored(record, key, lines: false) { return outcome(of: stored) }
    }
    return .unknown(.outcomeUnknown("The job of entry \(key) ended, and the ERP shows no record"))
  }
}
