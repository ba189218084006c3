import Ledger
import PostingEngine
import PostingRules
import SQLStore

// The billing system: it hands a request over until it is answered, and sometimes once more.

extension SimulatedWorld {
  /// A process that takes requests at the moment; nil when none does.
  private var desk: Worker? { workers.first { $0.isUp } }

  func schedule(_ arrival: Story.Arrival) {
    unanswered += 1
    later(after: arrival.at) { [unowned self] in handOver(arrival, attempt: 1) }
    if let again = arrival.repeatsAfter {
      unanswered += 1
      later(after: arrival.at + again) { [unowned self] in handOver(arrival, attempt: 2) }
    }
  }

  private func handOver(_ arrival: Story.Arrival, attempt: Int) {
    let wait = Duration.seconds(5)
    guard let desk else {
      return later(after: wait) { [unowned self] in handOver(arrival, attempt: attempt) }
    }
    var verdicts: [Verdict] = []
    let isAnswered = desk.perform {
      let documents = arrival.documents.map { document in
        guard sabotage == .duplicateAccept, attempt > 1 else { return document }
        return document.copied(attempt)
      }
      verdicts = try desk.accept(documents)
    }
    log(
      "worker \(desk.number) takes \(arrival.documents.map(\.storyName).joined(separator: ", ")): "
        + (isAnswered ? verdicts.map(\.kind.rawValue).joined(separator: ", ") : "no answer"))
    if isAnswered || (sabotage == .answersBeforeCommit && !verdicts.isEmpty) {
      unanswered -= 1
      for (document, verdict) in zip(arrival.documents, verdicts) { hear(verdict, of: document) }
      ringAll()
    } else {
      if sabotage == .noOutboxTransaction { losePostings(of: arrival) }
      later(after: wait) { [unowned self] in handOver(arrival, attempt: attempt + 1) }
    }
  }

  /// The same document gets the same answer for ever.
  func hear(_ verdict: Verdict, of document: Document) {
    let kind = verdict.kind == .repeat ? verdict.first ?? .repeat : verdict.kind
    guard let before = told.updateValue(kind, forKey: document) else { return }
    if verdict.kind != .repeat, verdict.kind != .conflict {
      fail(.sameResult, "\(document.storyName) was handed over again and is \(verdict.kind)")
    }
    if before != kind {
      fail(.sameResult, "\(document.storyName) was \(before) first and is \(kind) now")
    }
  }

  /// The documents were committed, their postings were not.
  private func losePostings(of arrival: Story.Arrival) {
    for document in arrival.documents {
      let source = "source = '\(document.identity.source)' AND id = '\(document.identity.id)'"
      let postings = """
        (SELECT number FROM postings WHERE attempt_count = 0 AND document IN
          (SELECT number FROM documents WHERE \(source)))
        """
      do {
        try disk.tamper(
          """
          DELETE FROM posting_order WHERE posting IN \(postings) OR after IN \(postings);
          DELETE FROM postings WHERE number IN \(postings);
          """)
      } catch {
        fail(.noDefect, "\(error)")
      }
    }
  }

  // MARK: Rules

  /// Finance mends the rules; what waited for a period is converted.
  func mend() {
    mendRules()
    guard let desk, desk.perform({ try desk.convertHeld() }) else {
      return later(after: .seconds(5)) { [unowned self] in mend() }
    }
    isMended = true
    log("the rules are mended")
    ringAll()
  }

  /// Somebody pauses a connection if he can, or resumes it as soon as he can.
  func pause(_ connection: Int, detail: String?) {
    guard detail == nil || desk != nil else { return }
    guard let desk,
      desk.perform({
        try desk.write { try $0.pause(SimulatedGroup.connection(connection), detail: detail) }
      })
    else {
      guard detail == nil else { return }
      return later(after: .seconds(5)) { [unowned self] in pause(connection, detail: nil) }
    }
    log("erp-\(connection) is \(detail == nil ? "resumed" : "paused")")
    ringAll()
  }
}

extension Worker {
  /// Takes documents in, all in one transaction.
  func accept(_ documents: [Document]) throws -> [Verdict] {
    let acceptance = world.acceptance
    let now = clock
    var converter = acceptance.makeConverter()
    let prepared = try documents.map { try acceptance.prepare($0, using: &converter) }
    var verdicts: [Verdict] = []
    do {
      try write { transaction in
        verdicts = try prepared.map {
          try acceptance.accept($0, at: now, using: &converter, in: transaction)
        }
      }
    } catch {
      guard world.sabotage == .answersBeforeCommit else { throw error }
      perform { throw error }
    }
    return verdicts
  }

  fileprivate func convertHeld() throws {
    let acceptance = world.acceptance
    let now = clock
    let held = try store.read { try $0.documentsWaiting(for: .period) }
    try write { transaction in
      var converter = acceptance.makeConverter()
      for number in held {
        _ = try acceptance.reconvert(
          number, at: now, actor: "engine", using: &converter, in: transaction)
      }
    }
  }
}

extension Document {
  /// What an intake that forgets takes for another document.
  fileprivate func copied(_ attempt: Int) -> Document {
    var copy = self
    copy.identity = DocumentIdentity(
      source: identity.source, type: identity.type, id: "\(identity.id)~\(attempt)")
    return copy
  }
}
