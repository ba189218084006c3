import AdapterKit
import HTTPTransport
import Ledger

/// Texts that must stand in an answer: every path with one of its texts.
struct AnswerCondition: Sendable {
  var texts: [(path: String, anyOf: Set<String>)] = []

  func holds(in tree: AnswerTree?) -> Bool {
    texts.allSatisfy { path, anyOf in
      tree?.nodes(at: path).contains { $0.text.map(anyOf.contains) ?? false } ?? false
    }
  }
}

/// Where in an answer a text stands: a path, or `header:NAME`, of which an address gives the last part
/// of its path.
struct AnswerSource: Sendable {
  let path: String

  func text(in tree: AnswerTree?, _ response: HTTPResponse) -> String? {
    guard path.hasPrefix("header:") else { return tree?.text(at: path) }
    let value = response.headers[String(path.dropFirst("header:".count))]
    return value?.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").last.map(String.init)
  }
}

/// How an answer says that an entry is booked, or why not.
struct SubmitRule: Sendable {
  /// The statuses under which the answer may say so.
  var statuses: Set<Int> = [200, 201]
  var posted = AnswerCondition()
  /// Where the ERP says no under such a status; nil when it never does.
  var rejected: AnswerCondition?
  /// Where it says that it had the entry already.
  var duplicate: AnswerCondition?
  var number: AnswerSource
  var id: AnswerSource?
  /// Must be our key where it stands in the answer.
  var key: AnswerSource?
  var refusal = RefusalRule()
}

/// Where an ERP's own words stand.
struct RefusalRule: Sendable {
  var code: String?
  var text: String?
  var field: String?

  func answer(
    _ tree: AnswerTree?, _ response: HTTPResponse, status: Int?, _ redact: SecretRedaction,
    now: Moment
  ) -> ERPAnswer {
    ERPAnswer(
      status: status, code: tree?.text(at: code).map { redact($0) },
      text: (tree?.text(at: text) ?? redirection(response)).map { redact($0) },
      field: tree?.text(at: field).map { redact($0) },
      retryAfter: response.retryAfter(now: now.milliseconds / 1_000))
  }
}

extension RefusalRule {
  /// Where the answer sends people on; an entry is not sent after it.
  private func redirection(_ response: HTTPResponse) -> String? {
    guard (300..<400).contains(response.status), let address = response.headers["Location"] else {
      return nil
    }
    return "it points to \(address), which the connection's 'url' has to name"
  }
}

/// What answers mean: pure functions of a response.
struct AnswerReader: Sendable {
  let table: OutcomeTable
  let redact: SecretRedaction
  let now: Moment

  func outcome(
    of response: HTTPResponse, for submission: Submission, _ rule: SubmitRule,
    _ keyField: KeyField
  ) -> PostingOutcome {
    let tree = AnswerTree(response)
    guard rule.statuses.contains(response.status) else {
      let answer = rule.refusal.answer(tree, response, status: response.status, redact, now: now)
      return table.outcome(ofRequest: answer, about: "Entry \(submission.key)")
    }
    return outcome(of: tree, response, for: submission.key, rule, keyField)
  }

  /// The verdict on one entry, in an answer of its own or as a part of one.
  func outcome(
    of tree: AnswerTree?, _ response: HTTPResponse, for key: PostingKey, _ rule: SubmitRule,
    _ keyField: KeyField
  ) -> PostingOutcome {
    let subject = "Entry \(key)"
    if let rejected = rule.rejected, rejected.holds(in: tree) {
      let answer = rule.refusal.answer(tree, response, status: nil, redact, now: now)
      return table.outcome(ofRejected: answer, about: subject)
    }
    guard rule.posted.holds(in: tree), let number = rule.number.text(in: tree, response) else {
      return .unknown(
        .outcomeUnknown(
          "\(subject) was sent, and the ERP's answer with status \(response.status) does not say"
            + " that it is booked: \(redact(String(response.text.prefix(120))))"))
    }
    if let told = rule.key?.text(in: tree, response), told != keyField.text(for: key) {
      return .unknown(
        .outcomeUnknown("\(subject) was sent, and the ERP answered about \(redact(told))"))
    }
    let receipt = Receipt(id: rule.id?.text(in: tree, response) ?? number, number: number)
    let wasThere = rule.duplicate?.holds(in: tree) ?? false
    return wasThere ? .alreadyPosted(receipt) : .posted(receipt)
  }
}
