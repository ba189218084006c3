import AdapterKit

extension OutcomeTable.Row {
  /// What types of messages in a confirmation's log mean, and their texts where the number is not
  /// certain. A refusal that is not here is a validation.
  static let sapLog: [OutcomeTable.Row] = [
    codes(["102(F5)", "104(F5)"], .rejected(.unknownParty)),
    codes(["507(F5)", "004(FH)"], .rejected(.unknownAccount)),
    codes(["022(RW)", "808(F5)"], .rejected(.validation)),
    codes(["201(F5)"], .rejected(.periodClosed)),
    [OutcomeTable.Row(text: "posting period", .rejected(.periodClosed))],
    [OutcomeTable.Row(text: "period is closed", .rejected(.periodClosed))],
    [OutcomeTable.Row(text: "tax code", .rejected(.tax))],
    [OutcomeTable.Row(text: "no authorization", .rejected(.permission))],
  ].flatMap { $0 }

  /// What a request comes to that got no confirmation. What is not here is unknown, faults of SOAP
  /// included: nothing proves that they come before the posting.
  static let sapRequests: [OutcomeTable.Row] = [
    statuses([401, 403], .retryLater(.connection, .credentials)),
    statuses([404, 405, 407, 415], .retryLater(.connection, .configuration)),
    statuses([413], .rejected(.validation)),
    statuses([429], .retryLater(.connection, .throttled)),
  ].flatMap { $0 }
}
