extension BookedEntry {
  /// The entry as `generic-rest` reads it back.
  var json: JSONText {
    .object([
      ("id", .string(id)), ("number", .string(number)), ("status", "posted"),
      ("postedAt", .string(Timestamp.text(postedAt))),
      ("externalKey", .string(content.externalKey)),
      ("postingDate", .string(content.postingDate)),
      ("documentDate", .string(content.documentDate)), ("currency", .string(content.currency)),
      ("functionalCurrency", .string(content.functionalCurrency)),
      ("reference", .optional(content.reference)),
      ("description", .optional(content.description)), ("lines", .array(content.lineMembers)),
    ])
  }
}

extension EntryContent {
  /// Lines with their amounts in exactly the currency's decimals.
  var lineMembers: [JSONText] {
    lines.map { line in
      .object([
        ("account", .string(line.account)), ("side", .string(line.side.rawValue)),
        ("amount", .string(ExactAmount.text(line.amount, decimals: decimals))),
        (
          "functionalAmount",
          .string(ExactAmount.text(line.functionalAmount, decimals: functionalDecimals))
        ),
        ("party", .optional(line.party)),
        (
          "tax",
          line.tax.map { tax in
            .object([
              ("code", .string(tax.code)), ("rate", .optional(tax.rate)),
              ("base", .optional(tax.base)),
            ])
          }
        ),
        (
          "dimensions",
          line.dimensions.isEmpty
            ? nil
            : .object(
              line.dimensions.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        ),
        ("description", .optional(line.description)),
      ])
    }
  }
}

extension Booking {
  /// The receipt of a single posting.
  var members: [(String, JSONText?)] {
    [
      ("id", .string(id)), ("number", .string(number)), ("externalKey", .string(externalKey)),
      ("status", "posted"), ("postedAt", .string(Timestamp.text(postedAt))),
    ]
  }
}

extension Verdict {
  /// The verdict on an entry of a batch.
  func json(key: String) -> JSONText {
    switch self {
    case .posted(let booking): .object(booking.members)
    case .repeated(let booking): .object(booking.members + [("duplicate", .boolean(true))])
    case .refused(let refusal):
      .object([
        ("externalKey", .string(key)), ("status", "rejected"), ("code", .string(refusal.code)),
        ("message", .string(refusal.message)), ("field", .optional(refusal.field)),
      ])
    }
  }
}
