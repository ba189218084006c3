/// Which requests `/_admin/requests` shows: every parameter that is given has to fit.
struct RequestFilter: Sendable {
  private let key: String?
  private let company: String?
  private let dialect: String?
  private let operation: String?
  private let fault: String?
  private let method: String?
  /// The start of the path.
  private let path: String?
  private let status: Int?

  init(_ request: WireRequest) {
    key = request.parameter("key")
    company = request.parameter("company")
    dialect = request.parameter("dialect")
    operation = request.parameter("operation")
    fault = request.parameter("fault")
    method = request.parameter("method")
    path = request.parameter("path")
    status = request.parameter("status").flatMap { Int($0) }
  }

  func fits(_ record: RequestJournal.Record) -> Bool {
    fits(company, record.company) && fits(dialect, record.dialect)
      && fits(operation, record.operation) && fits(fault, record.fault)
      && fits(method, record.method) && (key.map { record.keys.contains($0) } ?? true)
      && (path.map { record.path.hasPrefix($0) } ?? true)
      && (status.map { record.status == $0 } ?? true)
  }

  private func fits(_ wanted: String?, _ given: String?) -> Bool {
    wanted == nil || wanted == given
  }
}

extension RequestJournal.Record {
  /// `status` is absent when there was no answer.
  var json: JSONText {
    .object([
      ("number", .integer(number)), ("time", .string(Timestamp.text(receivedAt))),
      ("method", .string(method)), ("path", .string(path)), ("status", .optional(status)),
      ("key", .optional(keys.first)), ("keys", .array(keys.map { .string($0) })),
      ("keyCount", .integer(keyCount)), ("dialect", .optional(dialect)),
      ("operation", .optional(operation)), ("company", .optional(company)),
      ("fault", .optional(fault)), ("finished", .boolean(isFinished)),
    ])
  }
}
