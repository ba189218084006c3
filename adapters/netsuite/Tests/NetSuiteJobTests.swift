import AdapterConformance
import AdapterKit
import HTTPTransport
import Ledger
import NetSuiteAdapter
import Synchronization
import Testing

/// Requests that NetSuite runs as jobs.
@Suite struct NetSuiteJobTests {
  let submission: Submission
  let key: PostingKey

  init() throws {
    submission = SampleEntry.plain(1, try #require(Currency("EUR")))
    key = submission.key
  }

  static func job(_ number: Int, status: Int = 202, body: String = "") -> HTTPResponse {
    var response = HTTPResponse.json(status, body)
    response.headers["Location"] =
      "\(ScriptedNetSuite.account)/services/rest/async/v1/job/\(number)"
    return response
  }

  static let repeated = job(
    19, status: 400,
    body:
      #"{"title":"Conflict","status":400,"o:errorDetails":[{"detail":"A request with the same idempotency key is already submitted","o:errorCode":"IDEMPOTENCY_ERROR"}]}"#
  )

  private func adapter(_ http: ScriptedNetSuite) throws -> NetSuiteAdapter {
    try .test(http, ["asynchronous": true])
  }

  @Test func `a job is a ticket, asked until it ends`() async throws {
    let http = ScriptedNetSuite { request in
      if request.url.contains("/record/"), request.method == .post { return Self.job(19) }
      if request.url.hasSuffix("/job/19") {
        return .json(200, #"{"completed":true,"progress":"succeeded","id":"19"}"#)
      }
      return request.url.hasSuffix("/task/1/result")
        ? ScriptedNetSuite.created("journalentry", "64701") : nil
    }
    let adapter = try adapter(http)
    let outcome = await adapter.submit([submission])[key]
    #expect(outcome == .submitted(Ticket("job/19", progress: "accepted")))
    let request = try #require(await http.posts.first)
    #expect(request.headers["Prefer"] == "respond-async")
    let uuid = try #require(request.headers["X-NetSuite-Idempotency-Key"])
    #expect(
      uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
        != nil)
    let verdict = await adapter.poll([key: Ticket("job/19")])[key]
    #expect(verdict == .posted(Receipt(id: "64701", number: "JE1207")))
  }

  @Test(arguments: [
    #"{"completed":false,"progress":"processing"}"#, #"{"progress":"pending"}"#,
  ])
  func `a job that runs has no verdict`(state: String) async throws {
    let http = ScriptedNetSuite { _ in .json(200, state) }
    #expect(try await adapter(http).poll([key: Ticket("job/19")]).isEmpty)
  }

  @Test func `a job that cannot be asked has no verdict`() async throws {
    let http = ScriptedNetSuite { _ in ScriptedNetSuite.timeout }
    #expect(try await adapter(http).poll([key: Ticket("job/19")]).isEmpty)
  }

  @Test func `a job that failed is what its request would have been`() async throws {
    let http = ScriptedNetSuite { request in
      if request.url.hasSuffix("/job/19") { return .json(200, #"{"completed":true}"#) }
      return ScriptedNetSuite.error(400, "CLOSED_TRAN_PRD", "closed")
    }
    let verdict = try await adapter(http).poll([key: Ticket("job/19")])[key]
    #expect(verdict?.fixtureText.hasPrefix("rejected periodClosed") == true)
  }

  @Test func `the same request again is the job that runs already`() async throws {
    let http = ScriptedNetSuite { request in
      if request.url.contains("/record/"), request.method == .post { return Self.repeated }
      return request.url.hasSuffix("/job/19") ? .json(200, #"{"completed":false}"#) : nil
    }
    let outcome = try await adapter(http).submit([submission])[key]
    #expect(outcome == .submitted(Ticket("job/19", progress: "running")))
  }

  @Test func `after a job that failed the next has a key of its own`() async throws {
    let keys = Seen()
    let http = ScriptedNetSuite { request in
      if request.url.contains("/record/"), request.method == .post {
        return keys.insert(request.headers["X-NetSuite-Idempotency-Key"]) == 1
          ? Self.repeated : Self.job(20)
      }
      if request.url.hasSuffix("/job/19") { return .json(200, #"{"completed":true}"#) }
      return request.url.hasSuffix("/result")
        ? ScriptedNetSuite.error(400, "CLOSED_TRAN_PRD", "closed") : nil
    }
    let outcome = try await adapter(http).submit([submission])[key]
    #expect(outcome == .submitted(Ticket("job/20", progress: "accepted")))
    #expect(keys.count == 2)
  }
}

/// Texts that were seen.
final class Seen: Sendable {
  private let texts = Mutex<Set<String>>([])

  var count: Int { texts.withLock { $0.count } }

  /// How many there are then.
  func insert(_ text: String?) -> Int {
    texts.withLock { texts in
      texts.insert(text ?? "")
      return texts.count
    }
  }
}
