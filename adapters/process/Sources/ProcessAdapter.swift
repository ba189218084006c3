public import AdapterKit
public import Ledger
import LedgerJSON
import StrictJSON
import WireTranscript

/// Posts journal entries through a program of any language.
public struct ProcessAdapter: FindsPostings, ReadsBooks, ReadsPeriods {
  private let definition: ProcessDefinition
  private let context: ProcessProtocol.Context
  private let limits: SubmissionLimits
  private let table: OutcomeTable
  private let redact: SecretRedaction
  private let pool: ProcessPool

  private static let maximumPages = 1_000_000

  /// - Throws: ``SettingsFault`` with everything that is wrong in the connection's file.
  public init(
    _ definition: ProcessDefinition, settings: AdapterSettings
  ) throws(SettingsFault) {
    self.definition = definition
    var reader = SettingsReader(settings)
    var texts: [String: String] = [:]
    for key in ["url", "company"] {
      texts[key] = reader.value(or: nil) { settings throws(Problem) in
        try settings.optionalText(key)
      }
    }
    for (name, fallback) in definition.parameters.sorted(by: { $0.key < $1.key }) {
      texts[name] = reader.value(or: "") { settings throws(Problem) in
        if let fallback { return try settings.optionalText(name) ?? fallback }
        return try settings.text(name)
      }
    }
    var secrets: [String: String] = [:]
    for name in definition.secrets.sorted() {
      secrets[name] = reader.value(or: nil) { settings throws(Problem) in
        try settings.requiredSecret(name)
      }
    }
    let descriptor = definition.descriptor
    limits = SubmissionLimits(
      &reader,
      defaults: SubmissionLimits(
        batchSize: descriptor.maximumBatchSize, maximumLines: descriptor.maximumLines,
        quietPeriod: descriptor.quietPeriod), largestBatch: descriptor.maximumBatchSize,
      mostLines: descriptor.maximumLines)
    table = OutcomeTable(OutcomeTable.rows(in: &reader) + definition.rows)
    try reader.finish(knownKeys: definition.connectionKeys)
    context = ProcessProtocol.Context(
      connection: settings.connection.code, settings: texts, secrets: secrets)
    redact = SecretRedaction(Array(secrets.values))
    let handshake = Handshake(definition: definition, context: context)
    pool = ProcessPool(definition.launch, processes: definition.processes) { session in
      await handshake.fault(of: session)
    }
  }

  public var capabilities: Set<AdapterCapability> { definition.capabilities }

  public var descriptor: AdapterDescriptor {
    var descriptor = definition.descriptor
    descriptor.maximumBatchSize = limits.batchSize
    descriptor.maximumLines = limits.maximumLines
    descriptor.quietPeriod = limits.quietPeriod
    return descriptor
  }

  /// The `result` of an answer.
  private func call(
    _ method: ProcessProtocol.Method, _ parameters: (inout JSONWriter) -> Void = { _ in }
  ) async -> Result<JSONView, ProcessFailure> {
    let line = ProcessProtocol.request(method, context, parameters)
    let transcript = Transcript.current
    let place = transcript?.sends(
      String(
        decoding: ProcessProtocol.request(method, context.withoutSecrets, parameters),
        as: UTF8.self))
    let answer = await pool.call(line, timeout: limits.timeout)
    if let place { transcript?.hears(answer.transcriptText, to: place) }
    switch answer {
    case .failure(let failure): return .failure(failure)
    case .success(let bytes):
      guard let json = try? JSONText(bytes).root, let result = json["result"] else {
        let said = redact(String(decoding: bytes.prefix(200), as: UTF8.self))
        return .failure(.lost("its answer is not the one that was agreed: \(said)"))
      }
      return .success(result)
    }
  }

  private func unreachable(_ failure: ProcessFailure) -> Problem {
    Problem(
      code: "erp_not_reached",
      detail: "Adapter \(definition.name) gave no answer: \(redact(failure.detail))",
      fix: "Run 'postern adapters verify \(definition.name)' to see what it does")
  }

  public func check() async -> [Problem] {
    switch await call(.check) {
    case .failure(let failure): return [unreachable(failure)]
    case .success(let result):
      guard let problems = result["problems"]?.array else {
        return [unreachable(.lost("its answer to 'check' has no 'problems'"))]
      }
      return problems.map { problem in
        Problem(
          code: "erp_refused",
          detail: redact(
            problem["detail"]?.string ?? problem.string ?? "The check found a problem"),
          fix: redact(problem["fix"]?.string ?? "Check the connection and the ERP"))
      }
    }
  }

