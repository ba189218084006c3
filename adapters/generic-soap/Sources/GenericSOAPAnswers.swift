import AdapterKit
import HTTPTransport
import Ledger
import SOAPTransport
import XMLTree

/// What the service's answers say: pure functions of an answer.
struct GenericSOAPAnswers: Sendable {
  let table: OutcomeTable
  let redact: SecretRedaction

  /// What became of a batch.
  enum Batch: Hashable {
    case verdicts([PostingKey: PostingOutcome])
    /// One word for the whole request.
    case refused(PostingOutcome)
  }

  /// The answer to `PostJournalEntries`. Keys that it does not name are missing.
  func outcomes(of answer: SOAPAnswer, for keys: [PostingKey], now: Moment) -> Batch {
    let subject = keys.count == 1 ? "Entry \(keys[0])" : "A batch of \(keys.count) entries"
    guard case .body(let element?) = answer.content, (200..<300).contains(answer.status),
      element.name == WireOperation.postJournalEntries.answer
    else {
      return .refused(table.outcome(ofRequest: words(of: answer, now: now), about: subject))
    }
    let asked = Set(keys)
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for result in element.all(WireName.of("Result")).map(WireResult.init) {
      guard let key = PostingKey(result.externalKey), asked.contains(key) else { continue }
      let outcome = outcome(of: result, key)
      if let other = outcomes[key], other != outcome {
        outcomes[key] = .unknown(
          .outcomeUnknown("The ERP gave entry \(key) two different verdicts"))
      } else {
        outcomes[key] = outcome
      }
    }
    return .verdicts(outcomes)
  }

  private func outcome(of result: WireResult, _ key: PostingKey) -> PostingOutcome {
    switch result.status {
    case "posted":
      guard let number = result.number else {
        return .unknown(.outcomeUnknown("The ERP calls entry \(key) posted and gives no number"))
      }
      let receipt = Receipt(
        id: result.id ?? number, number: number, postedAt: result.postedAt.flatMap { Moment($0) })
      return result.isDuplicate ? .alreadyPosted(receipt) : .posted(receipt)
    case "rejected":
      let answer = ERPAnswer(
        code: result.code, text: result.message.map { redact($0) }, field: result.field)
      return table.outcome(ofRejected: answer, about: "Entry \(key)")
    default:
      return .unknown(
        .outcomeUnknown("The ERP gave entry \(key) the status '\(redact(result.status))'"))
    }
  }

  /// The words of an answer that is not the one that was asked for.
  func words(of answer: SOAPAnswer, now: Moment) -> ERPAnswer {
    let wait = answer.httpHeaders["Retry-After"].flatMap {
      RetryAfter.wait($0, now: now.milliseconds / 1_000)
    }
    var words = ERPAnswer(status: answer.status, retryAfter: wait)
    switch answer.content {
    case .fault(let fault):
      words.code = redact(fault.decidingCode)
      words.text = redact(fault.decidingText)
    case .body(let element):
      words.text = "a SOAP body with \(redact(element?.name.local ?? "nothing")) in it"
    case .notSOAP(let page):
      words.text = "no SOAP envelope: \(redact(String(page.text.prefix(120))))"
    }
    return words
  }
}
