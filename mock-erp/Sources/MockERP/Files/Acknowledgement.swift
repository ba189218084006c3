import Foundation

/// What the receiver writes into `out` about one file.
struct Acknowledgement {
  let file: String
  let sha256: String
  /// nil when the file could not be read so far.
  let batch: String?
  let receivedAt: Date
  /// Set when the file as a whole was not taken.
  let fault: FileFault?
  let verdicts: [(key: String, verdict: Verdict)]
  /// The file that had this content first; nil when it is this one.
  var firstFile: String?
  var isRepeat = false

  /// `accepted`, `partial` or `rejected`.
  private var result: JSONText {
    let refusals = verdicts.count { if case .refused = $0.verdict { true } else { false } }
    if fault != nil || refusals == verdicts.count { return "rejected" }
    return refusals == 0 ? "accepted" : "partial"
  }

  var bytes: [UInt8] {
    JSONText.object([
      ("batch", .optional(batch)), ("file", .string(file)), ("sha256", .string(sha256)),
      ("result", result), ("receivedAt", .string(Timestamp.text(receivedAt))),
      ("duplicate", isRepeat ? .boolean(true) : nil), ("firstFile", .optional(firstFile)),
      ("code", .optional(fault?.code)), ("text", .optional(fault?.text)),
      (
        "entries",
        fault == nil ? .array(verdicts.map { Self.entry($0.key, $0.verdict) }) : nil
      ),
    ]).bytes
  }

  private static func entry(_ key: String, _ verdict: Verdict) -> JSONText {
    switch verdict {
    case .posted(let booking): .object(posted(booking))
    case .repeated(let booking): .object(posted(booking) + [("duplicate", .boolean(true))])
    case .refused(let refusal):
      .object([
        ("key", .string(key)), ("status", "rejected"), ("code", .string(refusal.code)),
        ("text", .string(refusal.message)), ("field", .optional(refusal.field)),
      ])
    }
  }

  private static func posted(_ booking: Booking) -> [(String, JSONText?)] {
    [
      ("key", .string(booking.externalKey)), ("status", "posted"), ("id", .string(booking.id)),
      ("document", .string(booking.number)),
      ("postedAt", .string(Timestamp.text(booking.postedAt))),
    ]
  }
}
