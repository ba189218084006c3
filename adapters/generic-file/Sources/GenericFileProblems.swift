import AdapterKit
import FileTransport
import Ledger

extension OutcomeTable.Row {
  /// What the codes in acknowledgements mean, of entries and of files.
  static let genericFile: [OutcomeTable.Row] = [
    codes(["closed_period"], .rejected(.periodClosed)),
    codes(["unknown_account", "blocked_account"], .rejected(.unknownAccount)),
    codes(["unknown_party", "party_required"], .rejected(.unknownParty)),
    codes(["invalid_tax"], .rejected(.tax)),
    codes(["duplicate_key"], .rejected(.duplicateWithOtherContent)),
    codes(
      [
        "missing_field", "external_key_too_long", "invalid_date", "unknown_currency",
        "wrong_functional_currency", "too_few_lines", "invalid_side", "invalid_amount",
        "too_many_decimals", "unbalanced", "duplicate_number", "reserved_number",
      ], .rejected(.validation)),
    // Of files: nothing was booked.
    codes(
      [
        "cut_off", "malformed", "wrong_hash", "wrong_count", "wrong_total", "wrong_company",
        "manifest_mismatch", "marker_mismatch", "unknown_company",
      ], .rejected(.validation)),
    // Of files: another file was taken under this name or batch, perhaps with our entries.
    codes(["duplicate_file", "duplicate_batch"], .unknown),
  ].flatMap { $0 }
}

extension OutcomeTable {
  /// The verdict on one key that an acknowledgement gives; nil when it does not name the key.
  func outcome(
    of key: PostingKey, in acknowledgement: WireAcknowledgement, file: String,
    _ redact: SecretRedaction
  ) -> PostingOutcome? {
    guard let entries = acknowledgement.entries else {
      let answer = ERPAnswer(
        code: acknowledgement.code, text: acknowledgement.text.map { redact($0) })
      return outcome(of: answer, about: "File \(file) with entry \(key)")
    }
    let ours = entries.filter { $0.key == key.text }
    guard let entry = ours.first else { return nil }
    guard ours.allSatisfy({ $0 == entry }) else {
      return .unknown(.outcomeUnknown("File \(file) was acknowledged twice for entry \(key)"))
    }
    switch entry.status {
    case "posted":
      guard let number = entry.document?.text, !number.isEmpty else {
        return .unknown(.outcomeUnknown("The ERP calls entry \(key) posted and gives no number"))
      }
      let receipt = Receipt(
        id: entry.id?.text ?? number, number: number,
        postedAt: entry.postedAt.flatMap { Moment($0) })
      return entry.duplicate == true ? .alreadyPosted(receipt) : .posted(receipt)
    case "rejected":
      let answer = ERPAnswer(
        code: entry.code, text: entry.text.map { redact($0) }, field: entry.field)
      return outcome(ofRejected: answer, about: "Entry \(key)")
    default:
      return .unknown(
        .outcomeUnknown("The ERP gave entry \(key) the status '\(redact(entry.status))'"))
    }
  }
}

extension FileFailure {
  /// The outcome of a delivery that failed.
  func outcome(about subject: String, _ redact: SecretRedaction) -> PostingOutcome {
    switch progress {
    case .nothingDelivered: .notSent(subject, because: redact(detail))
    case .outcomeUnknown: .answerLost(subject, because: redact(detail))
    }
  }

  func problem(_ redact: SecretRedaction) -> Problem {
    let fix =
      code == .notFound
      ? "Create the folder, or correct 'folders' of the connection"
      : "Check 'url', 'auth' and 'folders' of the connection"
    return Problem(
      code: "exchange_not_reached", detail: "The file exchange failed: \(redact(detail))", fix: fix)
  }
}