  public func submit(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    var outcomes: [PostingKey: PostingOutcome] = [:]
    var rest = batch[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(limits.batchSize))
      rest = rest.dropFirst(part.count)
      outcomes.merge(await send(part)) { first, _ in first }
    }
    return outcomes
  }

  private func send(_ batch: [Submission]) async -> [PostingKey: PostingOutcome] {
    let field = definition.descriptor.keyField
    let answer = await call(.submit) { writer in
      ProcessProtocol.entries(batch, field, to: &writer)
    }
    switch answer {
    case .failure(let failure):
      let outcomes = batch.map { submission -> (PostingKey, PostingOutcome) in
        let subject = "Entry \(submission.key)"
        let detail = redact(failure.detail)
        return (
          submission.key,
          failure.mayHaveActed
            ? .answerLost(subject, because: detail) : .notSent(subject, because: detail)
        )
      }
      return Dictionary(outcomes) { first, _ in first }
    case .success(let result):
      let keys = Dictionary(batch.map { (field.text(for: $0.key), $0.key) }) { first, _ in first }
      var outcomes: [PostingKey: PostingOutcome] = [:]
      for item in result["outcomes"]?.array.map(Array.init) ?? [] {
        guard let key = item["key"]?.string.flatMap({ keys[$0] }) else { continue }
        let verdict = ProcessVerdict(json: item, table: table, redact: redact)
        let outcome = verdict.outcome(for: key)
        let isSecond = outcomes[key].map { $0 != outcome } ?? false
        outcomes[key] =
          isSecond
          ? .unknown(.outcomeUnknown("The adapter gave entry \(key) two verdicts")) : outcome
      }
      return outcomes
    }
  }

  public func find(_ key: PostingKey) async -> Finding {
    let field = definition.descriptor.keyField
    let answer = await call(.find) { writer in
      writer.string("key", field.text(for: key))
      writer.string("postingKey", key.text)
    }
    switch answer {
    case .failure(let failure): return .cannotTell(unreachable(failure))
    case .success(let result):
      switch result["finding"]?.string {
      case "absent": return .absent
      case "found":
        guard let number = result["number"]?.string, !number.isEmpty else {
          return .cannotTell(.lookUpUnclear("Entry \(key) was found without a number"))
        }
        return .found(Receipt(id: result["id"]?.string ?? number, number: number))
      default:
        let said = result["text"]?.string.map { redact($0) } ?? "no reason given"
        return .cannotTell(.lookUpUnclear("The look-up of \(key) cannot tell: \(said)"))
      }
    }
  }

  public func periods(
    _ periods: [FiscalPeriod]
  ) async throws(Problem) -> [FiscalPeriod: PeriodStatus] {
    let answer = await call(.periods) { $0.texts("periods", periods.map(\.text)) }
    let result = try read(answer)
    var statuses: [FiscalPeriod: PeriodStatus] = [:]
    for period in periods {
      statuses[period] =
        result["periods"]?[period.text]?.string.flatMap { PeriodStatus(rawValue: $0) } ?? .unknown
    }
    return statuses
  }

  public func readPostings(
    of period: FiscalPeriod, consume: ([BookedPosting]) throws(Problem) -> Void
  ) async throws(Problem) {
    var cursor: String?
    for _ in 0..<Self.maximumPages {
      let answer = await call(.readBooks) { [cursor] writer in
        writer.string("period", period.text)
        writer.string("cursor", cursor)
      }
      let page = try read(answer)
      guard let items = page["postings"]?.array else {
        throw .unreadableBooks("A page of period \(period) has no 'postings'")
      }
      var postings: [BookedPosting] = []
      for item in items { postings.append(try BookedPosting(item)) }
      try consume(postings)
      guard let next = page["next"]?.string, next != cursor else { return }
      cursor = next
    }
  }

  private func read(_ answer: Result<JSONView, ProcessFailure>) throws(Problem) -> JSONView {
    switch answer {
    case .success(let result): return result
    case .failure(let failure): throw unreachable(failure)
    }
  }
}

extension Result<[UInt8], ProcessFailure> {
  fileprivate var transcriptText: String {
    switch self {
    case .success(let line): String(decoding: line, as: UTF8.self)
    case .failure(let failure): "no answer: \(failure.detail)"
    }
  }
}

extension BookedPosting {
  fileprivate init(_ json: JSONView) throws(Problem) {
    let number = json["number"]?.string ?? ""
    guard let date = json["date"]?.string.flatMap({ CalendarDate($0) }),
      let currency = json["currency"]?.string.flatMap({ Currency($0) }),
      let items = json["lines"]?.array
    else { throw .unreadableBooks("Document \(number) lacks a date, a currency or lines") }
    var lines: [Line] = []
    for item in items {
      guard let account = item["account"]?.string,
        let side = item["side"]?.string.flatMap({ Side(rawValue: $0) }),
        let amount = item["amount"]?.string.flatMap({ try? Money($0, currency) })
      else { throw .unreadableBooks("A line of document \(number) cannot be read") }
      lines.append(Line(account: AccountCode(account), side: side, amount: amount))
    }
    self.init(number: number, externalKey: json["key"]?.string, date: date, lines: lines)
  }
}

extension Problem {
  fileprivate static func unreadableBooks(_ detail: String) -> Problem {
    Problem(
      code: "books_unreadable", detail: detail,
      fix: "Compare the program's answer with docs/process-adapters.md")
  }
}
