internal import Ledger
internal import PosternService
internal import PostingEngine
internal import StrictJSON

extension ExceptionRetryRun.Row {
  /// Whether somebody still has to act on it.
  var stays: Bool {
    switch result {
    case .stays, .needsDecision: true
    case .released, nil: false
    }
  }

  var resultText: String {
    switch result {
    case nil: "would be retried"
    case .released: "released"
    case .stays(let causes): "stays: " + causes.joined(separator: "; ")
    case .needsDecision(let why): "needs a decision: " + why
    }
  }
}

extension JSONWriter {
  mutating func write(_ row: ExceptionRetryRun.Row) {
    object { writer in
      writer.key("id")
      writer.string(String(row.exception.id ?? 0))
      writer.members(ofStop: row.exception)
      writer.key("result")
      writer.string(row.resultText)
    }
  }

  mutating func write(_ group: ExceptionGroup) {
    object { writer in
      writer.key("fingerprint")
      writer.string(group.fingerprint)
      writer.key("class")
      writer.string(group.exceptionClass)
      writer.key("entity")
      writer.string(group.entity.code)
      if let connection = group.connection {
        writer.key("connection")
        writer.string(connection.code)
      }
      writer.key("count")
      writer.number(group.count)
      writer.key("amount")
      writer.string(group.amount.text)
      writer.key("currency")
      writer.string(group.amount.currency.code)
      writer.key("since")
      writer.string(group.since.text)
      writer.key("cause")
      writer.string(group.cause)
      writer.key("fix")
      writer.string(group.fix)
    }
  }
}
