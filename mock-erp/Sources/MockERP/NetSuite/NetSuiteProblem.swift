/// How NetSuite words what went wrong.
enum NetSuiteProblem {
  /// Codes as the SOAP enumeration has them, and the words of each; `o:errorCode` is one of them only
  /// where the account is set up so.
  private static let vocabulary: [String: (code: String, text: String)] = [
    "duplicate_key": ("DUP_RCRD", "This record already exists."),
    "closed_period": ("CLOSED_TRAN_PRD", "You cannot post to a closed period."),
    "unbalanced": ("JE_AMOUNTS_MUST_BALANCE", "The amounts in a journal entry must balance."),
    "too_few_lines": ("JE_MAX_ONE_LINE", "A journal entry has at least two lines."),
    "unknown_account": ("INVALID_KEY_OR_REF", "Invalid account reference key."),
    "unknown_party": ("INVALID_KEY_OR_REF", "Invalid entity reference key."),
    "unknown_company": ("INVALID_KEY_OR_REF", "Invalid subsidiary reference key."),
    "unknown_document": ("INVALID_KEY_OR_REF", "Invalid doc reference key."),
    "party_required": ("JE_LINE_MISSING_REQD_DATA", "Please enter a value for Name."),
    "unknown_currency": ("MATCHING_CUR_SUB_REQD", "The currency is not one of the subsidiary."),
    "date_outside_period": ("DATE_PRD_MISMATCH", "The date is not within the posting period."),
    "invalid_period": ("INVALID_PERIOD", "Invalid posting period."),
  ]

  static let errorType = "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1"

  /// The books' refusal as an error of one record.
  static func trouble(_ refusal: Refusal, reportsCodes: Bool) -> Trouble {
    let words = vocabulary[refusal.code]
    let text = words.map { $0.text + " " } ?? ""
    return Trouble(
      status: 400, code: reportsCodes ? words?.code ?? "USER_ERROR" : "USER_ERROR",
      message: "Error while accessing a resource. \(text)\(refusal.message).",
      field: refusal.field.map(path))
  }

  static func word(_ trouble: Trouble, reportsCodes: Bool) -> WireResponse {
    switch (trouble.status, trouble.code) {
    case (_, "unknown_company"):
      return json(
        self.trouble(
          Refusal(code: trouble.code, message: trouble.message, field: "/subsidiary"),
          reportsCodes: reportsCodes))
    case (429, "limit_reached"):
      return json(
        Trouble(
          status: 429, code: "CONCURRENCY_LIMIT_EXCEEDED",
          message: "Concurrent request limit exceeded. Request blocked."))
    case (429, _):
      // The gateway in front turns away without a word.
      return WireResponse(status: 429)
    case (502...504, _):
      return html(trouble.status)
    case (500, _):
      return json(
        Trouble(
          status: 500, code: "UNEXPECTED_ERROR",
          message: "An unexpected error occurred. Error ID: m3r7k2q9"))
    default:
      return json(
        trouble.code == trouble.code.uppercased()
          ? trouble
          : self.trouble(
            Refusal(code: trouble.code, message: trouble.message, field: trouble.field),
            reportsCodes: reportsCodes))
    }
  }

  static func json(_ trouble: Trouble) -> WireResponse {
    let detail = JSONText.object([
      ("detail", .string(trouble.message)), ("o:errorPath", .optional(trouble.field)),
      ("o:errorCode", .string(trouble.code)),
    ])
    var response = WireResponse.json(
      .object([
        ("type", .string(errorType)), ("title", .string(title(of: trouble.status))),
        ("status", .integer(trouble.status)), ("o:errorDetails", .array([detail])),
      ]), status: trouble.status,
      contentType: "application/vnd.oracle.resource+json; type=error")
    if trouble.status == 401 { response.headers.append(("WWW-Authenticate", "Bearer")) }
    return response
  }

  /// What stands in front of the ERP while it is down.
  private static func html(_ status: Int) -> WireResponse {
    WireResponse(
      status: status, headers: [("Content-Type", "text/html; charset=utf-8")],
      body: Array(
        "<!DOCTYPE html><html><head><title>Notice</title></head><body><h1>We'll be back soon</h1></body></html>"
          .utf8))
  }

  private static func title(of status: Int) -> String {
    switch status {
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 500: "Internal Server Error"
    default: "Bad Request"
    }
  }

  /// `/lines/0/account` as `line.items[0].account`.
  private static func path(_ pointer: String) -> String {
    let parts = pointer.split(separator: "/").map(String.init)
    guard parts.first == "lines" else {
      return ["postingDate": "tranDate", "externalKey": "externalId"][parts.first ?? ""]
        ?? parts.joined(separator: ".")
    }
    guard parts.count > 1 else { return "line" }
    let names = ["party": "entity", "amount": "debit", "functionalAmount": "debit"]
    let rest = parts.dropFirst(2).map { names[$0] ?? $0 }
    return (["line.items[\(parts[1])]"] + rest).joined(separator: ".")
  }

  // MARK: Troubles of requests

  static func content(_ message: String, at path: String? = nil) -> Trouble {
    Trouble(status: 400, code: "INVALID_CONTENT", message: message, field: path)
  }

  static func request(_ message: String) -> Trouble {
    Trouble(status: 400, code: "INVALID_REQUEST", message: message)
  }

  static func user(_ message: String, at path: String? = nil) -> Trouble {
    Trouble(
      status: 400, code: "USER_ERROR", message: "Error while accessing a resource. \(message)",
      field: path)
  }

  static let login = Trouble(
    status: 401, code: "INVALID_LOGIN", message: "Invalid login attempt. Check the audit trail.")
  static let missing = Trouble(
    status: 404, code: "NONEXISTENT_ID",
    message: "The record instance does not exist. Provide a valid record instance ID.")
  static let method = Trouble(
    status: 405, code: "METHOD_NOT_ALLOWED", message: "This method is not allowed here")
}
