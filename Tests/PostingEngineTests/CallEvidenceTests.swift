import AdapterKit
import Ledger
import PostingEngine
import SQLStore
import TestSupport
import Testing
import WireTranscript

/// What attempts sent and what came back, in the audit trail.
@Suite struct CallEvidenceTests {
  let fixture: EngineFixture
  let erp: FakeERP

  init() throws {
    fixture = try EngineFixture()
    erp = FakeERP(clock: fixture.clock)
  }

  /// An adapter that says on the wire what it is told to.
  private struct TalkingAdapter: FindsPostings {
    let erp: FakeERP
    var descriptor = AdapterDescriptor.fake(batch: 3)
    /// Fetched while the call is made, and repeated by the ERP.
    static let token = "fetched-on-the-way"

    func check() async -> [Problem] { [] }
    func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
      Transcript.current?.hide(TalkingAdapter.token)
      let place = Transcript.current?.sends(
        "POST \(batch.map(\.key.text).joined(separator: " ")) by opensesame \(TalkingAdapter.token)"
      )
      let outcomes = await erp.submit(batch)
      if let place { Transcript.current?.hears("answer to opensesame", to: place) }
      return outcomes.mapValues { outcome in
        guard case .rejected(let rejection) = outcome else { return outcome }
        return .rejected(
          Rejection(
            rejection.rejectionClass,
            Problem(
              code: "erp_refused", detail: "Refused \(TalkingAdapter.token)", fix: "Look"),
            erpCode: rejection.erpCode, erpText: "no \(TalkingAdapter.token)"))
      }
    }
    func find(_ key: PostingKey) async -> Finding { await erp.find(key) }
  }

  private var connection: EngineConnection {
    EngineConnection(
      id: Sample.germanERP, adapter: TalkingAdapter(erp: erp), callTimeout: .seconds(30),
      redaction: SecretRedaction(everyFormOf: ["opensesame"]))
  }

  private func evidence(of attempt: Attempt) throws -> String {
    let hash = try #require(attempt.evidence)
    let content = try fixture.store.read { try $0.evidence(hash) }
    return String(decoding: try #require(content), as: UTF8.self)
  }

  @Test func `an attempt is in the audit trail with what it sent and what came back`() async throws
  {
    for number in 1...3 { try fixture.accept(try Sample.invoice("INV-\(number)", "1.00")) }
    try await fixture.run(connection)
    let postings = try (1...3).map { try fixture.posting(.invoice, "INV-\($0)") }
    let attempts = try postings.flatMap { try fixture.attempts($0) }
    #expect(attempts.count == 3)
    #expect(Set(attempts.map(\.evidence)).count == 1, "one call has one text")
    let text = try evidence(of: try #require(attempts.first))
    for posting in postings { #expect(text.contains(posting.entry.text)) }
    #expect(text.contains("POST ") && text.contains("answer to [redacted]"))
    #expect(!text.contains("opensesame") && !text.contains(TalkingAdapter.token))
    let document = try fixture.document(Sample.identity(.invoice, "INV-2"))
    let timeline = try fixture.store.read { try $0.audit(of: document.number) }
    let record = try #require(timeline.first { $0.action == "attempt.posted" })
    #expect(record.evidence == attempts[1].evidence)
    #expect(record.detail.hasPrefix("submit 1 of "))
    #expect(try (fixture.store as? SQLStore)?.verifyAuditChain() == nil)
  }

  @Test func `a secret fetched on the way is in no text that comes back`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    erp.set { $0.fault = { _, _ in .refuse(.validation) } }
    try await fixture.run(connection)
    let exception = try #require(try fixture.exceptions().first)
    #expect(exception.cause.contains("[redacted]"))
    let attempt = try #require(try fixture.attempts(fixture.posting(.invoice, "INV-1")).first)
    #expect(attempt.message == "no [redacted]")
  }

  @Test func `a call without an answer in time keeps what was sent`() async throws {
    try fixture.accept(try Sample.invoice("INV-1", "1.00"))
    erp.set {
      $0.fault = { _, count in count == 1 ? .bookAndHang : nil }
      $0.lookUpFault = { _, _ in .cannotTell }
    }
    var connection = connection
    connection = EngineConnection(
      id: connection.id, adapter: connection.adapter, policy: RetryPolicy(maximumLookUps: 2),
      callTimeout: connection.callTimeout, redaction: connection.redaction)
    try await fixture.run(connection)
    let attempt = try #require(try fixture.attempts(fixture.posting(.invoice, "INV-1")).first)
    #expect(attempt.outcome == "unknown")
    let text = try evidence(of: attempt)
    #expect(text.contains("sent after 0 ms\nPOST ") && text.contains("nothing came back"))
    let cause = try #require(
      try fixture.exceptions().first { $0.exceptionClass == "unknown_outcome" }
    ).cause
    #expect(cause.contains("sent at ") && cause.contains("kept as sha256:"))
  }

  @Test func `a long message is cut, and vouched for as a whole`() throws {
    let transcript = Transcript { .milliseconds(5) }
    let long = String(repeating: "ä", count: CallEvidence.longestMessage)
    let place = transcript.sends(long)
    transcript.hears("short", to: place)
    let evidence = try #require(
      CallEvidence(transcript, began: Sample.now, SecretRedaction([])))
    let text = String(decoding: evidence.content, as: UTF8.self)
    #expect(evidence.content.count < CallEvidence.longestMessage + 500)
    #expect(
      text.contains("(cut after \(CallEvidence.longestMessage) of \(long.utf8.count) bytes;"))
    #expect(text.contains("the whole has SHA-256 "))
    #expect(text.hasSuffix("came back after 5 ms\nshort\n"))
  }

  @Test func `a call of many messages is bounded as a whole`() throws {
    let transcript = Transcript { .zero }
    for _ in 0..<9 {
      _ = transcript.sends(String(repeating: "x", count: CallEvidence.longestMessage))
    }
    let evidence = try #require(
      CallEvidence(transcript, began: Sample.now, SecretRedaction([])))
    #expect(evidence.content.count < CallEvidence.longestCall + 5_000)
  }

  @Test func `a call that said nothing has no evidence`() {
    #expect(CallEvidence(Transcript { .zero }, began: Sample.now, SecretRedaction([])) == nil)
  }
}
