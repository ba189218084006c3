import AdapterKit
import Foundation
import HTTPTransport
import Ledger

/// What the answers to submissions say: pure functions of a response.
struct GenericRESTAnswers: Sendable {
  let table: OutcomeTable
  let redact: SecretRedaction

  /// What became of a batch.
  enum Batch: Hashable {
    case verdicts([PostingKey: PostingOutcome])
    /// The request was refused before any entry of it was looked at.
    case refused(PostingOutcome)
  }

  /// The answer to a single entry.
  func outcome(of response: HTTPResponse, for key: PostingKey, now: Moment) -> PostingOutcome {
    let subject = "Entry \(key)"
    guard response.isSuccess else {
      return table.outcome(ofRequest: refusal(response, now: now), about: subject)
    }
    guard let result = try? JSONDecoder().decode(WireResult.self, from: Data(response.body)),
      result.externalKey == key.text
    else { return unreadable(response, subject) }
    return outcome(of: result, key, status: response.status)
  }

  /// The answer to several entries. Keys that it does not name are missing.
  func outcomes(of response: HTTPResponse, for keys: [PostingKey], now: Moment) -> Batch {
    let subject = "A batch of \(keys.count) entries"
    guard response.isSuccess else {
      return .refused(table.outcome(ofRequest: refusal(response, now: now), about: subject))
    }
    guard let answer = try? JSONDecoder().decode(WireBatchAnswer.self, from: Data(response.body))
    else { return .refused(unreadable(response, subject)) }
    let asked = Set(keys)
    var outcomes: [PostingKey: PostingOutcome] = [:]
    for result in answer.results {
      guard let key = PostingKey(result.externalKey), asked.contains(key) else { continue }
      let outcome = outcome(of: result, key, status: response.status)
      if let other = outcomes[key], other != outcome {
        outcomes[key] = .unknown(
          .outcomeUnknown("The ERP gave entry \(key) two different verdicts"))
      } else {
        outcomes[key] = outcome
      }
    }
    return .verdicts(outcomes)
  }

  private func outcome(
    of result: WireResult, _ key: PostingKey, status: Int
  ) -> PostingOutcome {
    let subject = "Entry \(key)"
    switch result.status {
    case "posted":
      guard let number = result.number?.text.filled else {
        return .unknown(.outcomeUnknown("The ERP calls entry \(key) posted and gives no number"))
      }
      let receipt = Receipt(
        id: result.id?.text.filled ?? number, number: number,
        postedAt: result.postedAt.flatMap { Moment($0) })
      return result.duplicate == true ? .alreadyPosted(receipt) : .posted(receipt)
    case "rejected":
      let answer = ERPAnswer(
        code: result.code, text: result.message.map { redact($0) }, field: result.field)
      return table.outcome(ofRejected: answer, about: subject)
    default:
      return .unknown(
        .outcomeUnknown("The ERP gave entry \(key) the status '\(redact(result.status))'"))
    }
  }

  /// The words of a response that is no success.
  func refusal(_ response: HTTPResponse, now: Moment) -> ERPAnswer {
    let problem = try? JSONDecoder().decode(WireProblem.self, from: Data(response.body))
    return ERPAnswer(
      status: response.status, code: problem?.code.map { redact($0) },
      text: (problem?.message ?? problem?.detail).map { redact($0) },
      field: problem?.field.map { redact($0) },
      retryAfter: response.retryAfter(now: now.milliseconds / 1_000))
  }

  private func unreadable(_ response: HTTPResponse, _ subject: String) -> PostingOutcome {
    .unknown(
      .outcomeUnknown(
        "\(subject) was sent, and the ERP's answer with status \(response.status) is not the one"
          + " that was agreed: \(redact(String(response.text.prefix(120))))"))
  }
}
