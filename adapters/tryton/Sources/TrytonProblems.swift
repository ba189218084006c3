import AdapterKit

extension OutcomeTable.Row {
  /// What the classes of errors, their English texts and the statuses mean. Tryton has no codes of
  /// errors: calls ask for English, and a text that a translation changed falls back to its class.
  static let tryton: [OutcomeTable.Row] = [
    [
      OutcomeTable.Row(code: "UserError", text: "closed period", .rejected(.periodClosed)),
      OutcomeTable.Row(code: "UserError", text: "closed journal-period", .rejected(.periodClosed)),
      OutcomeTable.Row(code: "UserError", text: "field \"Party\"", .rejected(.unknownParty)),
      OutcomeTable.Row(code: "UserError", text: "field \"Account\"", .rejected(.unknownAccount)),
      OutcomeTable.Row(code: "UserError", text: "you are not allowed", .rejected(.permission)),
      OutcomeTable.Row(code: "UserError", .rejected(.validation)),
      OutcomeTable.Row(code: "UserWarning", .rejected(.validation)),
      OutcomeTable.Row(code: "ConcurrencyException", .retryLater(.entry, .unavailable)),
      OutcomeTable.Row(code: "LoginException", .retryLater(.connection, .credentials)),
      OutcomeTable.Row(code: "ProgrammingError", .rejected(.validation)),
    ],
    statuses([401, 403], .retryLater(.connection, .credentials)),
    statuses([404, 405, 415, 422], .retryLater(.connection, .configuration)),
    statuses([413], .rejected(.validation)),
    statuses([429], .retryLater(.connection, .throttled)),
  ].flatMap { $0 }
}
