import AdapterKit

extension OutcomeTable.Row {
  /// What codes, texts and statuses mean. REST wraps many a reason in `USER_ERROR`: texts come first.
  /// What is not here is unknown, `UNEXPECTED_ERROR` above all.
  static let netSuite: [OutcomeTable.Row] = [
    texts(
      ["period is closed", "closed period", "period is locked", "locked period"],
      .rejected(.periodClosed)),
    texts(["already exists"], .rejected(.duplicateWithOtherContent)),
    texts(["invalid account reference", "a value for account"], .rejected(.unknownAccount)),
    texts(
      [
        "invalid entity reference", "invalid customer reference", "a value for entity",
        "a value for customer",
      ], .rejected(.unknownParty)),
    texts(["invalid taxcode reference", "invalid tax code"], .rejected(.tax)),
    texts(["locked by a workflow"], .retryLater(.entry, .unavailable)),
    texts(["concurrent request limit"], .retryLater(.connection, .throttled)),
    codes(
      ["CLOSED_TRAN_PRD", "INVALID_PERIOD", "MISSING_ACCT_PRD"],
      .rejected(.periodClosed)),
    codes(["DUP_RCRD", "DUP_TRANS"], .rejected(.duplicateWithOtherContent)),
    codes(["INSUFFICIENT_PERMISSION"], .rejected(.permission)),
    codes(["INVALID_LOGIN"], .retryLater(.connection, .credentials)),
    codes(["RCRD_HAS_BEEN_CHANGED", "RCRD_LOCKED_BY_WF"], .retryLater(.entry, .unavailable)),
    codes(
      [
        "CONCURRENCY_LIMIT_EXCEEDED", "EXCEEDED_MAX_CONCUR_RQST", "SSS_REQUEST_LIMIT_EXCEEDED",
        "WS_REQUEST_BLOCKED",
      ], .retryLater(.connection, .throttled)),
    codes(
      [
        "JE_AMOUNTS_MUST_BALANCE", "TRANS_UNBALNCD", "JE_LINE_MISSING_REQD_DATA",
        "JE_MAX_ONE_LINE", "EXTERNALID_REQD", "SUBSIDIARY_MISMATCH", "MATCHING_CUR_SUB_REQD",
        "DATE_PRD_MISMATCH", "NONEXISTENT_ID", "NONEXISTENT_EXTERNAL_ID", "USER_ERROR",
        "INVALID_CONTENT", "INVALID_REQUEST",
      ], .rejected(.validation)),
    statuses([401, 403], .retryLater(.connection, .credentials)),
    statuses([404, 405, 407, 415], .retryLater(.connection, .configuration)),
    statuses([413], .rejected(.validation)),
    statuses([429], .retryLater(.connection, .throttled)),
  ].flatMap { $0 }

  /// What is refused under 400 in these words; under other statuses they prove nothing.
  private static func texts(
    _ texts: [String], _ verdict: OutcomeTable.Verdict
  ) -> [OutcomeTable.Row] {
    texts.map { OutcomeTable.Row(status: 400, text: $0, verdict) }
  }
}
