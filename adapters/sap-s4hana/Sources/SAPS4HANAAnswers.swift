import AdapterKit
import HTTPTransport
import Ledger
import SOAPTransport
import XMLTree

/// What the service's answers say: pure functions of an answer. The HTTP status is no verdict.
struct SAPS4HANAAnswers: Sendable {
  let settings: SAPS4HANASettings

  /// What became of a batch.
  enum Batch: Hashable {
    case verdicts([PostingKey: PostingOutcome])
    /// One word for the whole request.
    case refused(PostingOutcome)
  }

  private var redact: SecretRedaction { settings.redaction }

  /// The answer to a batch. A key that it does not name is unknown: SAP may have booked it.
  func outcomes(of answer: SOAPAnswer, for keys: [PostingKey], now: Moment) -> Batch {
    guard case .body(let element?) = answer.content, answer.status == 200,
      element.name == SAPWire.confirmation
    else {
      return .refused(
        settings.requestTable.outcome(
          ofRequest: words(of: answer, now: now), about: subject(of: keys)))
    }
    let confirmations = element.all(XMLName("JournalEntryCreateConfirmation"))
      .map(SAPConfirmation.init)
    let byReference = Dictionary(grouping: confirmations, by: \.reference)
    return .verdicts(
      Dictionary(
        keys.map { key in
          (key, outcome(of: byReference[SAPS4HANAMapping.reference(of: key)] ?? [], key))
        }
      ) { first, _ in first })
  }

  /// The answer to entries of a ledger group: taken, and nothing more, by 202 or an empty 200.
  func outcomes(ofTaken answer: SOAPAnswer, for keys: [PostingKey], now: Moment) -> Batch {
    guard answer.isEmpty, [200, 202].contains(answer.status) else {
      return .refused(
        settings.requestTable.outcome(
          ofRequest: words(of: answer, now: now), about: subject(of: keys)))
    }
    return .verdicts(
      Dictionary(keys.map { ($0, .submitted(Ticket($0.text, progress: "taken"))) }) { first, _ in
        first
      })
  }

  private func subject(of keys: [PostingKey]) -> String {
    keys.count == 1 ? "Entry \(keys[0])" : "A batch of \(keys.count) entries"
  }

  private func outcome(
    of confirmations: [SAPConfirmation], _ key: PostingKey
  ) -> PostingOutcome {
    guard let confirmation = confirmations.first else {
      return .unknown(.outcomeUnknown("The ERP's answer does not name entry \(key)"))
    }
    guard confirmations.allSatisfy({ $0 == confirmation }) else {
      return .unknown(.outcomeUnknown("The ERP gave entry \(key) two different verdicts"))
    }
    guard let number = confirmation.number else {
      guard confirmation.isError else {
        return .unknown(
          .outcomeUnknown("The ERP gives entry \(key) neither a number nor an error"))
      }
      return rejection(confirmation, key)
    }
    guard !confirmation.isError else {
      return .unknown(
        .outcomeUnknown(
          "The ERP gives entry \(key) number \(redact(number)) and an error: "
            + text(of: confirmation)))
    }
    guard confirmation.company == settings.company, let year = confirmation.year else {
      return .unknown(
        .outcomeUnknown(
          "The ERP gives entry \(key) number \(redact(number)) without the year, or in company "
            + redact(confirmation.company ?? "-")))
    }
    return .posted(SAPDocument(number: number, company: settings.company, year: year).receipt)
  }

  /// A refusal. The first cause that the table knows decides.
  private func rejection(_ confirmation: SAPConfirmation, _ key: PostingKey) -> PostingOutcome {
    let text = text(of: confirmation)
    let causes = confirmation.causes.map { ERPAnswer(code: $0.type, text: redact($0.note)) }
    let known = causes.first { settings.logTable.verdict(on: $0) != nil } ?? causes.first
    let answer = known ?? ERPAnswer()
    let outcome = settings.logTable.outcome(ofRejected: answer, about: "Entry \(key)")
    guard case .rejected(let rejection) = outcome else { return outcome }
    return .rejected(
      ERPAnswer(code: answer.code, text: text).rejection(
        rejection.rejectionClass, of: "Entry \(key)"))
  }

  private func text(of confirmation: SAPConfirmation) -> String {
    redact(confirmation.causes.map(\.note).filter { !$0.isEmpty }.joined(separator: "; "))
  }

  /// The words of an answer that is no confirmation.
  func words(of answer: SOAPAnswer, now: Moment) -> ERPAnswer {
    let wait = answer.httpHeaders["Retry-After"].flatMap {
      RetryAfter.wait($0, now: now.milliseconds / 1_000)
    }
    var words = ERPAnswer(status: answer.status, retryAfter: wait)
    switch answer.content {
    case .fault(let fault):
      words.code = redact(fault.subcodes.last { !$0.isEmpty } ?? fault.code)
      words.text = redact(fault.reason)
    case .body(let element):
      words.text = "a SOAP body with \(redact(element?.name.local ?? "nothing")) in it"
    case .notSOAP(let page):
      words.text = "no SOAP envelope: \(redact(String(page.text.prefix(120))))"
    }
    return words
  }
}

extension SOAPAnswer {
  /// Neither body nor fault.
  fileprivate var isEmpty: Bool {
    switch content {
    case .body(let element): element == nil
    case .notSOAP(let page): page.excerpt.allSatisfy { $0 <= 0x20 }
    case .fault: false
    }
  }
}
